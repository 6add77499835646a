package syntax

import (
	"regexp"
	"testing"
)

// What is answered without the expression is answered as by it.
func FuzzExpression(f *testing.F) {
	expressions := []string{"(?i)env$", "env", "(?i)env|^e$", "tcp$|udp$", "(?i)APP$|x", "é$", "(?i)kiss$", "^a$", "^tcp", "^ab|c$", "a+", "", "(?m)^a$",
		"(?i)origin|cors|trusted", `^(\w+\.)?(Tcp|tcp6?)$`, `(env){2}|x*`, `[eE]nv[^a]`, `(?i)[ks]`, `a?b?|c`}
	short := 0
	for _, text := range expressions {
		e, err := newExpression(text)
		if err != nil {
			f.Fatal(err)
		}
		if e.parts != nil {
			short++
		}
		for _, in := range []string{"process.env", "import.meta.ENV", "env.x", "e", "kisS", "\u212as", "\u017f", "TruSted", "a.tcp6", "envenv", "Envb", "tcp", "tcp6", "ap", "App", "é", "\xff", ""} {
			f.Add(text, []byte(in))
		}
	}
	if short == 0 || short == len(expressions) {
		f.Errorf("%d of %d are answered without the expression", short, len(expressions))
	}
	f.Fuzz(func(t *testing.T, text string, in []byte) {
		whole, err := regexp.Compile(text)
		if err != nil {
			return
		}
		e, err := newExpression(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := e.match(in), whole.Match(in); got != want {
			t.Errorf("%q in %q: %v, want %v", text, in, got, want)
		}
	})
}
