package runtimeversion_test

import (
	"testing"

	"rehearse/internal/check/runtimeversion"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, runtimeversion.Check{}) }
