package unreadenv_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/unreadenv"
)

func TestCases(t *testing.T) { checktest.Run(t, unreadenv.Check{}) }
