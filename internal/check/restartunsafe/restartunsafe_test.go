package restartunsafe_test

import (
	"testing"

	"rehearse/internal/check/restartunsafe"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, restartunsafe.Check{}) }
