package compose

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	ref "github.com/compose-spec/compose-go/v2/template"
	"golang.org/x/tools/txtar"

	"rehearse/internal/infra/infratest"
)

func TestCases(t *testing.T) { infratest.Run(t, Reader{}) }

func TestHostile(t *testing.T) {
	files := infratest.Hostile()
	files["extends forward"], files["extends back"] = []byte(chain(20_000, 1)), []byte(chain(20_000, -1))
	files["ranges"] = []byte("services:\n  a:\n    ports:\n" + strings.Repeat("      - 1-256\n", 100_000))
	files["defaults"] = []byte("services:\n  a:\n    environment:\n      A: " + strings.Repeat("${A:-", 100_000) + strings.Repeat("}", 100_000))
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			infratest.Survive(t, Reader{}, "compose.yaml", data)
			infratest.Survive(t, Reader{}, "compose.yaml", append([]byte("services:\n  api:\n    image: x\n"), data...))
		})
	}
}

// chain returns services of which each extends its neighbour.
func chain(services, step int) string {
	var b strings.Builder
	b.WriteString("services:\n")
	for i := range services {
		fmt.Fprintf(&b, "  s%d: {environment: {V%d: x}, extends: s%d}\n", i, i, i+step)
	}
	return b.String()
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
	f.Fuzz(func(t *testing.T, data []byte) { infratest.Survive(t, Reader{}, "compose.yaml", data) })
}

// Where compose's own substitution takes a text, this one comes to the same.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"a$$b", "${A}-$B", "${A:-x${B-y}}", "${A:?no}", "${A:+z}", "$", "${", "${}", "${A b}", "{$A}}", "${A-}${B:-}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\n\r") || strings.Count(text, "$") > 4 {
			return // its pattern ends at a line, and it is slow where variables nest
		}
		if strings.ContainsAny(text, "\u017f\u212a") {
			return // it folds letters, and takes these two for an s and a k
		}
		if bare := strings.ReplaceAll(text, "$$", ""); strings.Count(bare, "{") > strings.Count(bare, "${") {
			return // it passes over what stands right behind a brace, so that others do not pair
		}
		want, err := ref.SubstituteWithOptions(text, func(string) (string, bool) { return "", false }, ref.WithoutLogging)
		if err != nil {
			return
		}
		got, ok := parse(text, 0)
		if !ok {
			return
		}
		if s := blank(got); s != want {
			t.Fatalf("%q: got %q, want %q", text, s, want)
		}
	})
}

// blank is unset with nothing in the place of a variable without a default.
func blank(t template) string {
	var b strings.Builder
	for _, p := range t {
		switch {
		case p.name == "":
			b.WriteString(p.text)
		case strings.HasSuffix(p.operator, "-"):
			b.WriteString(blank(p.argument))
		}
	}
	return b.String()
}
