package loopbackbind_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/loopbackbind"
)

func TestCases(t *testing.T) { checktest.Run(t, loopbackbind.Check{}) }
