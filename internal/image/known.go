package image

import (
	"slices"
	"sync"
)

// answers remembers what a stage answered, once its steps have been read. The
// same paths are asked after again and again: by every import of a file of code,
// for each of the endings that it may mean, in every stage that another one is
// made of.
type answers struct {
	mu    sync.Mutex
	ready bool // no step changes the stage any more
	found map[question]answered
}

// question is a path in a stage as it was after some of its layers.
type question struct {
	path string
	upto int
	own  bool
}

// answered is an answer, and how many changes were looked at for it: one that is
// remembered costs as much as one that is found, so that what is given up as too
// much does not depend on who asked before.
type answered struct {
	Answer
	cost int
}

// maxKnown is how many answers of a stage are remembered.
const maxKnown = 50_000

func (a *answers) get(q question) (answered, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	known, ok := a.found[q]
	return known, ok
}

func (a *answers) put(q question, found answered) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.found == nil {
		a.found = map[question]answered{}
	}
	if len(a.found) < maxKnown {
		a.found[q] = found
	}
}

// closed says that the steps of the stages have all been read.
func (m *model) closed() {
	for _, s := range slices.Concat(m.stages, m.bare) {
		s.known.ready = true
	}
}
