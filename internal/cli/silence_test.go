package cli

import (
	"fmt"
	"strings"
	"testing"
)

func TestInstruction(t *testing.T) {
	for line, want := range map[string]string{
		"// rehearse:ignore missing-env it is optional":          "[missing-env] it is optional, own",
		"//rehearse:ignore missing-env why":                      "[missing-env] why, own",
		"x = f() # rehearse:ignore missing-env: why":             "[missing-env] why",
		"/* rehearse:ignore a,b - why not */":                    "[a b] why not, own",
		"{/* rehearse:ignore a why */}":                          "[a] why, own",
		"<!-- rehearse:ignore a why -->":                         "[a] why, own",
		"-- rehearse:ignore a why":                               "[a] why, own",
		"* rehearse:ignore a":                                    "[a] , own",
		"// rehearse:ignore":                                     "[] , own",
		"// rehearse:ignored a why":                              "none",
		"// see rehearse:ignore a why":                           "none",
		"rehearse:ignore a why":                                  "none",
		"":                                                       "none",
		"// rehearse:ignore a why; // rehearse:ignore b because": "[a] why; // rehearse:ignore b because, own",
		"key: value ; rehearse:ignore a why":                     "[a] why",
	} {
		if got := said(line); got != want {
			t.Errorf("%q: %s, want %s", line, got, want)
		}
	}
}

func said(line string) string {
	checks, reason, own, ok := instruction(line)
	if !ok {
		return "none"
	}
	if own {
		reason += ", own"
	}
	return fmt.Sprint(checks, " ", reason)
}

func FuzzInstruction(f *testing.F) {
	f.Add("// rehearse:ignore missing-env it is optional")
	f.Add("/* rehearse:ignore a,b - why not */")
	f.Fuzz(func(t *testing.T, line string) {
		checks, reason, _, ok := instruction(strings.TrimSpace(line))
		if ok != (len(checks) > 0) || !ok && reason != "" {
			t.Errorf("%q: %v %q %v", line, checks, reason, ok)
		}
		if ok && !strings.Contains(line, "rehearse:ignore") {
			t.Errorf("%q is no instruction", line)
		}
	})
}
