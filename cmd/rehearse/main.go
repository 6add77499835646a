// Command rehearse tells, before a deployment, what will break in production
// although it works on this machine, and proves it.
package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"

	"rehearse/internal/cli"
	"rehearse/internal/stage"
)

func main() {
	stage.Enter() // does not return in the processes that a stage makes of this program
	unhurried()
	command := cli.Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(command.Main(os.Args[1:]))
}

// plenty is how much of the heap may stay before nothing is special any more.
const plenty = 256 << 20

// unhurried has the garbage of a run collected seldom: most runs are over before
// they have filled a hundred megabytes, and spent a tenth of their time on it. Up to
// twice what is plenty is taken for it. Who sets GOGC or GOMEMLIMIT knows better.
func unhurried() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(2 * plenty)
	runtime.SetFinalizer(new(cycle), (*cycle).ended)
}

// cycle is garbage, so that the end of each collection is heard of.
type cycle struct{ _ *cycle }

// ended has garbage collected as it would be otherwise once plenty stays: under a
// limit that what stays has reached, a program does little but collect
// (https://go.dev/doc/gc-guide#Memory_limit).
func (*cycle) ended() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	if metrics.Read(live); live[0].Value.Uint64() < plenty {
		runtime.SetFinalizer(new(cycle), (*cycle).ended)
		return
	}
	debug.SetGCPercent(100)
	debug.SetMemoryLimit(math.MaxInt64)
}
