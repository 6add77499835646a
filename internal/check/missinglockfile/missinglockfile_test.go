package missinglockfile_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/missinglockfile"
)

func TestCases(t *testing.T) { checktest.Run(t, missinglockfile.Check{}) }
