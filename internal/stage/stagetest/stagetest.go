// Package stagetest says what becomes of a test that needs what this machine
// does not have: namespaces, a server, a program. It is skipped, and says why;
// where everything is known to be there, as in continuous integration, that is
// a failure instead.
package stagetest

import (
	"os"
	"testing"
)

// MustRun is the variable that, where it is "1", turns the skips of Skip into
// failures.
const MustRun = "REHEARSE_MUST_RUN"

// Skip ends a test that needs what this machine does not have; the arguments
// say what, and why it is not there.
func Skip(t testing.TB, needs ...any) {
	t.Helper()
	if os.Getenv(MustRun) == "1" {
		t.Fatal(append(needs, "("+MustRun+" is set: it must run here)")...)
	}
	t.Skip(needs...)
}
