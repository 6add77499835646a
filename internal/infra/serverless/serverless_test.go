package serverless

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/infra/infratest"
)

func TestCases(t *testing.T) { infratest.Composed(t, Composer{}) }

func TestHostile(t *testing.T) {
	bomb := "provider:\n  name: aws\n  environment: ${self:custom.a9}\nfunctions: {f: {handler: h.f}}\ncustom:\n  a0: xxxxxxxxxx\n"
	for i := 1; i < 10; i++ {
		prev := "${self:custom.a" + string(rune('0'+i-1)) + "}"
		bomb += "  a" + string(rune('0'+i)) + ": " + prev + prev + prev + prev + prev + prev + prev + prev + prev + "\n"
	}
	cases := infratest.Hostile()
	cases["values"] = []byte(bomb)
	for name, data := range cases {
		t.Run(name, func(t *testing.T) {
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{"serverless.yml": data})
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{
				"serverless.yml": []byte("provider: {name: aws, environment: \"${file(x.yml)}\"}\nfunctions: {f: {handler: h.f}}\n"), "x.yml": data,
			})
		})
	}
}

func FuzzCompose(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		f.Fatal("no seeds")
	}
	for _, path := range cases {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if tree := infratest.TreeOf(txtar.Parse(data)); len(tree) < 32 {
			infratest.SurviveComposed(t, Composer{}, tree)
		}
	})
}
