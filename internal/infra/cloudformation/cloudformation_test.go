package cloudformation

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
	var many strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&many, "  R%d: {P: !Ref R%d}\n", i, 29_999-i)
	}
	files["references"] = []byte("AWSTemplateFormatVersion: x # AWS::\nResources:\n" + many.String())
	files["filled"] = []byte("AWSTemplateFormatVersion: x # AWS::\nResources:\n  A:\n    P: !Sub |\n" + strings.Repeat("      ${A}\n", 150_000))
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			infratest.Survive(t, Reader{}, "template.yaml", data)
			infratest.Survive(t, Reader{}, "template.yaml", append([]byte("AWSTemplateFormatVersion: x\nResources:\n  A:\n    Type: AWS::Lambda::Function\n    Properties: "), data...))
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
	f.Fuzz(func(t *testing.T, data []byte) { infratest.Survive(t, Reader{}, "template.yaml", data) })
}
