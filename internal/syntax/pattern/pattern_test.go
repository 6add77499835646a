package pattern

import (
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"rehearse/internal/syntax/flow"
)

func TestPlaced(t *testing.T) {
	for _, c := range []struct {
		text string
		want place
		ok   bool
	}{
		{"data/x.json", place{name: "data/x.json"}, true},
		{"./data//x", place{name: "data/x"}, true},
		{beside + "/../data", place{name: "../data", beside: true}, true},
		{beside, place{name: ".", beside: true}, true},
		{temporary + "/x", place{name: "/tmp/x", temporary: true}, true},
		{"uploads/" + flow.Gap + ".png", place{name: "uploads/"}, true},
		{"templates/*.html", place{name: "templates/"}, true},
		{flow.Gap, place{}, false},
		{flow.Gap + "/x", place{}, false},
		{"/" + flow.Gap, place{}, false},
		{"https://example.com/x", place{}, false},
		{"~/x", place{}, false},
		{"", place{}, false},
		{"a\nb", place{}, false},
	} {
		got, ok := placed(c.text, "")
		if ok != c.ok || ok && got != c.want {
			t.Errorf("placed(%q) = %+v, %v", c.text, got, ok)
		}
	}
}

func TestParent(t *testing.T) {
	for text, want := range map[string]string{
		beside + "/a.js":     beside,
		beside:               beside + "/..",
		beside + "/..":       beside + "/../..",
		"/a":                 "/",
		"a":                  ".",
		"a/b/":               "a",
		"a/" + flow.Gap:      "a/" + flow.Gap + "/..",
		flow.Gap:             flow.Gap + "/..",
		".":                  "./..",
		temporary + "/a/b.x": temporary + "/a",
	} {
		if got := parent(text); got != want {
			t.Errorf("parent(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestInURL(t *testing.T) {
	for _, c := range []struct{ text, scheme, want string }{
		{"sqlite:///shop.db", "sqlite", "shop.db"},
		{"sqlite:////data/shop.db", "sqlite", "/data/shop.db"},
		{"sqlite+aiosqlite:///./shop.db", "sqlite", "shop.db"},
		{"sqlite://", "sqlite", ""},
		{"sqlite:///:memory:", "sqlite", ""},
		{"file:./dev.db", "file", "dev.db"},
		{"file:///data/dev.db?mode=ro", "file", "/data/dev.db"},
		{"postgres://db/shop", "sqlite", ""},
	} {
		if got, ok := inURL(c.text, c.scheme); got.name != c.want || ok != (c.want != "") {
			t.Errorf("inURL(%q) = %+v, %v", c.text, got, ok)
		}
	}
}

func TestCommands(t *testing.T) {
	for line, want := range map[string]string{
		"cd /x && convert a b | tee c": "convert tee",
		"ffmpeg -i " + flow.Gap:        "ffmpeg",
		flow.Gap + " -v":               "",
		"f() { ls; }; f":               "ls",
		"exec nice gs -q":              "gs",
		"echo $(git rev-parse HEAD)":   "git",
		"if then":                      "",
		"/usr/bin/../bin/pdftk x":      "/usr/bin/pdftk",
		"A=1 env":                      "env",
	} {
		if got := strings.Join(commands(line), " "); got != want {
			t.Errorf("commands(%q) = %q, want %q", line, got, want)
		}
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Minute: "1m", time.Hour: "1h", 24 * time.Hour: "24h", 90 * time.Second: "1m30s", 90 * time.Minute: "1h30m"} {
		if got := short(d); got != want {
			t.Errorf("short(%v) = %q, want %q", d, got, want)
		}
	}
}

func FuzzPlaced(f *testing.F) {
	for _, seed := range []string{"a/b", beside + "/../x", temporary, "a/" + flow.Gap + "/b", "/../..", "file:x"} {
		f.Add(seed, "sqlite")
	}
	f.Fuzz(func(t *testing.T, text, scheme string) {
		for _, p := range []place{first2(placed(text, "")), first2(inURL(text, scheme)), first2(placed(parent(text), "V"))} {
			name := strings.TrimSuffix(p.name, "/")
			if name != "" && path.Clean(name) != name || strings.Contains(p.name, flow.Gap) {
				t.Errorf("%q gives %q", text, p.name)
			}
		}
	})
}

func first2(p place, ok bool) place {
	if !ok {
		return place{}
	}
	return p
}

func FuzzCommands(f *testing.F) {
	for _, seed := range []string{"a | b", "x=$(y)", "f() { f; }; f", "<<EOF\nx\nEOF", "a" + flow.Gap} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if slices.ContainsFunc(commands(line), func(name string) bool { return !programName.MatchString(name) }) {
			t.Errorf("%q gives %q", line, commands(line))
		}
	})
}
