package unreadenv_test

import (
	"testing"

	"rehearse/internal/check/unreadenv"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, unreadenv.Check{}) }
