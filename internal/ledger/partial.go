package ledger

import (
	"slices"

	"rehearse/internal/fact"
)

// Many is how many variables that the developer has a definition may lack before
// it is taken for one of before, or for a part of what is deployed: a mistake is
// one variable, or a few, and the code would not have run for a day without that
// many.
const Many = 12

// Partial reports whether the definition of a run lacks so many of the variables
// that the code of c asks for, and that the developer has, that little can be
// said of what else it lacks.
func Partial(c *Component, r *Run) bool {
	local := c.Local()
	if local == nil {
		return false
	}
	lacks := 0
	for name, reads := range c.Variables() {
		if !slices.ContainsFunc(reads, func(n fact.Need) bool { return n.Necessity == fact.Required && !n.Browser && !c.Tool(n.At.File) }) {
			continue
		}
		if _, _, there := local.Variable(name); there != Supplied {
			continue
		}
		if _, _, state := r.Variable(name); state == Absent {
			if lacks++; lacks >= Many {
				return true
			}
		}
	}
	return false
}
