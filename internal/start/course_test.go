package start

import (
	"strings"
	"testing"
)

// TestCourse holds the reading of scripts to what runs whenever they start.
func TestCourse(t *testing.T) {
	for text, want := range map[string]bool{
		"step":                                 true,
		"set -e\nother && step":                true,
		"[ -f x ] && step":                     false,
		"other || step":                        false,
		"if [ -f x ]; then step; fi":           false,
		"if step; then other; fi":              true,
		"until step; do sleep 1; done":         true,
		"f() { step; }\nf":                     true,
		"f() { step; }":                        false,
		"f() { step; }\nif x; then f; fi":      false,
		"case \"$1\" in serve) step ;; esac":   true,
		"case \"$1\" in other) step ;; esac":   false,
		"if [ \"$1\" = serve ]; then step; fi": true,
		"if [ \"$1\" = x ]; then step; fi":     false,
		"[ -n \"$1\" ] && step":                true,
		"if x; then exec y; fi\nstep":          false,
		"if x; then exit 1; fi\nstep":          true,
		"for a in 1 2; do step; done":          true,
		"! step":                               true,
	} {
		c := courseOf(text, []string{"serve"})
		always := false
		for _, p := range c.passed {
			always = always || p.words[0] == "step" && p.always
		}
		if always != want {
			t.Errorf("%q runs it always: %v", text, always)
		}
	}
	if c := courseOf("set -e\nstep || true\nother", nil); c.passed[1].strict || !c.passed[3].strict {
		t.Errorf("what may fail: %+v", c.passed)
	}
	if courseOf(strings.Repeat("(", 10_000), nil) != nil || courseOf("if", nil) != nil {
		t.Error("what cannot be read has a course")
	}
}

// FuzzCourse holds the reading of scripts to its bounds.
func FuzzCourse(f *testing.F) {
	for _, text := range []string{"a && b || c", "f() { f; }; f", "case $1 in a) b ;; *) c ;; esac", "[[ -z $1 ]] && x", "while a; do b; done"} {
		f.Add(text, "serve")
	}
	f.Fuzz(func(t *testing.T, text, argument string) {
		if c := courseOf(text, []string{argument}); c != nil {
			if len(c.passed) > maxPassed+maxCalls+2 {
				t.Errorf("%d commands", len(c.passed))
			}
			for _, p := range c.passed {
				if p.line < 1 || len(p.words) == 0 {
					t.Errorf("%+v", p)
				}
			}
		}
	})
}
