package unlockedinstall_test

import (
	"testing"

	"rehearse/internal/check/unlockedinstall"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, unlockedinstall.Check{}) }
