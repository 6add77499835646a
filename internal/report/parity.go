package report

import "rehearse/internal/source"

// Parity is the table of one component: what its code needs down, where it runs
// across, and in each cell whether the one meets the other.
type Parity struct {
	Component string
	Columns   []Column
	Rows      []Row
}

// Column is a place in which the component runs.
type Column struct {
	Environment string
	Workload    string // "Deployment/api"; "" on the developer's machine
}

// Row is a need.
type Row struct {
	Kind  string // variable
	Name  string
	At    source.Span // the read that decides how much it is needed
	Cells []Cell      // one for each column
}

// State says what becomes of a need in one place.
type State string

// The states.
const (
	Supplied State = "supplied" // something there supplies it
	Missing  State = "missing"  // nothing does, and the code needs it
	Default  State = "default"  // nothing does, and the code has a value of its own
	Optional State = "optional" // nothing does, and the code goes on without
	Unknown  State = "unknown"  // something that cannot be seen into may supply it
)

// Cell is what one place does about one need.
type Cell struct {
	State  State
	At     source.Span // supplied: where; missing: where it belongs; default, optional: the read; unknown: what may supply it
	Note   string      // how, where that is worth a word: "empty", "from Secret api-keys"
	Checks []string    // that found more here than the state says, sorted
}

// Gap reports whether the need is not met somewhere, or a check found something
// about it.
func (r *Row) Gap() bool {
	for _, c := range r.Cells {
		if c.State == Missing || len(c.Checks) > 0 {
			return true
		}
	}
	return false
}
