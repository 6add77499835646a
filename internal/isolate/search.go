package isolate

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

var errLimit = errors.New("isolate: no more runs")

// search is one call of Minimize.
type search struct {
	n       int
	test    Test
	repeats int
	limit   int
	seen    map[string]*tally
	result  Result
}

func (s *search) run(ctx context.Context, full []int, hints [][]int) error {
	start, err := s.start(ctx, full, hints)
	for err == nil && start != nil {
		var set, smaller []int
		if set, err = s.ddmin(ctx, start); err != nil {
			break
		}
		var confirmed bool
		if confirmed, err = s.confirm(ctx, set); err != nil {
			break
		}
		if !confirmed {
			// From here on every set is put to the vote, so this happens once.
			start, err = s.restart(ctx)
			continue
		}
		if smaller, err = s.reducible(ctx, set); err != nil {
			break
		}
		if smaller != nil {
			start = smaller
			continue
		}
		return s.finish(ctx, set)
	}
	return err
}

// start looks at the two ends and at the hints, and returns the set to reduce,
// or nil where there is nothing to isolate.
func (s *search) start(ctx context.Context, full []int, hints [][]int) ([]int, error) {
	outcome, err := s.ask(ctx, full)
	if err != nil {
		return nil, err
	}
	if outcome != Fail && s.n > 0 {
		s.result.Status = Harmless
		s.result.Why = "all of them together do not make it fail: " + s.tally(full).String()
		return nil, nil
	}
	if ok, err := s.founded(ctx); !ok || err != nil {
		return nil, err
	}
	if s.n == 0 {
		s.result.Status = Harmless
		s.result.Why = "there is nothing to switch on, and it does not fail"
		return nil, nil
	}
	for _, hint := range hints {
		outcome, err := s.ask(ctx, hint)
		if err != nil {
			return nil, err
		}
		if outcome == Fail {
			return hint, nil
		}
	}
	return full, nil
}

// founded reports whether the test does not fail with no element on, and
// settles the result where it does.
func (s *search) founded(ctx context.Context) (bool, error) {
	outcome, err := s.ask(ctx, nil)
	if err != nil || outcome != Fail {
		return err == nil, err
	}
	s.result.Status, s.result.Set, s.result.Minimal = Baseless, nil, false
	s.result.Why = "it fails with none of them as well: " + s.tally(nil).String()
	return false, nil
}

// restart returns the smallest set that still is believed to fail after it was
// put to the vote, or nil where none is.
func (s *search) restart(ctx context.Context) ([]int, error) {
	if ok, err := s.founded(ctx); !ok || err != nil {
		return nil, err
	}
	for _, set := range s.failing() {
		outcome, err := s.ask(ctx, set)
		if err != nil {
			return nil, err
		}
		if outcome == Fail {
			return set, nil
		}
	}
	s.result.Status, s.result.Set = Harmless, nil
	s.result.Why = "it fails too seldom to be isolated"
	return nil, nil
}

// ddmin is the algorithm of section 3 of the paper: reduce to a part that
// fails, else to what is left without a part, else look at smaller parts.
func (s *search) ddmin(ctx context.Context, set []int) ([]int, error) {
	parts := 2
	for len(set) >= 2 {
		pieces := split(set, parts)
		piece, err := s.firstFailing(ctx, pieces)
		if err != nil {
			return nil, err
		}
		if piece != nil {
			set, parts = piece, 2
			continue
		}
		rests := make([][]int, len(pieces))
		for i, piece := range pieces {
			rests[i] = without(set, piece)
		}
		rest, err := s.firstFailing(ctx, rests)
		if err != nil {
			return nil, err
		}
		switch {
		case rest != nil:
			set, parts = rest, max(parts-1, 2)
		case parts < len(set):
			parts = min(2*parts, len(set))
		default:
			return set, nil
		}
	}
	return set, nil
}

func (s *search) firstFailing(ctx context.Context, sets [][]int) ([]int, error) {
	for _, set := range sets {
		if len(set) == 0 {
			continue
		}
		outcome, err := s.ask(ctx, set)
		if err != nil {
			return nil, err
		}
		if outcome == Fail {
			return set, nil
		}
	}
	return nil, nil
}

// confirm runs a set again and reports whether it is still believed to fail.
func (s *search) confirm(ctx context.Context, set []int) (bool, error) {
	t := s.tally(set)
	for t.total() <= s.repeats {
		if err := s.once(ctx, set, t); err != nil {
			return false, err
		}
	}
	return t.belief() == Fail, nil
}

// reducible returns the set without one of its elements where that is believed
// to fail, and nil where the set is 1-minimal. What ddmin has seen is not run
// again unless outcomes flicker.
func (s *search) reducible(ctx context.Context, set []int) ([]int, error) {
	if len(set) < 2 {
		return nil, nil // founded sees to the empty set
	}
	for i := range set {
		rest := without(set, set[i:i+1])
		outcome, err := s.ask(ctx, rest)
		if err != nil {
			return nil, err
		}
		if outcome == Fail {
			return rest, nil
		}
	}
	return nil, nil
}

// finish settles the result at a confirmed set.
func (s *search) finish(ctx context.Context, set []int) error {
	if ok, err := s.founded(ctx); !ok || err != nil {
		return err
	}
	s.result.Status, s.result.Set, s.result.Minimal = Isolated, set, true
	if s.result.Flaky {
		s.result.Why = fmt.Sprintf("outcomes flicker, so the majority counted: with this set %s", s.tally(set))
	}
	return nil
}

// failing returns the sets that are believed to fail, the smallest first. The
// empty set is not among them.
func (s *search) failing() [][]int {
	var sets [][]int
	for _, t := range s.seen {
		if len(t.set) > 0 && t.belief() == Fail {
			sets = append(sets, t.set)
		}
	}
	slices.SortFunc(sets, func(a, b []int) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	return sets
}

// split cuts a set into parts of almost the same size.
func split(set []int, parts int) [][]int {
	pieces := make([][]int, 0, parts)
	for i := range parts {
		pieces = append(pieces, set[i*len(set)/parts:(i+1)*len(set)/parts])
	}
	return pieces
}

// without returns a sorted set less the elements of another.
func without(set, less []int) []int {
	rest := make([]int, 0, len(set)-len(less))
	for _, e := range set {
		if _, found := slices.BinarySearch(less, e); !found {
			rest = append(rest, e)
		}
	}
	return rest
}
