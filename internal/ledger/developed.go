package ledger

import (
	"slices"

	"rehearse/internal/source"
)

// everyRun returns the runs of the component, and the containers that its
// developer starts, each for itself.
func (c *Component) everyRun() []*Run { return slices.Concat(c.Runs, c.composed) }

// Composed returns the containers of the component that its developer starts:
// each has what its own definition says, and nothing of the developer's shell or
// files. What prepares a start is left out, and so is what has the working tree
// mounted, with whatever lies there.
func (c *Component) Composed() []*Run {
	return slices.DeleteFunc(slices.Clone(c.composed), func(r *Run) bool {
		if r.Workload.Init || r.Workload.Once || r.Workload.Build == nil || r.Stage == nil {
			return true
		}
		for _, m := range r.Workload.Mounts {
			if m.Kind == "bind" && source.Under(c.Dir, m.Source) {
				return true
			}
		}
		return false
	})
}
