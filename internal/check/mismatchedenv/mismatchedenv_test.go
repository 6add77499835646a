package mismatchedenv_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/mismatchedenv"
)

func TestCases(t *testing.T) { checktest.Run(t, mismatchedenv.Check{}) }
