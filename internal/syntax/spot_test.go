package syntax

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rehearse/internal/source"
)

// TestSpotter holds the spotter to what is plain: a spot is in the data where
// an expression that says the same fits.
func TestSpotter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spots := rapid.SliceOfDistinct(rapid.Custom(func(t *rapid.T) spot {
			p := spot{text: rapid.StringMatching(`[aAbc.]{1,5}`).Draw(t, "text"), fold: rapid.Bool().Draw(t, "fold")}
			if p.begin, p.end = rapid.Bool().Draw(t, "begin"), rapid.Bool().Draw(t, "end"); p.fold {
				p.text = strings.ToLower(p.text)
			}
			return p
		}), rapid.ID).Draw(t, "spots")
		data := rapid.StringMatching(`[abcABCd._]{0,30}[éſ]?`).Draw(t, "data")
		var s spotter
		for _, p := range spots {
			s.add(p)
		}
		s.build()
		there, plain := s.in([]byte(data)), plain([]byte(data))
		for i, p := range spots {
			if want := plainly(p).MatchString(data); there[i] != want {
				t.Fatalf("%+v in %q: %v", p, data, there[i])
			}
		}
		if plain == strings.Contains(data, "ſ") {
			t.Fatalf("%q is plain: %v", data, plain)
		}
	})
}

func plainly(p spot) *regexp.Regexp {
	text := regexp.QuoteMeta(p.text)
	if p.fold {
		text = "(?i:" + text + ")"
	}
	if p.begin && p.text[0] != '.' {
		text = `\b` + text
	}
	if p.end && p.text[len(p.text)-1] != '.' {
		text += `\b`
	}
	return regexp.MustCompile(text)
}

func TestSpotAfterEscape(t *testing.T) {
	var s spotter
	s.add(spot{text: "one", begin: true, end: true})
	s.build()
	for data, want := range map[string]bool{`"\none"`: true, `none`: false} {
		if there := s.in([]byte(data)); there[0] != want {
			t.Errorf("%s: %v", data, there[0])
		}
	}
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
		"two()":            "not optional choice",
		"one()":            "eq not optional choice",
		"KILOs()":          "match not optional choice",
		"\u212ailos()":     "match not optional choice",
		"import b\ntwo()":  "not optional choice where",
		"never()":          "not optional choice",
		"'é' # and others": "not optional choice",
		"onerous(\"One\")": "not optional choice",
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
