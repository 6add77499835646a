package pattern

import (
	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// First reports whether a match is the first in the file of what its pattern looks
// for: what is found out of a whole file is found out once.
func (g *Reading) First(m *syntax.Match) bool { return g.found[m.Set["need"]][0] == m }

// Soften makes reads of variables that nothing stands in for content without a
// value, where something else in the file says that they are.
func (g *Reading) Soften(content func(read syntax.Node) bool) {
	for _, r := range g.reads {
		if r.need.Name != "" && r.need.Necessity == fact.Required && !r.need.Fatal && content(r.node) {
			r.need.Necessity = fact.Guarded
		}
	}
}
