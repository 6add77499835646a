package cloudfoundry

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/infra/infratest"
)

func TestCases(t *testing.T) { infratest.Run(t, Reader{}) }

func TestHostile(t *testing.T) {
	for name, data := range infratest.Hostile() {
		t.Run(name, func(t *testing.T) {
			infratest.Survive(t, Reader{}, "manifest.yml", data)
			infratest.Survive(t, Reader{}, "manifest.yml", append([]byte("applications:\n- name: x\n  env: "), data...))
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
	f.Fuzz(func(t *testing.T, data []byte) { infratest.Survive(t, Reader{}, "manifest.yml", data) })
}
