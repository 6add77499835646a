// Package isolate finds, among many things that can be switched on, a smallest
// set of them that makes a test fail. It knows nothing of what these things
// are: elements are numbers from 0.
//
// The algorithm is ddmin of A. Zeller and R. Hildebrandt, "Simplifying and
// isolating failure-inducing input", IEEE Transactions on Software Engineering
// 28(2), 2002, pages 183-200, with three additions: sets that are suspected are
// tried first, outcomes that flicker are put to the vote, and the number of
// runs can be capped.
//
// The package is pure: it has no clock, no input or output and no chance of its
// own, so that the same outcomes lead to the same runs and the same result.
package isolate

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Outcome is what a run of the test came to.
type Outcome int

// The outcomes, as in the paper: ✔, ✘ and "?".
const (
	Pass       Outcome = iota
	Fail               // the failure that is looked for
	Unresolved         // neither: another failure, or the run said nothing
)

// String returns the outcome's name.
func (o Outcome) String() string {
	switch o {
	case Pass:
		return "pass"
	case Fail:
		return "fail"
	}
	return "unresolved"
}

// Test runs the test with exactly the elements of on switched on. The slice is
// sorted, without repetition, and the callee's to keep. An error ends the
// search; a run that merely says nothing is Unresolved.
type Test func(ctx context.Context, on []int) (Outcome, error)

// Options steer Minimize. The zero Options are usable.
type Options struct {
	// Hints are sets to try first, the most suspicious first. The search goes
	// on inside the first of them that fails.
	Hints [][]int
	// Repeats is how often the set that was found is run again before it is
	// believed, and, once an outcome has been seen to flicker, how often every
	// set is. The majority counts; without one the outcome is Unresolved.
	Repeats int
	// MaxRuns caps the runs of the test; 0 is no cap.
	MaxRuns int
	// Known says that the caller has just seen the test fail with all elements
	// on and pass with none, so that neither is run to begin with.
	Known bool
}

// Status says what a search came to.
type Status int

// The statuses.
const (
	Undecided Status = iota // ended before it was seen whether all elements together fail
	Isolated                // Result.Set fails
	Harmless                // all elements together do not fail: there is nothing to isolate
	Baseless                // it fails with no element on: the cause is not among them
)

// Result is what a search came to.
type Result struct {
	Status     Status
	Set        []int  // Isolated: the smallest set that was seen to fail, sorted
	Minimal    bool   // no element of Set can be taken away alone: each was tried (1-minimal)
	Runs       int    // how often the test was run
	Flaky      bool   // the same set was seen with different outcomes
	Unresolved int    // how many of the runs were Unresolved
	Exhausted  bool   // MaxRuns ended the search
	Why        string // one sentence for a person, where Minimal does not say it all
}

// Minimize finds a smallest set of the elements 0 to n-1 that makes the test
// fail: 1-minimal, as the paper has it, which is not always the smallest of
// all. It is an error if n is negative or a hint names no element; errors of
// the test and of ctx come back wrapped, along with the best result until then.
func Minimize(ctx context.Context, n int, test Test, options Options) (Result, error) {
	if n < 0 {
		return Result{}, fmt.Errorf("isolate: %d elements", n)
	}
	hints := make([][]int, 0, len(options.Hints))
	for _, hint := range options.Hints {
		set := slices.Compact(slices.Sorted(slices.Values(hint)))
		if len(set) == 0 {
			continue
		}
		if set[0] < 0 || set[len(set)-1] >= n {
			return Result{}, fmt.Errorf("isolate: the hint %v names no element of %d", hint, n)
		}
		hints = append(hints, set)
	}
	full := make([]int, n)
	for i := range full {
		full[i] = i
	}

	s := &search{n: n, test: test, repeats: max(options.Repeats, 0), limit: options.MaxRuns, seen: map[string]*tally{}}
	if options.Known && n > 0 {
		s.tally(full).add(Fail)
		s.tally(nil).add(Pass)
	}
	err := s.run(ctx, full, hints)
	if errors.Is(err, errLimit) {
		s.result.Exhausted = true
		s.result.Why = fmt.Sprintf("stopped after %d runs: a smaller set may fail as well", s.result.Runs)
		err = nil
	}
	if s.result.Status == Undecided || s.result.Status == Isolated && !s.result.Minimal {
		s.settle()
	}
	return s.result, err
}

// settle makes the result of a search that was cut short: the smallest set
// that is believed to fail.
func (s *search) settle() {
	if failing := s.failing(); len(failing) > 0 {
		s.result.Status, s.result.Set = Isolated, failing[0]
		return
	}
	s.result.Status, s.result.Set = Undecided, nil
	if s.result.Exhausted {
		s.result.Why = fmt.Sprintf("stopped after %d runs: nothing was seen to fail", s.result.Runs)
	}
}
