package gcloud

import (
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
	files["pairs"] = []byte(strings.Repeat("# a line\n", 80_000) + "gcloud run deploy a --image b --set-env-vars " + strings.Repeat("A\\\nB=c,", 40_000) + "D=e")
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			infratest.Survive(t, Reader{}, "cloudbuild.yaml", append([]byte("# gcloud\n"), data...))
			infratest.Survive(t, Reader{}, "deploy.sh", append([]byte("gcloud run deploy "), data...))
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
	f.Fuzz(func(t *testing.T, data []byte) {
		infratest.Survive(t, Reader{}, "cloudbuild.yaml", data)
		infratest.Survive(t, Reader{}, "deploy.sh", data)
	})
}
