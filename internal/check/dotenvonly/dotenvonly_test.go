package dotenvonly_test

import (
	"testing"

	"rehearse/internal/check/dotenvonly"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, dotenvonly.Check{}) }
