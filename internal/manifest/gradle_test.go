package manifest

import (
	"errors"
	"testing"

	"rehearse/internal/source"
)

// TestGradleLockLine holds what is said of a lock state that cannot be read to its
// line.
func TestGradleLockLine(t *testing.T) {
	_, err := gradleLock(source.File{Path: "gradle.lockfile", Data: []byte("# generated\na:b:1=x\n\na:b\n")})
	var broken *Broken
	if !errors.As(err, &broken) || broken.At.Line != 4 {
		t.Errorf("%+v", broken)
	}
}
