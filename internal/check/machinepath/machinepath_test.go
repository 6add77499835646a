package machinepath_test

import (
	"testing"

	"rehearse/internal/check/machinepath"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, machinepath.Check{}) }
