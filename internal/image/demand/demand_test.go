package demand_test

import (
	"context"
	"strings"
	"testing"

	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/image/demand"
	"rehearse/internal/infra/dockerfile"
	"rehearse/internal/source"
)

const file = `FROM node:20-alpine
WORKDIR /app
COPY package.json start.sh ./
COPY dist ./dist
CMD ["./start.sh"]
`

// files are what the build context has.
var files = map[string]string{
	"package.json": `{"scripts": {"start": "node dist/main", "seed": "tsx seed.ts"}}`,
	"start.sh":     "#!/bin/bash\nset -e\nnpm run seed\nexec npm start\n",
	"dist/main.js": "",
}

func model(t testing.TB) *image.Image {
	t.Helper()
	def, err := dockerfile.Reader{}.Read(context.Background(), source.File{Path: "Dockerfile", Data: []byte(file)})
	if err != nil {
		t.Fatal(err)
	}
	var l image.Listing
	for name := range files {
		l.Files = append(l.Files, image.ContextFile{Path: name})
	}
	l.Read = func(p string) ([]byte, error) { return []byte(files[p]), nil }
	img, err := image.Model(def.Images[0], "", nil, image.NewContext(l))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestOf(t *testing.T) {
	img := model(t)
	for _, c := range []struct {
		argv []string
		want string // what is asked for, and what the image says of it
	}{
		{[]string{"node", "dist/main"}, "node present, dist/main present"},
		{[]string{"node", "-r", "./tracing", "--env-file=.env", "dist/other.js"}, "node present, .env absent, dist/other.js absent"},
		{[]string{"curl", "-f", "http://localhost"}, "curl absent"},
		{[]string{"sh", "-c", "cd src && cat < data.txt"}, "sh present, src absent, data.txt absent, cat present"},
		{[]string{"sh", "-c", "exec node $ENTRY"}, "sh present, node present"},
		{[]string{"python3", "-m", "shop"}, "python3 absent"},
		{[]string{"npm", "run", "seed"}, "npm present, tsx absent, seed.ts absent"},
		{[]string{"./start.sh"}, "./start.sh present, /bin/bash absent, npm present, tsx absent, seed.ts absent, npm present, node present, dist/main present"},
		{[]string{"pip", "install", "-r", "requirements.txt"}, "pip absent, requirements.txt absent"},
	} {
		var got []string
		for _, call := range img.Starts(c.argv, "", nil, source.Span{}) {
			for _, d := range demand.Of(call) {
				got = append(got, d.Name+" "+d.Answer().State.String())
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%q: got %s, want %s", c.argv, strings.Join(got, ", "), c.want)
		}
	}
}

// FuzzOf reads code for a shell as a start command: whatever it is, reading it
// ends, and nothing that is present is said to be absent.
func FuzzOf(f *testing.F) {
	for _, code := range []string{"cd src && node x", "if true; then . ./lib; fi", "until pg_isready; do sleep 1; done", "PATH=/x:$PATH exec foo", "eval $(x)", "npm run seed -w a", "yarn workspace a run b"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		img := model(t)
		env := []fact.Supply{{Kind: fact.Variable, Name: "A", Value: fact.Text("b")}}
		for _, call := range img.Starts([]string{"/bin/sh", "-c", code}, "", env, source.Span{}) {
			for _, d := range demand.Of(call) {
				if a := d.Answer(); a.State == image.Absent && d.Program == "node" && !strings.Contains(code, "rm") && !strings.Contains(code, "mv") {
					t.Errorf("node is absent: %s", a.Why)
				}
			}
		}
	})
}
