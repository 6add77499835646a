package spring

import (
	"context"
	"strings"
	"testing"

	"rehearse/internal/fact"
	"rehearse/internal/lang/langtest"
	"rehearse/internal/source"
)

// plain lets a reader that follows no accessors run the cases of those that do.
type plain struct{ Reader }

func (plain) Accessors(context.Context, source.File) ([]fact.Accessor, error) { return nil, nil }

func (p plain) ReadWith(ctx context.Context, file source.File, _ []fact.Accessor) ([]fact.Need, error) {
	return p.Read(ctx, file)
}

func TestCases(t *testing.T) { langtest.Run(t, plain{}) }

func TestNames(t *testing.T) {
	for file, want := range map[string]bool{
		"src/main/resources/application.yml":                         true,
		"api/src/main/resources/application-prod.properties":         true,
		"src/main/resources/config/bootstrap.yaml":                   true,
		"src/main/resources/META-INF/microprofile-config.properties": true,
		"config/application.yml":                                     false,
		"k8s/application.yaml":                                       false,
		"src/main/resources/messages.properties":                     false,
	} {
		if got := (Reader{}).Names(file); got != want {
			t.Errorf("%s: %v", file, got)
		}
	}
}

func TestHard(t *testing.T) {
	for name, data := range map[string]string{
		"deep":       strings.Repeat("a:\n ", 500) + "b",
		"wide":       strings.Repeat("a.b=${X:${Y:z}}\n", 20_000),
		"long":       "a=" + strings.Repeat("${a:", 50_000),
		"backslash":  strings.Repeat("\\\n", 50_000),
		"binary":     "a=\xff\xfe\x00${B}\n\x00=",
		"continuing": "a=b\\",
	} {
		for _, file := range []string{"resources/application.yml", "resources/application.properties"} {
			needs, err := (Reader{}).Read(t.Context(), source.File{Path: file, Data: []byte(data)})
			if name == "wide" && file != "resources/application.yml" && len(needs) == 0 {
				t.Errorf("%s: nothing was found: %v", file, err)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(true, []byte("spring:\n  datasource:\n    url: ${DB:jdbc:postgresql://localhost/x}\n---\nspring.profiles: prod\nlist: [a, b]\n"))
	f.Add(false, []byte("server.port=${PORT:8080}\n#---\na\\ b : c\\\n  d\n%prod.x=y\n"))
	f.Fuzz(func(t *testing.T, properties bool, data []byte) {
		file := source.File{Path: "resources/application.yml", Data: data}
		if properties {
			file.Path = "resources/application.properties"
		}
		needs, err := (Reader{}).Read(t.Context(), file)
		if err != nil {
			return
		}
		for _, n := range needs {
			if n.At.File != file.Path || n.At.Line < 1 || n.Text == "" || strings.ContainsAny(n.Text, "\n\r") || len(n.Text) > 400 {
				t.Fatalf("%+v", n)
			}
			if n.Port < 0 || n.Port > 65535 || n.Kind == fact.Variable && n.Name == "" {
				t.Fatalf("%+v", n)
			}
		}
	})
}
