package scene

import (
	"strings"
	"testing"

	"github.com/joho/godotenv"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
	"rehearse/internal/project"
)

func TestReaddress(t *testing.T) {
	for _, c := range []struct{ value, want string }{
		{"postgres://u:p@localhost:5432/shop?sslmode=disable", "postgres://u:p@db:6543/shop?sslmode=disable"},
		{"http://127.0.0.1:5000", "http://db:6543"},
		{"http://localhost/api", "http://db:6543/api"},
		{"localhost:5000", "db:6543"},
		{"localhost", "db"},
		{"[::1]:5000", "db:6543"},
	} {
		if got := readdress(c.value, "db", 6543); got != c.want {
			t.Errorf("%s becomes %s, want %s", c.value, got, c.want)
		}
	}
}

// The user and the database of production are not on the stage.
func TestAdmitted(t *testing.T) {
	s := &Scene{ledger: &ledger.Ledger{}, Services: []*Service{
		{Name: "db", Kind: "postgres", User: "dev", Password: "p", Database: "shop_dev"},
		{Name: "cache", Kind: "redis"},
	}}
	r := &Role{Run: &ledger.Run{Environment: &fact.Environment{Kind: "compose"}}}
	for _, c := range []struct{ value, want string }{
		{"postgres://app:secret@db:5432/shop?sslmode=disable", "postgres://dev:p@db:5432/shop_dev?sslmode=disable"},
		{"postgresql+psycopg2://app@db/shop", "postgresql+psycopg2://dev:p@db/shop_dev"},
		{"redis://:secret@cache:6379/1", "redis://cache:6379/1"},
		{"redis://cache:6379/1", ""},
		{"postgres://app@elsewhere:5432/shop", ""},
		{"http://db:8080/path", ""},
		{"db", ""},
		{"", ""},
		{"postgres://%zz", ""},
	} {
		got, ok := s.admitted(r, c.value)
		if !ok {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s becomes %q, want %q", c.value, got, c.want)
		}
	}
	r.localEnv = map[string]Binding{"DB_USER": {value: "dev"}, "DB_NAME": {value: "shop_dev"}, "MAIL_USER": {value: "me"}}
	r.prodEnv = map[string]Binding{
		"DB_HOST": {value: "db"}, "DB_USER": {value: "app"}, "DB_NAME": {value: "shop"}, "DB_PASSWORD": {value: "x"},
		"MAIL_HOST": {value: "elsewhere"}, "MAIL_USER": {value: "app"},
	}
	s.admitParts(r)
	for name, want := range map[string]string{"DB_HOST": "db", "DB_USER": "dev", "DB_NAME": "shop_dev", "DB_PASSWORD": "x", "MAIL_USER": "app"} {
		if got := r.prodEnv[name].value; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestExpand(t *testing.T) {
	fallback := "fall-back"
	lookup := func(name string) (string, bool) {
		value, ok := map[string]string{"A": "a", "EMPTY": ""}[name]
		return value, ok
	}
	for _, c := range []struct{ text, want string }{
		{"", ""}, {"x", "x"}, {"${A}", "a"}, {"x-${A}-y-${A}", "x-a-y-a"}, {"${B}", fallback}, {"${EMPTY}", ""}, {"${C}", ""},
		{"$$A", "$A"}, {"$", "$"}, {"a$", "a$"}, {"${A", "${A"}, {"cost: $5", "cost: $5"},
	} {
		vars := []fact.Var{{Name: "B", Default: &fallback}}
		if got := expand(fact.Interpolated(c.text, vars...), lookup); got != c.want {
			t.Errorf("%s becomes %q, want %q", c.text, got, c.want)
		}
	}
}

// What is written into a .env file is read from it.
func TestQuote(t *testing.T) {
	for _, value := range []string{"", "plain", "two words", "a#b", `say "x"`, `back\slash`, "$HOME", "a=b", "ünïcode"} {
		read, err := godotenv.Unmarshal("NAME=" + quote(value) + "\n")
		if err != nil || read["NAME"] != value {
			t.Errorf("%q is read as %q (%v)", value, read["NAME"], err)
		}
	}
}

func TestRedact(t *testing.T) {
	code := "a-default-in-the-code"
	role := &Role{
		Component: &ledger.Component{
			Component: &project.Component{Name: "api"},
			Needs:     []fact.Need{{Kind: fact.Variable, Name: "KEY", Default: &code}},
		},
		localEnv: map[string]Binding{
			"A": {value: "walnut-harbour"},
			"B": {value: "postgres://shop:hunter2hunter2@db.example.com:5432/shop?token=abcdef"},
			"C": {value: "line-one-of-it\nline-two-of-it\n"},
			"D": {value: `say "quoted" \ twice`},
			"E": {value: "https://hooks.example.com/services/T00000000/XXXXXXXXXXXXXXXX"},
			"F": {value: "8080"},
			"G": {value: "production"},
			"H": {value: "walnut"},
		},
	}
	s := &Scene{Roles: []*Role{role}}
	for _, c := range []struct{ text, want string }{
		{"key walnut-harbour!", "key …!"},
		{"the walnut", "the …"},
		{"dial db.example.com:5432: refused", "dial db.example.com:5432: refused"},
		{"postgres://shop:hunter2hunter2@db.example.com:5432/shop?token=abcdef", "postgres://…@db.example.com:5432/shop?…"},
		{"line-two-of-it", "…"},
		{`{"D":"say \"quoted\" \\ twice"}`, `{"D":"…"}`},
		{"POST https://hooks.example.com/services/T00000000/XXXXXXXXXXXXXXXX", "POST https://hooks.example.com/services/T00000000/…"},
		{"a-default-in-the-code", "…"},
		{"port 8080 in production", "port 8080 in production"},
	} {
		if got := s.Redact(c.text); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.text, got, c.want)
		}
	}
}

func TestLastWords(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"one\ntwo\n\nthree\n", "two | three"},
		{"node:fs:1\n  throw e\n\nError: ENOENT: no such file\n    at x (y.js:1:2) {\n  errno: -2\n}\n\nNode.js v20.20.2\n", "Error: ENOENT: no such file"},
		{"panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:1\n", "panic: boom"},
		{"Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'X'\n", "KeyError: 'X'"},
		{"TypeError [ERR_X]: bad\n    at y\n", "TypeError [ERR_X]: bad"},
	} {
		if got := lastWords(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestEnding(t *testing.T) {
	if got := ending("abcdef", 6); got != "abcdef" {
		t.Error(got)
	}
	if got := ending("abcdef", 3); got != "…def" {
		t.Error(got)
	}
	if got := ending(strings.Repeat("ü", 10), 3); got != "…ü" {
		t.Error(got)
	}
}
