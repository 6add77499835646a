package kustomize

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
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{"k/kustomization.yaml": data})
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{
				"k/kustomization.yaml": []byte("resources: [a.yaml]\npatches: [{path: b.yaml}]\nnamePrefix: x-\n"), "k/a.yaml": data, "k/b.yaml": data,
			})
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
		for _, root := range tree.Under(".") {
			if (Composer{}).Begins(root) {
				for _, name := range tree.Under(filepath.Dir(root)) {
					f.Add(tree[root], tree[name])
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, root, other []byte) {
		infratest.SurviveComposed(t, Composer{}, infratest.Tree{
			"o/kustomization.yaml": root, "base/kustomization.yaml": []byte("resources: [api.yaml]\nnamePrefix: x-\n"), "base/api.yaml": other,
			"o/api.yaml": other, "o/patch.yaml": other, "o/.env": other,
		})
	})
}
