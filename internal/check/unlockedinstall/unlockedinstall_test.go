package unlockedinstall_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/unlockedinstall"
)

func TestCases(t *testing.T) { checktest.Run(t, unlockedinstall.Check{}) }
