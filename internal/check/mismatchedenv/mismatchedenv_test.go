package mismatchedenv_test

import (
	"testing"

	"rehearse/internal/check/mismatchedenv"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, mismatchedenv.Check{}) }
