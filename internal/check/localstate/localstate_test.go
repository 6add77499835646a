package localstate_test

import (
	"testing"

	"rehearse/internal/check/localstate"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, localstate.Check{}) }
