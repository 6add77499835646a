package stalelockfile_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/stalelockfile"
)

func TestCases(t *testing.T) { checktest.Run(t, stalelockfile.Check{}) }
