package missingbinary_test

import (
	"testing"

	"rehearse/internal/check/missingbinary"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, missingbinary.Check{}) }
