package machinepath_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/machinepath"
)

func TestCases(t *testing.T) { checktest.Run(t, machinepath.Check{}) }
