package pattern

import (
	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// Soften makes reads of variables that nothing stands in for content without a
// value, where something else in the file says that they are.
func (g *Reading) Soften(content func(read syntax.Node) bool) {
	for _, r := range g.reads {
		if r.need.Name != "" && r.need.Necessity == fact.Required && !r.need.Fatal && content(r.node) {
			r.need.Necessity = fact.Guarded
		}
	}
}
