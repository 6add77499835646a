package differ

import (
	"net/http"
	"testing"

	"rehearse/internal/scene"
)

func answer(kind, body string) scene.Answer {
	return scene.Answer{Status: 200, Header: http.Header{"Content-Type": {kind}}, Body: []byte(body)}
}

func TestMask(t *testing.T) {
	const js, html = "application/json", "text/html"
	for _, c := range []struct {
		name, kind, first, second, is string
		want                          string
	}{
		{"the same", js, `{"a": 1}`, `{"a": 1}`, `{"a":1}`, ""},
		{"order is no difference", js, `{"a": 1, "b": 2}`, `{"a": 1, "b": 2}`, `{"b": 2, "a": 1}`, ""},
		{"a value", js, `{"a": {"b": [1, 2]}}`, `{"a": {"b": [1, 2]}}`, `{"a": {"b": [1, 3]}}`, "another body, at .a.b[1]"},
		{"a type", js, `{"a": 1}`, `{"a": 1}`, `{"a": "1"}`, "another body, at .a"},
		{"null", js, `{"a": null}`, `{"a": null}`, `{"a": 0}`, "another body, at .a"},
		{"a field more", js, `{"a": 1}`, `{"a": 1}`, `{"a": 1, "b": 1}`, "another body, at .b"},
		{"a field less", js, `{"a": 1, "b": 1}`, `{"a": 1, "b": 1}`, `{"a": 1}`, "another body, at .b"},
		{"a list that is longer", js, `[1]`, `[1]`, `[1, 2]`, "another body"},
		{"no JSON any more", js, `{"a": 1}`, `{"a": 1}`, `oops`, "another body"},
		{"volatile", js, `{"id": 1, "name": "x"}`, `{"id": 2, "name": "x"}`, `{"id": 3, "name": "x"}`, ""},
		{"beside what is volatile", js, `{"id": 1, "name": "x"}`, `{"id": 2, "name": "x"}`, `{"id": 3, "name": "y"}`, "another body, at .name"},
		{"below what is volatile", js, `{"a": {"b": 1}}`, `{"a": [1]}`, `{"a": {"b": 2}}`, ""},
		{"a name that begins alike", js, `{"a": 1, "ab": 1}`, `{"a": 2, "ab": 1}`, `{"a": 3, "ab": 2}`, "another body, at .ab"},
		{"volatile keys", js, `{"by": {"17": 1}, "n": 1}`, `{"by": {"18": 1}, "n": 1}`, `{"by": {"19": 1}, "n": 1}`, ""},
		{"beside volatile keys", js, `{"by": {"17": 1}, "n": 1}`, `{"by": {"18": 1}, "n": 1}`, `{"by": {"19": 1}, "n": 2}`, "another body, at .n"},
		{"another key", js, `{"a": {"b": 1}}`, `{"a": {"b": 1}}`, `{"a": {"c": 1}}`, "another body, at .a"},
		{"a volatile length", js, `[1]`, `[1, 2]`, `[1, 2, 3]`, ""},
		{"words", html, `<p>at 12 by ann</p>`, `<p>at 13 by ann</p>`, `<p>at 14 by ann</p>`, ""},
		{"beside volatile words", html, `<p>at 12 by ann</p>`, `<p>at 13 by ann</p>`, `<p>at 14 by bob</p>`, "another body"},
		{"more words", html, `a b`, `a b`, `a b c`, "another body"},
		{"volatile in length", html, `a b`, `a b c`, `x`, ""},
		{"empty", html, ``, ``, ``, ""},
		{"no text", "image/png", "\x89PNG\x00\x01", "\x89PNG\x00\x01", "\x89PNG\x00\x02", "another body"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newMask(answer(c.kind, c.first), answer(c.kind, c.second))
			if m.unstable {
				t.Fatal("it is unstable")
			}
			if got := m.compare(answer(c.kind, c.first), answer(c.kind, c.is)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMaskUnstable(t *testing.T) {
	for name, second := range map[string]scene.Answer{
		"the status": {Status: 201, Header: http.Header{"Content-Type": {"text/plain"}}},
		"the type":   {Status: 200, Header: http.Header{"Content-Type": {"text/html"}}},
		"no answer":  {Failed: "the connection was cut"},
	} {
		if !newMask(answer("text/plain; charset=utf-8", ""), second).unstable {
			t.Errorf("%s: it is stable", name)
		}
	}
	if newMask(answer("text/plain; charset=utf-8", ""), answer("text/plain", "")).unstable {
		t.Error("a charset makes it unstable")
	}
}

// What is the same twice and not the third time is masked as well.
func TestMaskAnd(t *testing.T) {
	const js = "application/json"
	first := answer(js, `{"id": 1, "day": 1, "name": "x"}`)
	m := newMask(first, answer(js, `{"id": 2, "day": 1, "name": "x"}`))
	other := answer(js, `{"id": 3, "day": 2, "name": "x"}`)
	if got, want := m.compare(first, other), "another body, at .day"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	m = m.and(newMask(first, answer(js, `{"id": 1, "day": 2, "name": "x"}`)))
	if got := m.compare(first, other); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
	if got, want := m.compare(first, answer(js, `{"id": 3, "day": 2, "name": "y"}`)), "another body, at .name"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if m = m.and(newMask(first, scene.Answer{Failed: "the connection was cut"})); !m.unstable {
		t.Error("it is stable")
	}
}

func FuzzMask(f *testing.F) {
	f.Add([]byte(`{"a": [1]}`), []byte(`{"a": [2]}`), []byte(`x y`))
	f.Fuzz(func(t *testing.T, first, second, other []byte) {
		a, b, c := answer("", string(first)), answer("", string(second)), answer("", string(other))
		m := newMask(a, b)
		if got := m.compare(a, a); got != "" {
			t.Errorf("it differs from itself: %s", got)
		}
		if got := m.compare(a, b); got != "" {
			t.Errorf("what was masked differs: %s", got)
		}
		m.compare(a, c)
	})
}
