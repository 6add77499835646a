package actions

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/infra/infratest"
)

const workflow = ".github/workflows/f.yml"

func TestCases(t *testing.T) { infratest.Run(t, Reader{}) }

func TestHostile(t *testing.T) {
	files := infratest.Hostile()
	var env, jobs, matrix strings.Builder
	for i := range 3_000 {
		fmt.Fprintf(&env, "  V%d: ${{ secrets.A }}\n", i)
		fmt.Fprintf(&jobs, "  j%d: {}\n", i)
		fmt.Fprintf(&matrix, "k%d: [1, 2], ", i)
	}
	files["inherited"] = []byte("env:\n" + env.String() + "jobs:\n" + jobs.String())
	files["matrix"] = []byte("jobs:\n  a:\n    strategy: {matrix: {" + matrix.String() + "}}\n    steps:\n" +
		strings.Repeat("      - run: docker build ${{ matrix.k1 }}\n", 5_000))
	files["expression"] = []byte("env:\n  A: ${{ " + strings.Repeat("(", 200_000) + " }}\njobs: {a: {}}\n")
	files["expressions"] = []byte("env:\n  A: " + strings.Repeat("${{ a }}", 200_000) + "\njobs: {a: {}}\n")
	files["taken"] = []byte("jobs:\n  a:\n    runs-on: windows-latest\n    env: {ABC: x}\n    steps:\n" + strings.Repeat("      - run: |\n"+strings.Repeat("          $ABC\n", 10_000), 30))
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			infratest.Survive(t, Reader{}, workflow, data)
			infratest.Survive(t, Reader{}, workflow, append([]byte("jobs: {a: {steps: [{run: x}]}}\n"), data...))
		})
	}
}

func FuzzRead(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		f.Fatal("no seeds")
	}
	for _, path := range cases {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range txtar.Parse(data).Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) { infratest.Survive(t, Reader{}, workflow, data) })
}
