package missinglockfile_test

import (
	"testing"

	"rehearse/internal/check/missinglockfile"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, missinglockfile.Check{}) }
