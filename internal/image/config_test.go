package image_test

import (
	"os"
	"strings"
	"testing"

	"rehearse/internal/image"
	"rehearse/internal/source"
)

// TestSupervisors reads a supervisor whose programs are supervisors of the same.
func TestSupervisors(t *testing.T) {
	conf := strings.Repeat("[program:a]\ncommand=supervisord -c /app/supervisord.conf\n", 100)
	m, err := image.Model(parse(t, []byte("FROM python:3.12\nCOPY supervisord.conf /app/\n")), "", nil, image.NewContext(image.Listing{
		Files: []image.ContextFile{{Path: "supervisord.conf"}}, Read: func(string) ([]byte, error) { return []byte(conf), nil }, Unlisted: func(string) string { return "" },
	}))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(m.Starts([]string{"supervisord", "-c", "/app/supervisord.conf"}, "", nil, source.Span{File: "Dockerfile", Line: 1})); n < 100 {
		t.Errorf("%d calls", n)
	}
}

// FuzzConfigurations reads what programs are told in files: it neither fails nor
// goes on without end.
func FuzzConfigurations(f *testing.F) {
	f.Add("[program:a]\ncommand=sh -c \"b && c\"\ndirectory=/x\n[program:b]\nautostart=false\n", `{"extends": ["./tsconfig.json", "./tsconfig.json"], "compilerOptions": {"outDir": "lib"}}`, `{"scripts": {"build": "tsc -p ."}, "prisma": {"seed": "prisma db seed"}}`)
	f.Add("[program:%(ENV_A)s]\ncommand=%(ENV_A)s ; note\n;command=x\n", `{"compilerOptions": {"noEmit": true, "outDir": "../../.."}}`, `{"prisma": {}}`)
	dockerfile := parse(f, []byte(`FROM node:22-alpine
WORKDIR /app
COPY package.json tsconfig.json supervisord.conf ./
RUN npm run build && npx prisma db seed && npx tsc -p . --outDir=dist
`))
	f.Fuzz(func(t *testing.T, supervisor, tsconfig, manifest string) {
		contents := map[string]string{"supervisord.conf": supervisor, "tsconfig.json": tsconfig, "package.json": manifest}
		l := image.Listing{Read: func(p string) ([]byte, error) {
			if text, ok := contents[p]; ok {
				return []byte(text), nil
			}
			return nil, os.ErrNotExist
		}, Unlisted: func(string) string { return "" }}
		for name := range contents {
			l.Files = append(l.Files, image.ContextFile{Path: name})
		}
		m, err := image.Model(dockerfile, "", nil, image.NewContext(l))
		if err != nil {
			t.Fatal(err)
		}
		if a := m.Path("/srv/of/nobody"); a.State == image.Present && !strings.Contains(supervisor+tsconfig+manifest, "nobody") {
			t.Errorf("nothing speaks of it, and it is there: %s", a.Why)
		}
		for _, c := range m.Starts([]string{"supervisord", "-c", "/app/supervisord.conf"}, "", nil, source.Span{File: "Dockerfile", Line: 1}) {
			if len(c.Args) == 0 {
				t.Error("a call of nothing")
			}
		}
	})
}
