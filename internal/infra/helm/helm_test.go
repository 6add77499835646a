package helm

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/infra/infratest"
)

func TestCases(t *testing.T) { infratest.Composed(t, Composer{}) }

func TestHostile(t *testing.T) {
	for name, data := range infratest.Hostile() {
		t.Run(name, func(t *testing.T) {
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{"c/Chart.yaml": data})
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{
				"c/Chart.yaml": []byte("name: c\n"), "c/values.yaml": data, "c/templates/a.yaml": []byte("a: {{ .Values.a }}\n"),
			})
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{"c/Chart.yaml": []byte("name: c\n"), "c/templates/a.yaml": data})
		})
	}
}

func FuzzCompose(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		f.Fatal("no seeds")
	}
	for _, name := range cases {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		tree := infratest.TreeOf(txtar.Parse(data))
		for _, name := range tree.Under(".") {
			if filepath.Base(filepath.Dir(name)) == "templates" {
				f.Add(tree[name], tree["values.yaml"])
			}
		}
	}
	f.Fuzz(func(t *testing.T, template, values []byte) {
		infratest.SurviveComposed(t, Composer{}, infratest.Tree{
			"c/Chart.yaml": []byte("name: c\n"), "c/values.yaml": values, "c/templates/a.yaml": template, "c/values-prod.yaml": []byte("a: 1\n"),
		})
	})
}
