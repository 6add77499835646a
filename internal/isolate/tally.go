package isolate

import (
	"context"
	"fmt"
	"slices"
)

// tally counts the outcomes of one set.
type tally struct {
	set   []int
	count [3]int // by Outcome
}

func (t *tally) add(o Outcome) { t.count[o]++ }

func (t *tally) total() int { return t.count[Pass] + t.count[Fail] + t.count[Unresolved] }

// belief returns the outcome of more than half of the runs, else Unresolved.
func (t *tally) belief() Outcome {
	for _, o := range [...]Outcome{Pass, Fail} {
		if 2*t.count[o] > t.total() {
			return o
		}
	}
	return Unresolved
}

func (t *tally) flickers() bool {
	return slices.Max(t.count[:]) < t.total()
}

// decided reports whether further votes, up to total, cannot change the belief.
func (t *tally) decided(total int) bool {
	return 2*slices.Max(t.count[:]) > total || t.total() >= total
}

// String tells the votes: "it failed in 2 of 3 runs".
func (t *tally) String() string {
	text := fmt.Sprintf("it failed in %d of %d runs", t.count[Fail], t.total())
	if u := t.count[Unresolved]; u > 0 {
		text += fmt.Sprintf(", %d said nothing", u)
	}
	return text
}

// tally returns the votes on a set, a fresh one where it was not run yet.
func (s *search) tally(set []int) *tally {
	bits := make([]byte, (s.n+7)/8)
	for _, e := range set {
		bits[e/8] |= 1 << (e % 8)
	}
	t := s.seen[string(bits)]
	if t == nil {
		t = &tally{set: slices.Clone(set)}
		s.seen[string(bits)] = t
	}
	return t
}

// ask returns what is believed of a set. It is run once, and as often as
// Options.Repeats says where outcomes have been seen to flicker.
func (s *search) ask(ctx context.Context, set []int) (Outcome, error) {
	t := s.tally(set)
	for t.total() == 0 || s.result.Flaky && !t.decided(s.repeats+1) {
		if err := s.once(ctx, set, t); err != nil {
			return Unresolved, err
		}
	}
	return t.belief(), nil
}

// once runs the test and counts its outcome.
func (s *search) once(ctx context.Context, set []int, t *tally) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("isolate: %w", context.Cause(ctx))
	}
	if s.limit > 0 && s.result.Runs >= s.limit {
		return errLimit
	}
	s.result.Runs++
	outcome, err := s.test(ctx, slices.Clone(set))
	if err != nil {
		return fmt.Errorf("isolate: run %d: %w", s.result.Runs, err)
	}
	if outcome != Pass && outcome != Fail {
		outcome = Unresolved
		s.result.Unresolved++
	}
	t.add(outcome)
	s.result.Flaky = s.result.Flaky || t.flickers()
	return nil
}
