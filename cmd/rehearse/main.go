// Command rehearse tells, before a deployment, what will break in production
// although it works on this machine, and proves it.
package main

import (
	"os"

	"rehearse/internal/cli"
	"rehearse/internal/stage"
)

func main() {
	stage.Enter() // does not return in the processes that a stage makes of this program
	command := cli.Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(command.Main(os.Args[1:]))
}
