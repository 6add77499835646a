package servicelinkenv_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/servicelinkenv"
)

func TestCases(t *testing.T) { checktest.Run(t, servicelinkenv.Check{}) }
