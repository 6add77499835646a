package imports

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed python.txt
var pythonText string

// Module is what is known of a module of Python.
type Module struct {
	Distributions []string // which bring it
	Rare          bool     // hardly any other package brings it along
}

var pythonModules = sync.OnceValue(func() map[string]Module {
	all := map[string]Module{}
	for line := range strings.Lines(pythonText) {
		words := strings.Fields(line)
		if len(words) < 2 || strings.HasPrefix(words[0], "#") {
			continue
		}
		name, rare := strings.CutPrefix(words[0], "!")
		all[name] = Module{words[1:], rare}
	}
	return all
})

// Distributions returns what is known of a module of Python, by its first name.
func Distributions(module string) (Module, bool) {
	m, ok := pythonModules()[module]
	return m, ok
}

// Brings reports whether something that is asked for brings the module: a
// distribution that is known to, or, where not all that is installed is asked for
// by name, one that has the name of such a one in its own (flask-login brings
// flask).
func (m Module) Brings(asked map[string]bool, whole bool) bool {
	for _, d := range m.Distributions {
		if asked[d] {
			return true
		}
	}
	if whole {
		return false
	}
	for name := range asked {
		for part := range strings.SplitSeq(name, "-") {
			for _, d := range m.Distributions {
				if part == d {
					return true
				}
			}
		}
	}
	return false
}
