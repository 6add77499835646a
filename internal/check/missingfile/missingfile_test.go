package missingfile_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/missingfile"
)

func TestCases(t *testing.T) { checktest.Run(t, missingfile.Check{}) }
