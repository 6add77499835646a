package syntax

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rehearse/internal/source"
)

// TestSpotter holds the spotter to what is plain: a text is there where the
// data, in small letters, has it.
func TestSpotter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfDistinct(rapid.StringMatching(`[abc]{1,5}`), rapid.ID).Draw(t, "texts")
		data := rapid.StringMatching(`[abcABCd]{0,30}é?`).Draw(t, "data")
		s := spotter{texts: map[string]uint16{}}
		for _, text := range texts {
			s.add(text)
		}
		s.build()
		there, ascii := s.in([]byte(data))
		for i, text := range texts {
			if want := strings.Contains(strings.ToLower(data), text); there[i] != want {
				t.Fatalf("%q in %q: %v", text, data, there[i])
			}
		}
		if ascii == strings.Contains(data, "é") {
			t.Fatalf("%q is ASCII: %v", data, ascii)
		}
	})
}

func TestSelect(t *testing.T) {
	q := NewQuery(`
((call function: (identifier) @f) (#eq? @f "one") (#set! need "eq"))
((call function: (identifier) @f) (#match? @f "(?i)^(kilo|mega)s?$") (#set! need "match"))
((call function: (identifier) @f) (#not-eq? @f "one") (#set! need "not"))
((call arguments: (argument_list (string)? @s)) (#eq? @s "'never'") (#set! need "optional"))
((call function: [(identifier) @f (attribute) @a]) (#eq? @f "never") (#set! need "choice"))
((call) @f (#set! need "where") (#set! where "import a|import b"))
`)
	for text, want := range map[string]string{
		"two()":              "not optional choice",
		"one()":              "eq not optional choice",
		"KILOs()":            "match not optional choice",
		"\u212ailos()":       "match not optional choice",
		"import b\ntwo()":    "not optional choice where",
		"never()":            "not optional choice",
		"'é' # stands for é": "match not optional choice",
	} {
		s, err := q.Select(Python, []byte(text), func(map[string]string) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		var needs []string
		s.Has(func(set map[string]string) bool { needs = append(needs, set["need"]); return false })
		if got := strings.Join(needs, " "); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	s, err := q.Select(Python, []byte("one()"), func(set map[string]string) bool { return set["need"] == "eq" })
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Parse(context.Background(), Python, source.File{Path: "a.py", Data: []byte("one()")})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	s.Matches(tree, func(m *Match) { found = append(found, m.Set["need"]) })
	if !slices.Equal(found, []string{"eq"}) {
		t.Errorf("found %v", found)
	}
}
