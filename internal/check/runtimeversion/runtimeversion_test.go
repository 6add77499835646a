package runtimeversion_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/runtimeversion"
)

func TestCases(t *testing.T) { checktest.Run(t, runtimeversion.Check{}) }
