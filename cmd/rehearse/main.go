// Command rehearse tells, before a deployment, what will break in production
// although it works on this machine, and proves it.
package main

import (
	"os"
	"runtime/debug"

	"rehearse/internal/cli"
	"rehearse/internal/stage"
)

func main() {
	stage.Enter() // does not return in the processes that a stage makes of this program
	unhurried()
	command := cli.Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(command.Main(os.Args[1:]))
}

// unhurried has the garbage of a run collected seldom: most runs are over before
// they have filled a hundred megabytes, and spent a tenth of their time on it. From
// half a gigabyte on it is collected as it would be otherwise. Who sets GOGC knows
// better.
func unhurried() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(512 << 20)
	}
}
