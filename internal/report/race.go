package report

import (
	"time"

	"rehearse/internal/source"
)

// Race is what became of requests that overlap.
type Race struct {
	Name      string
	Overlap   []string
	Verdict   string // broken, holds, suspect, inconclusive
	Why       string
	Schedules Schedules
	FoundAt   int // the number of the order that broke; 0 where none did
	Duration  time.Duration
	Isolation string
	Server    string
	Timeline  []Event // minimal, in the order that breaks
	Outcome   Outcome
	Serial    []Serial
	Replay    string
}

// Schedules says how many orders there are and how many were tried.
type Schedules struct {
	Explored  int
	Classes   int
	Bound     int
	Exhausted bool
}

// Event is one row of the timeline of a race.
type Event struct {
	Lane   int // from 1
	Event  string
	At     source.Span // zero where the code is not known
	Result string
}

// Outcome is what the overlapping requests led to.
type Outcome struct {
	Responses []int
	State     string
}

// Serial is what the requests lead to one after another.
type Serial struct {
	Order     []int // of the lanes
	Responses []int
}
