package restartunsafe_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/restartunsafe"
)

func TestCases(t *testing.T) { checktest.Run(t, restartunsafe.Check{}) }
