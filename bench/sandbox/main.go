// Command sandbox measures how long a process takes to start and end on an open
// stage, beside the same under bubblewrap, alternately in one run:
//
//	go run ./bench/sandbox [-n 200]
//
// It prints the medians, their ratio, and what opening a stage and a whole round
// of three nodes with a process each takes.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"

	"rehearse/internal/stage"
)

// limit is how much longer than bubblewrap a start may take.
const limit = 1.5

func main() {
	stage.Enter()
	n := flag.Int("n", 200, "how often each is measured")
	flag.Parse()
	if err := measure(context.Background(), *n); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, n int) error {
	opened := time.Now()
	s, err := stage.Open(ctx, stage.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Printf("open a stage          %8.2f ms\n", ms(time.Since(opened)))
	if s.Plain() {
		return fmt.Errorf("needs Linux namespaces: %v", s.Limits())
	}
	var ours, theirs, rounds []time.Duration
	for range n {
		d, err := timed(func() error { return noop(ctx, s, s.Outside()) })
		if err != nil {
			return err
		}
		ours = append(ours, d)
		d, err = timed(exec.Command("bwrap", "--unshare-all", "--dev-bind", "/", "/", "true").Run)
		if err != nil {
			return fmt.Errorf("bwrap: %w", err)
		}
		theirs = append(theirs, d)
	}
	for range max(n/10, 1) {
		d, err := timed(func() error { return round(ctx, s) })
		if err != nil {
			return err
		}
		rounds = append(rounds, d)
	}
	a, b := median(ours), median(theirs)
	fmt.Printf("a process on a stage  %8.2f ms\n", ms(a))
	fmt.Printf("the same under bwrap  %8.2f ms\n", ms(b))
	fmt.Printf("three nodes, one each %8.2f ms\n", ms(median(rounds)))
	fmt.Printf("ratio                 %8.2f (at most %.1f)\n", float64(a)/float64(b), limit)
	if float64(a) > limit*float64(b) {
		return fmt.Errorf("a start takes more than %.1f times bubblewrap's", limit)
	}
	return nil
}

// noop starts the least that can be started, and waits for its end.
func noop(ctx context.Context, s *stage.Stage, n *stage.Node) error {
	p, err := s.Start(ctx, stage.Replica{Name: "noop", Node: n, Argv: []string{"/bin/true"}})
	if err != nil {
		return err
	}
	_, err = p.Wait(ctx)
	return err
}

// round is what one run of an environment takes beside the application itself.
func round(ctx context.Context, s *stage.Stage) error {
	var nodes []*stage.Node
	for i := range 3 {
		n, err := s.Node(ctx, fmt.Sprint("node", i))
		if err != nil {
			return err
		}
		nodes = append(nodes, n)
		if err := noop(ctx, s, n); err != nil {
			return err
		}
	}
	for _, n := range nodes {
		if err := n.Close(); err != nil {
			return err
		}
	}
	return nil
}

func timed(f func() error) (time.Duration, error) {
	start := time.Now()
	err := f()
	return time.Since(start), err
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
