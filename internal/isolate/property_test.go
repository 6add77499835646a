package isolate

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// mask returns a set as bits.
func mask(set []int) (m uint64) {
	for _, e := range set {
		m |= 1 << e
	}
	return m
}

// terms draws sets of elements. A test fails where one of them is on.
func terms(t *rapid.T, n, most int) []uint64 {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) uint64 {
		return mask(rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 1, min(n, 4), rapid.ID).Draw(t, "term"))
	}), 1, most).Draw(t, "terms")
}

func anyOn(terms []uint64) func(uint64) Outcome {
	return func(on uint64) Outcome {
		for _, term := range terms {
			if on&term == term {
				return Fail
			}
		}
		return Pass
	}
}

// record counts the outcomes that a search was told.
type record struct {
	votes map[uint64][3]int
	runs  int
}

func (r *record) test(oracle func(uint64) Outcome) Test {
	r.votes = map[uint64][3]int{}
	return func(_ context.Context, on []int) (Outcome, error) {
		r.runs++
		outcome := oracle(mask(on))
		v := r.votes[mask(on)]
		v[outcome]++
		r.votes[mask(on)] = v
		return outcome, nil
	}
}

func minimize(t *rapid.T, n int, oracle func(uint64) Outcome, options Options) (Result, *record) {
	var r record
	got, err := Minimize(context.Background(), n, r.test(oracle), options)
	if err != nil {
		t.Fatal(err)
	}
	if got.Runs != r.runs {
		t.Fatalf("said %d runs, made %d", got.Runs, r.runs)
	}
	if !slices.IsSorted(got.Set) {
		t.Fatalf("not sorted: %v", got.Set)
	}
	return got, &r
}

// minimal fails unless the set fails and no set with one element less does.
func minimal(t *rapid.T, got Result, oracle func(uint64) Outcome) {
	if got.Status != Isolated || !got.Minimal || got.Exhausted {
		t.Fatalf("not isolated: %+v", got)
	}
	if oracle(mask(got.Set)) != Fail {
		t.Fatalf("%v does not fail", got.Set)
	}
	for _, e := range got.Set {
		if oracle(mask(got.Set)&^(1<<e)) == Fail {
			t.Fatalf("%v fails without %d", got.Set, e)
		}
	}
}

func hints(t *rapid.T, n int) [][]int {
	return rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, n-1), 0, n), 0, 3).Draw(t, "hints")
}

func TestConjunction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		term := terms(t, n, 1)
		oracle := anyOn(term)
		got, _ := minimize(t, n, oracle, Options{Hints: hints(t, n), Repeats: rapid.IntRange(0, 3).Draw(t, "repeats")})
		minimal(t, got, oracle)
		if mask(got.Set) != term[0] {
			t.Fatalf("%v is not the one cause %b", got.Set, term[0])
		}
		if got.Flaky || got.Unresolved != 0 {
			t.Fatalf("nothing flickered: %+v", got)
		}
	})
}

func TestDisjunction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 10).Draw(t, "n")
		causes := terms(t, n, 5)
		oracle := anyOn(causes)
		got, _ := minimize(t, n, oracle, Options{Hints: hints(t, n)})
		minimal(t, got, oracle)
		// Where more only makes it worse, 1-minimal is minimal: brute force.
		set := mask(got.Set)
		for sub := (set - 1) & set; sub != 0; sub = (sub - 1) & set {
			if oracle(sub) == Fail {
				t.Fatalf("%b fails inside %b", sub, set)
			}
		}
	})
}

// Any outcome for any set: the failing sets need not have failing supersets.
func TestArbitraryOutcomes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 10).Draw(t, "n")
		outcomes := rapid.SliceOfN(rapid.SampledFrom([]Outcome{Pass, Fail, Unresolved}), 1<<n, 1<<n).Draw(t, "outcomes")
		outcomes[0] = rapid.SampledFrom([]Outcome{Pass, Unresolved}).Draw(t, "none")
		outcomes[1<<n-1] = Fail
		oracle := func(on uint64) Outcome { return outcomes[on] }
		got, r := minimize(t, n, oracle, Options{Hints: hints(t, n)})
		minimal(t, got, oracle)
		unresolved := 0
		for _, v := range r.votes {
			unresolved += v[Unresolved]
			if v[Pass]+v[Fail]+v[Unresolved] > 1 {
				t.Fatalf("a set was run twice without need: %v", v)
			}
		}
		if unresolved != got.Unresolved {
			t.Fatalf("said %d unresolved, had %d", got.Unresolved, unresolved)
		}
	})
}

func TestUnresolvedAround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "n")
		causes := anyOn(terms(t, n, 3))
		silent := terms(t, n, 4) // what cannot run without its partner
		partner := rapid.IntRange(0, n-1).Draw(t, "partner")
		all := uint64(1)<<n - 1
		oracle := func(on uint64) Outcome {
			if on != all && on&(1<<partner) == 0 && anyOn(silent)(on) == Fail {
				return Unresolved
			}
			return causes(on)
		}
		got, _ := minimize(t, n, oracle, Options{})
		minimal(t, got, oracle)
	})
}

func TestCap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		oracle := anyOn(terms(t, n, 3))
		limit := rapid.IntRange(1, 60).Draw(t, "limit")
		got, r := minimize(t, n, oracle, Options{Hints: hints(t, n), Repeats: 2, MaxRuns: limit})
		if got.Runs > limit {
			t.Fatalf("%d runs of %d", got.Runs, limit)
		}
		if !got.Exhausted {
			minimal(t, got, oracle)
			return
		}
		if got.Minimal || got.Why == "" || got.Runs != limit {
			t.Fatalf("exhausted: %+v", got)
		}
		for on, v := range r.votes {
			if v[Fail] > 0 && bits.OnesCount64(on) < len(got.Set) {
				t.Fatalf("%b failed and is smaller than %v", on, got.Set)
			}
		}
		if oracle(mask(got.Set)) != Fail {
			t.Fatalf("%v does not fail", got.Set)
		}
	})
}

// One culprit costs two runs for the ends, two for each halving and the repeats.
func TestOneCulpritIsCheap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 64).Draw(t, "n")
		culprit := rapid.IntRange(0, n-1).Draw(t, "culprit")
		repeats := rapid.IntRange(0, 3).Draw(t, "repeats")
		got, _ := minimize(t, n, anyOn([]uint64{1 << culprit}), Options{Repeats: repeats})
		if most := 2 + 2*bits.Len(uint(n-1)) + repeats; got.Runs > most {
			t.Fatalf("%d runs for one of %d, want at most %d", got.Runs, n, most)
		}
	})
}

// The worst case of the paper (proposition 12) is n²+3n tests.
func TestNeverMoreThanThePaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 10).Draw(t, "n")
		outcomes := rapid.SliceOfN(rapid.SampledFrom([]Outcome{Pass, Fail, Unresolved}), 1<<n, 1<<n).Draw(t, "outcomes")
		outcomes[0], outcomes[1<<n-1] = Pass, Fail
		got, _ := minimize(t, n, func(on uint64) Outcome { return outcomes[on] }, Options{})
		if most := n*n + 3*n + 2; got.Runs > most {
			t.Fatalf("%d runs for %d elements, want at most %d", got.Runs, n, most)
		}
	})
}

// A failure that now and then does not show is never pinned on what does not
// cause it, and what is said rests on the votes that were cast.
func TestFlicker(t *testing.T) {
	found, flaky := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "n")
		steady := anyOn(terms(t, n, 2))
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		missing := rapid.Float64Range(0, 0.3).Draw(t, "missing")
		oracle := func(on uint64) Outcome {
			if outcome := steady(on); outcome != Fail || chance.Float64() >= missing {
				return outcome
			}
			return Pass
		}
		got, r := minimize(t, n, oracle, Options{Repeats: 4, MaxRuns: 4000})
		flickered := false
		for _, v := range r.votes {
			flickered = flickered || v[Pass] > 0 && v[Fail] > 0
		}
		if flickered != got.Flaky {
			t.Fatalf("said flaky %v, was %v", got.Flaky, flickered)
		}
		if got.Flaky {
			flaky++
		}
		if got.Status != Isolated {
			return
		}
		found++
		if steady(mask(got.Set)) != Fail {
			t.Fatalf("%v is not a cause", got.Set)
		}
		if v := r.votes[mask(got.Set)]; v[Fail] <= v[Pass] || got.Minimal && v[Fail]+v[Pass] < 5 {
			t.Fatalf("%v was believed on %v", got.Set, v)
		}
		for _, e := range got.Set {
			v := r.votes[mask(got.Set)&^(1<<e)]
			if got.Minimal && (v[Fail] > v[Pass] || v[Fail]+v[Pass] == 0) {
				t.Fatalf("%v is called minimal, and without %d it was seen as %v", got.Set, e, v)
			}
		}
	})
	if found == 0 || flaky == 0 {
		t.Errorf("isolated %d, flickered %d: the property was not put to the test", found, flaky)
	}
}

// The same outcomes lead to the same runs.
func TestDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "n")
		oracle := anyOn(terms(t, n, 3))
		var order [2][]uint64
		for i := range order {
			minimize(t, n, func(on uint64) Outcome {
				order[i] = append(order[i], on)
				return oracle(on)
			}, Options{Repeats: 1})
		}
		if !slices.Equal(order[0], order[1]) {
			t.Fatalf("%v, then %v", order[0], order[1])
		}
	})
}
