package service

import (
	"os"
	"testing"

	"rehearse/internal/stage/stagetest"
)

// PostgreSQL refuses to run as root, and a plain stage cannot make it another
// user: TestPlain once more, as one without any right.
func TestPlainUnprivileged(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to run as another user; without root TestPlain is this one")
	}
	stagetest.Unprivileged(t, "^TestPlain$")
}
