// Package cost runs programs and tells what they took.
package cost

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// Cost is what a run of a program took.
type Cost struct {
	Took   time.Duration
	Memory int64 // the largest resident set of the program or of one it started, in bytes
	Output []byte
}

// Run runs a program to its end in the folder dir; "" is the present one. A
// status of at most worst is no failure: that it found something, or nothing,
// is what programs that look for things say with it.
func Run(dir string, worst int, argv ...string) (Cost, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	var said, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &complaint
	begin := time.Now()
	err := cmd.Run()
	took := time.Since(begin)
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() >= 0 && exit.ExitCode() <= worst) {
		return Cost{}, fmt.Errorf("%s: %w: %s", argv[0], err, bytes.TrimSpace(complaint.Bytes()))
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return Cost{}, errors.New("the system does not tell what a process used")
	}
	return Cost{took, usage.Maxrss * maxrssUnit, said.Bytes()}, nil
}

// Median returns the median of one or more durations.
func Median(all []time.Duration) time.Duration {
	sorted := slices.SortedFunc(slices.Values(all), cmp.Compare[time.Duration])
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// Milliseconds returns d as reports give it.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
