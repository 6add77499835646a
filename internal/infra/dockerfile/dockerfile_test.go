package dockerfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/infra/infratest"
)

func TestCases(t *testing.T) { infratest.Run(t, Reader{}) }

func TestHostile(t *testing.T) {
	files := infratest.Hostile()
	var doubling, steps strings.Builder
	doubling.WriteString("ENV A0=xxxxxxxxxx\n")
	for i := range 2_000 {
		fmt.Fprintf(&doubling, "ENV A%d=$A%d$A%d$A%d\n", i+1, i, i, i)
		fmt.Fprintf(&steps, "ENV V%d=1\n", i)
	}
	files["doubling"] = []byte(doubling.String())
	files["steps"] = []byte(steps.String() + strings.Repeat("ENV V1=2\nRUN x\n", 12_000))
	files["stages"] = []byte(strings.Repeat("FROM alpine\n", 10_000))
	files["nested"] = []byte("ENV A=" + strings.Repeat("${A:-", 10_000) + strings.Repeat("}", 10_000))
	files["expose"] = []byte(strings.Repeat("EXPOSE 1-100\n", 15_000))
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			infratest.Survive(t, Reader{}, "Dockerfile", data)
			infratest.Survive(t, Reader{}, "Dockerfile", append([]byte("FROM alpine AS a\n"), data...))
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
	f.Fuzz(func(t *testing.T, data []byte) { infratest.Survive(t, Reader{}, "Dockerfile", data) })
}
