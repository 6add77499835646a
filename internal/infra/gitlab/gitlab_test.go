package gitlab

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/infra/infratest"
)

func TestCases(t *testing.T) { infratest.Composed(t, Composer{}) }

func TestHostile(t *testing.T) {
	cases := infratest.Hostile()
	cases["extends"] = []byte("a: {extends: b}\nb: {extends: [a, a, b]}\n")
	cases["includes"] = []byte("include: .gitlab-ci.yml\n")
	for name, data := range cases {
		t.Run(name, func(t *testing.T) {
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{".gitlab-ci.yml": data})
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{".gitlab-ci.yml": []byte("include: x.yml\na: {script: [x]}\n"), "x.yml": data})
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
