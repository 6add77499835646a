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
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

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
		a, err := run(check)
		if err != nil {
			return false, err
		}
		b, err := run(search)
		if err != nil {
			return false, err
		}
		if i > 0 {
			ours, theirs = append(ours, a.took), append(theirs, b.took)
			memory = max(memory, a.memory)
		}
	}
	ratio := float64(median(ours)) / float64(median(theirs))
	fmt.Fprintf(out, "rehearse check  %8.1f ms  (%.1f to %.1f)\n", ms(median(ours)), ms(slices.Min(ours)), ms(slices.Max(ours)))
	fmt.Fprintf(out, "rg -c           %8.1f ms  (%.1f to %.1f), %d texts\n", ms(median(theirs)), ms(slices.Min(theirs)), ms(slices.Max(theirs)), len(triggers()))
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

// cost is what a run took.
type cost struct {
	took   time.Duration
	memory int64 // the largest resident set, in bytes
}

// run runs a program whose output nobody reads. That it found something, or
// nothing, is no failure: 1 is such a status of both programs.
func run(argv []string) (cost, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	begin := time.Now()
	err := cmd.Run()
	took := time.Since(begin)
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		return cost{}, fmt.Errorf("%s: %w: %s", argv[0], err, bytes.TrimSpace(complaint.Bytes()))
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, errors.New("the system does not tell what a process used")
	}
	return cost{took, usage.Maxrss * maxrssUnit}, nil
}

func median(all []time.Duration) time.Duration {
	sorted := slices.SortedFunc(slices.Values(all), cmp.Compare[time.Duration])
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
