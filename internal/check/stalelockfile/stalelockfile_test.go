package stalelockfile_test

import (
	"testing"

	"rehearse/internal/check/stalelockfile"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, stalelockfile.Check{}) }
