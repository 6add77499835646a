package missingbinary_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/missingbinary"
)

func TestCases(t *testing.T) { checktest.Run(t, missingbinary.Check{}) }
