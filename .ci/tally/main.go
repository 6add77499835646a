// Command tally reads what `go test -json` prints, shows the packages and the
// output of what failed, and closes with one line:
//
//	12 passed, 0 failed, 1 skipped
//
// Every test and subtest counts. A package that does not build, or that ends
// otherwise than by a test, counts as a failure. The exit status is 1 where
// anything failed, or where nothing was run at all.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// event is a line of `go test -json` (go doc test2json).
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output
	Test       string
	Output     string
}

// tally is what was counted.
type tally struct{ passed, failed, skipped int }

func main() {
	t, err := read(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tally:", err)
		os.Exit(1)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped)
	if t.failed > 0 || t.passed == 0 {
		os.Exit(1)
	}
}

func read(r io.Reader, w io.Writer) (tally, error) {
	var t tally
	type name struct{ pkg, test string }
	said := map[name]string{}    // output of what has not ended
	failures := map[string]int{} // failed tests of a package
	out := bufio.NewWriter(w)    // errors show at Flush
	decoder := json.NewDecoder(r)
	for decoder.More() {
		var e event
		if err := decoder.Decode(&e); err != nil {
			return t, fmt.Errorf("not what go test -json prints: %w", err)
		}
		at := name{e.Package, e.Test}
		switch e.Action {
		case "build-output":
			fmt.Fprint(out, e.Output)
		case "output":
			said[at] += e.Output
		case "pass", "fail", "skip":
			switch {
			case e.Test == "" && e.Action == "fail" && failures[e.Package] == 0:
				t.failed++
				fmt.Fprint(out, said[at])
			case e.Test == "" && e.Action == "skip": // it has no tests
			case e.Test == "":
				fmt.Fprintf(out, "%s %s\n", e.Action, e.Package)
			case e.Action == "fail":
				t.failed++
				failures[e.Package]++
				fmt.Fprint(out, said[at])
			case e.Action == "skip":
				t.skipped++
				fmt.Fprint(out, said[at])
			default:
				t.passed++
			}
			delete(said, at)
			if err := out.Flush(); err != nil {
				return t, err
			}
		}
	}
	return t, out.Flush()
}
