package cli

import "testing"

// What explain shows is there for every check, whatever is added to the list.
func TestEveryCheckIsExplained(t *testing.T) {
	for _, c := range Checks() {
		doc := c.Doc()
		for what, text := range map[string]string{"name": doc.Name, "category": string(doc.Category), "summary": doc.Summary, "why": doc.Why, "fix": doc.Fix} {
			if text == "" {
				t.Errorf("%s: no %s", doc.Name, what)
			}
		}
		for _, fails := range []bool{true, false} {
			if a, err := doc.Example(fails); err != nil || len(a.Files) == 0 {
				t.Errorf("%s: no example (fails: %v): %v", doc.Name, fails, err)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{
		"missing-evn": " (is missing-env meant?)", "loopback_url": " (is loopback-url meant?)", "env": "", "": "", "xxxxxxxxxxxxxxxxx": "",
	} {
		if got := nearest(name); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
