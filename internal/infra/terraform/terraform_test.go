package terraform

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/infra/infratest"
)

func TestCases(t *testing.T) { infratest.Composed(t, Composer{}) }

func TestHostile(t *testing.T) {
	for name, data := range infratest.Hostile() {
		t.Run(name, func(t *testing.T) {
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{"main.tf": data, "a.tfvars": data})
			infratest.SurviveComposed(t, Composer{}, infratest.Tree{"main.tf": append([]byte("locals {\na = "), data...)})
		})
	}
}

// Each of many names is looked up among as many.
func TestMany(t *testing.T) {
	var b strings.Builder
	for i := range 8_000 {
		fmt.Fprintf(&b, "variable \"v%d\" {}\nlocals {\n  l%d = [var.v%d, module.m.o, module.m.p%d]\n}\n", i, i, i, i)
	}
	b.WriteString("module \"m\" {\n  source = \"./m\"\n}\n")
	infratest.SurviveComposed(t, Composer{}, infratest.Tree{"main.tf": []byte(b.String()), "m/main.tf": []byte("output \"o\" {\n  value = 1\n}\n")})
}

// What is made of itself, or of ever more of itself, ends.
func TestCycles(t *testing.T) {
	for name, text := range map[string]string{
		"local":  "locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_lambda_function\" \"f\" {\n  function_name = local.a\n}\n",
		"module": "module \"m\" {\n  source = \"./\"\n  x = module.m.x\n}\n",
		"bomb":   "locals {\n  a = [1,2,3,4,5,6,7,8,9]\n  b = [for x in local.a : local.a]\n  c = [for x in local.b : local.b]\n  d = [for x in local.c : local.c]\n  e = flatten([for x in flatten(local.d) : local.d])\n}\nresource \"aws_lambda_function\" \"f\" {\n  function_name = join(\",\", flatten(local.e))\n  for_each = toset(flatten(flatten(local.e)))\n}\n",
		"text":   "locals {\n  a = \"xxxxxxxxxx\"\n  b = \"${local.a}${local.a}${local.a}${local.a}\"\n  c = \"${local.b}${local.b}${local.b}${local.b}\"\n  d = \"${local.c}${local.c}${local.c}${local.c}\"\n  e = \"${local.d}${local.d}${local.d}${local.d}\"\n  f = \"${local.e}${local.e}${local.e}${local.e}\"\n  g = \"${local.f}${local.f}${local.f}${local.f}\"\n  h = \"${local.g}${local.g}${local.g}${local.g}\"\n  i = \"${local.h}${local.h}${local.h}${local.h}\"\n  j = \"${local.i}${local.i}${local.i}${local.i}\"\n  k = \"${local.j}${local.j}${local.j}${local.j}\"\n  l = \"${local.k}${local.k}${local.k}${local.k}\"\n  m = \"${local.l}${local.l}${local.l}${local.l}\"\n  n = \"${local.m}${local.m}${local.m}${local.m}\"\n}\nresource \"aws_lambda_function\" \"f\" {\n  function_name = local.n\n}\n",
	} {
		t.Run(name, func(t *testing.T) { infratest.SurviveComposed(t, Composer{}, infratest.Tree{"main.tf": []byte(text)}) })
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
		tree := infratest.TreeOf(txtar.Parse(data))
		if len(tree) < 32 {
			infratest.SurviveComposed(t, Composer{}, tree)
		}
	})
}
