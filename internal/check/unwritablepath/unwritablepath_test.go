package unwritablepath_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/unwritablepath"
)

func TestCases(t *testing.T) { checktest.Run(t, unwritablepath.Check{}) }
