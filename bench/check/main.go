// Command check measures rehearse against ripgrep on the same tree:
//
//	go run ./bench/check -binary ./rehearse [-runs N] DIR
//
// It runs `rehearse check DIR` and `rg -c` for the texts that make rehearse
// parse a file, in turn, both on a warm cache, and prints the medians of their
// times, the ratio, and the largest memory that rehearse held. It exits with
// status 1 where a limit is exceeded.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"rehearse/bench/cost"
	"rehearse/internal/cli"
)

// The limits that the project sets itself.
const (
	maxRatio  = 5
	maxMemory = 500 << 20 // bytes
)

func main() {
	binary := flag.String("binary", "./rehearse", "the program that is measured")
	ripgrep := flag.String("rg", "rg", "the ripgrep that it is measured against")
	runs := flag.Int("runs", 9, "how often each is run")
	flag.Parse()
	if flag.NArg() != 1 || *runs < 1 {
		fmt.Fprintln(os.Stderr, "usage: check -binary FILE [-rg FILE] [-runs N] DIR")
		os.Exit(2)
	}
	within, err := measure(os.Stdout, *binary, *ripgrep, flag.Arg(0), *runs)
	if err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(3)
	}
	if !within {
		os.Exit(1)
	}
}

// measure reports whether rehearse is within its limits.
func measure(out io.Writer, binary, ripgrep, dir string, runs int) (bool, error) {
	search := []string{ripgrep, "-c", "-F"}
	for _, text := range triggers() {
		search = append(search, "-e", text)
	}
	search = append(search, "--", dir)
	check := []string{binary, "check", "--format", "json", dir}

	var ours, theirs []time.Duration
	var memory int64
	for i := range runs + 1 { // the first warms the cache
		a, err := cost.Run("", 1, check...)
		if err != nil {
			return false, err
		}
		b, err := cost.Run("", 1, search...)
		if err != nil {
			return false, err
		}
		if i > 0 {
			ours, theirs = append(ours, a.Took), append(theirs, b.Took)
			memory = max(memory, a.Memory)
		}
	}
	ratio := float64(cost.Median(ours)) / float64(cost.Median(theirs))
	fmt.Fprintf(out, "rehearse check  %8.1f ms  (%.1f to %.1f)\n", cost.Milliseconds(cost.Median(ours)), cost.Milliseconds(slices.Min(ours)), cost.Milliseconds(slices.Max(ours)))
	fmt.Fprintf(out, "rg -c           %8.1f ms  (%.1f to %.1f), %d texts\n", cost.Milliseconds(cost.Median(theirs)), cost.Milliseconds(slices.Min(theirs)), cost.Milliseconds(slices.Max(theirs)), len(triggers()))
	fmt.Fprintf(out, "ratio           %8.2f     at most %d\n", ratio, maxRatio)
	fmt.Fprintf(out, "memory          %8.1f MB  at most %d\n", float64(memory)/(1<<20), maxMemory>>20)
	return ratio <= maxRatio && memory <= maxMemory, nil
}

// triggers returns the texts of all readers, each once.
func triggers() []string {
	var all []string
	for _, reader := range cli.Languages() {
		all = append(all, reader.Triggers()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
