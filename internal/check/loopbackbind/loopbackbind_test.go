package loopbackbind_test

import (
	"testing"

	"rehearse/internal/check/loopbackbind"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, loopbackbind.Check{}) }
