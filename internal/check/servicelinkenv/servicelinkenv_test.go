package servicelinkenv_test

import (
	"testing"

	"rehearse/internal/check/servicelinkenv"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, servicelinkenv.Check{}) }
