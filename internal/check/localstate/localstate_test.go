package localstate_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/localstate"
)

func TestCases(t *testing.T) { checktest.Run(t, localstate.Check{}) }
