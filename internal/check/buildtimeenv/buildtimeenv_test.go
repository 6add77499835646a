package buildtimeenv_test

import (
	"testing"

	"rehearse/internal/check/buildtimeenv"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, buildtimeenv.Check{}) }
