package missingenv_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/missingenv"
)

func TestCases(t *testing.T) { checktest.Run(t, missingenv.Check{}) }
