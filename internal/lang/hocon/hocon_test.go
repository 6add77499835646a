package hocon

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

func TestHard(t *testing.T) {
	for name, data := range map[string]string{
		"deep":   strings.Repeat("a {\n", 10_000),
		"wide":   strings.Repeat("a = ${?X}\n", 50_000),
		"long":   "a = " + strings.Repeat("${X}", 100_000),
		"binary": "a = \xff${X}\x00\n}}}}",
	} {
		if _, err := (Reader{}).Read(t.Context(), source.File{Path: "conf/application.conf", Data: []byte(data)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("ktor {\n  deployment {\n    port = 8080 # x\n    port = ${?PORT}\n  }\n}\ndb.url = \"jdbc:postgresql://localhost/x\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		needs, err := (Reader{}).Read(t.Context(), source.File{Path: "conf/application.conf", Data: data})
		if err != nil {
			return
		}
		for _, n := range needs {
			if n.At.Line < 1 || n.At.Column < 1 || n.Text == "" || n.Port < 0 || n.Port > 65535 || n.Kind == fact.Variable && n.Name == "" {
				t.Fatalf("%+v", n)
			}
		}
	})
}
