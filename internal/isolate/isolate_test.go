package isolate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// whole returns a test that fails when all of the culprits are on.
func whole(culprits ...int) Test {
	return func(_ context.Context, on []int) (Outcome, error) {
		if has(on, culprits) {
			return Fail, nil
		}
		return Pass, nil
	}
}

// script returns a test whose outcomes of a set, written as fmt.Sprint writes
// it, come one after another, the last for ever; other sets have the outcomes
// of then.
func script(lines map[string][]Outcome, then Test) Test {
	return func(ctx context.Context, on []int) (Outcome, error) {
		key := fmt.Sprint(on)
		left, ok := lines[key]
		if !ok {
			return then(ctx, on)
		}
		if len(left) > 1 {
			lines[key] = left[1:]
		}
		return left[0], nil
	}
}

func has(on, culprits []int) bool {
	for _, c := range culprits {
		if !slices.Contains(on, c) {
			return false
		}
	}
	return true
}

func TestMinimize(t *testing.T) {
	full4 := "[0 1 2 3]"
	tests := []struct {
		name    string
		n       int
		test    Test
		options Options
		want    Result // Why is a part of the sentence
	}{
		{
			name: "one culprit", n: 8, test: whole(5),
			want: Result{Status: Isolated, Set: []int{5}, Minimal: true, Runs: 7},
		},
		{
			name: "two culprits in different halves", n: 8, test: whole(1, 6),
			want: Result{Status: Isolated, Set: []int{1, 6}, Minimal: true, Runs: 18},
		},
		{
			name: "all are needed", n: 3, test: whole(0, 1, 2),
			want: Result{Status: Isolated, Set: []int{0, 1, 2}, Minimal: true, Runs: 8},
		},
		{
			name: "the only element", n: 1, test: whole(0),
			want: Result{Status: Isolated, Set: []int{0}, Minimal: true, Runs: 2},
		},
		{
			name: "the ends are known", n: 1, test: whole(0), options: Options{Known: true},
			want: Result{Status: Isolated, Set: []int{0}, Minimal: true},
		},
		{
			name: "a hint that is one culprit is minimal at once", n: 64, test: whole(40),
			options: Options{Hints: [][]int{{}, {3}, {40}}},
			want:    Result{Status: Isolated, Set: []int{40}, Minimal: true, Runs: 4},
		},
		{
			name: "a hint that fails is minimised", n: 64, test: whole(40),
			options: Options{Hints: [][]int{{41, 40, 40}}},
			want:    Result{Status: Isolated, Set: []int{40}, Minimal: true, Runs: 4},
		},
		{
			name: "hints that pass do no harm", n: 4, test: whole(2),
			options: Options{Hints: [][]int{{0}, {1}}},
			want:    Result{Status: Isolated, Set: []int{2}, Minimal: true, Runs: 7},
		},
		{
			name: "it does not fail", n: 4, test: whole(9),
			want: Result{Status: Harmless, Runs: 1, Why: "do not make it fail: it failed in 0 of 1 runs"},
		},
		{
			name: "it always fails", n: 4, test: whole(),
			want: Result{Status: Baseless, Runs: 2, Why: "with none of them as well"},
		},
		{
			name: "nothing to switch on", n: 0, test: whole(9),
			want: Result{Status: Harmless, Runs: 1, Why: "nothing to switch on"},
		},
		{
			name: "nothing to switch on, and it fails", n: 0, test: whole(),
			want: Result{Status: Baseless, Runs: 1, Why: "with none of them as well"},
		},
		{
			name: "unresolved is neither", n: 4,
			test: script(map[string][]Outcome{"[2]": {Unresolved}, "[3]": {Unresolved}}, whole(2)),
			want: Result{Status: Isolated, Set: []int{2, 3}, Minimal: true, Runs: 6, Unresolved: 2},
		},
		{
			name: "unresolved with all on", n: 4, test: script(map[string][]Outcome{full4: {Unresolved}}, whole(2)),
			want: Result{Status: Harmless, Runs: 1, Unresolved: 1, Why: "1 said nothing"},
		},
		{
			name: "the set is run again", n: 2, test: whole(1), options: Options{Repeats: 3},
			want: Result{Status: Isolated, Set: []int{1}, Minimal: true, Runs: 7},
		},
		{
			name: "a flicker that the majority outvotes", n: 2,
			test:    script(map[string][]Outcome{"[1]": {Fail, Pass, Fail}}, whole(1)),
			options: Options{Repeats: 2},
			want:    Result{Status: Isolated, Set: []int{1}, Minimal: true, Runs: 7, Flaky: true, Why: "failed in 2 of 3 runs"},
		},
		{
			name: "a failure that does not come again is given up for the next", n: 2,
			test:    script(map[string][]Outcome{"[0]": {Fail, Pass}}, whole(1)),
			options: Options{Repeats: 2},
			want:    Result{Status: Isolated, Set: []int{1}, Minimal: true, Runs: 10, Flaky: true, Why: "the majority counted"},
		},
		{
			name: "a failure that never comes again", n: 1,
			test:    script(map[string][]Outcome{"[0]": {Fail, Pass}}, whole(0)),
			options: Options{Repeats: 2},
			want:    Result{Status: Harmless, Runs: 5, Flaky: true, Why: "too seldom"},
		},
		{
			name: "a tie is no majority", n: 1,
			test:    script(map[string][]Outcome{"[0]": {Fail, Pass}}, whole(0)),
			options: Options{Repeats: 1},
			want:    Result{Status: Harmless, Runs: 4, Flaky: true, Why: "too seldom"},
		},
		{
			name: "a cause elsewhere that flickers", n: 1,
			test:    script(map[string][]Outcome{"[0]": {Fail, Pass, Fail}, "[]": {Pass, Fail}}, whole()),
			options: Options{Repeats: 2},
			want:    Result{Status: Baseless, Runs: 6, Flaky: true, Why: "2 of 3 runs"},
		},
		{
			name: "the cap leaves the smallest so far", n: 8, test: whole(5), options: Options{MaxRuns: 4},
			want: Result{Status: Isolated, Set: []int{4, 5, 6, 7}, Runs: 4, Exhausted: true, Why: "after 4 runs: a smaller set may"},
		},
		{
			name: "the cap comes before the empty set", n: 3, test: whole(1), options: Options{MaxRuns: 1},
			want: Result{Status: Isolated, Set: []int{0, 1, 2}, Runs: 1, Exhausted: true, Why: "smaller set may"},
		},
		{
			name: "the cap is just enough", n: 8, test: whole(5), options: Options{MaxRuns: 7},
			want: Result{Status: Isolated, Set: []int{5}, Minimal: true, Runs: 7},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Minimize(context.Background(), tt.n, tt.test, tt.options)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.Why, tt.want.Why) || (got.Why == "") != (tt.want.Why == "") {
				t.Errorf("why: %q, want a sentence with %q", got.Why, tt.want.Why)
			}
			got.Why, tt.want.Why = "", ""
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestWrongUse(t *testing.T) {
	for name, f := range map[string]func() (Result, error){
		"negative": func() (Result, error) { return Minimize(context.Background(), -1, whole(), Options{}) },
		"hint above": func() (Result, error) {
			return Minimize(context.Background(), 2, whole(1), Options{Hints: [][]int{{2}}})
		},
		"hint below": func() (Result, error) {
			return Minimize(context.Background(), 2, whole(1), Options{Hints: [][]int{{-1}}})
		},
	} {
		if got, err := f(); err == nil || got.Runs != 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("interrupted")
	runs := 0
	got, err := Minimize(ctx, 8, func(ctx context.Context, on []int) (Outcome, error) {
		if runs++; runs == 4 {
			cancel(why)
		}
		return whole(5)(ctx, on)
	}, Options{})
	if !errors.Is(err, why) {
		t.Errorf("error %v, want %v", err, why)
	}
	if got.Minimal || got.Exhausted || got.Runs != 4 || !slices.Equal(got.Set, []int{4, 5, 6, 7}) {
		t.Errorf("got %+v, want the best until then", got)
	}
}

func TestErrorOfTheTest(t *testing.T) {
	broken := errors.New("no stage")
	got, err := Minimize(context.Background(), 8, func(ctx context.Context, on []int) (Outcome, error) {
		if len(on) == 2 {
			return Pass, broken
		}
		return whole(5)(ctx, on)
	}, Options{})
	if !errors.Is(err, broken) || !slices.Equal(got.Set, []int{4, 5, 6, 7}) || got.Minimal {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestSetsAreTheCallees(t *testing.T) {
	got, err := Minimize(context.Background(), 8, func(ctx context.Context, on []int) (Outcome, error) {
		outcome, err := whole(5)(ctx, on)
		clear(on)
		return outcome, err
	}, Options{})
	if err != nil || !slices.Equal(got.Set, []int{5}) {
		t.Errorf("got %+v, %v", got, err)
	}
}
