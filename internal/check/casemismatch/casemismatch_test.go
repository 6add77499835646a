package casemismatch_test

import (
	"testing"

	"rehearse/internal/check/casemismatch"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, casemismatch.Check{}) }
