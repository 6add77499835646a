package dotenv

import (
	"context"
	"slices"
	"testing"

	"github.com/joho/godotenv"

	"rehearse/internal/infra/infratest"
	"rehearse/internal/source"
)

func TestCases(t *testing.T) { infratest.Run(t, Reader{}) }

func TestHostile(t *testing.T) {
	for name, data := range infratest.Hostile() {
		t.Run(name, func(t *testing.T) { infratest.Survive(t, Reader{}, ".env", data) })
	}
}

func TestByteOrderMark(t *testing.T) {
	def, err := Reader{}.Read(context.Background(), source.File{Path: ".env", Data: []byte("\xef\xbb\xbfA=1\nB=2")})
	if err != nil {
		t.Fatal(err)
	}
	set := def.Sets[0].Supplies
	if len(set) != 2 || set[0].Name != "A" || set[0].At.Column != 4 || set[1].At.Line != 2 || set[1].At.Column != 1 {
		t.Errorf("got %+v", set)
	}
}

// Where godotenv takes the whole file, the names found here are its names.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"A=1\nB = \"x\ny\" # c\nexport C='d'\n", "A: b\r\n", "A=\"x\" B=y", "A=\n\n=\n", "A=\"\\\"\n\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		infratest.Survive(t, Reader{}, ".env", []byte(text))
		want, err := godotenv.Unmarshal(text)
		if err != nil {
			return
		}
		def, err := Reader{}.Read(context.Background(), source.File{Path: ".env", Data: []byte(text)})
		if err != nil || len(def.Unread) > 0 {
			return
		}
		var names []string
		for _, s := range def.Sets[0].Supplies {
			names = append(names, s.Name)
			if got, ok := want[s.Name]; !ok || got != s.Value.Reveal() && !slices.Contains(names[:len(names)-1], s.Name) {
				t.Fatalf("%q: %s is not as godotenv has it", text, s.Name)
			}
		}
		for name := range want {
			if !slices.Contains(names, name) {
				t.Fatalf("%q: %s is missing", text, name)
			}
		}
	})
}
