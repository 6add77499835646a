package missingfile_test

import (
	"testing"

	"rehearse/internal/check/missingfile"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, missingfile.Check{}) }
