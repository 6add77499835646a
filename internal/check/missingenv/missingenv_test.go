package missingenv_test

import (
	"testing"

	"rehearse/internal/check/missingenv"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, missingenv.Check{}) }
