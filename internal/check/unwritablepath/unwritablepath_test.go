package unwritablepath_test

import (
	"testing"

	"rehearse/internal/check/unwritablepath"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, unwritablepath.Check{}) }
