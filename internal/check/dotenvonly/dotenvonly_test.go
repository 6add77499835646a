package dotenvonly_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/dotenvonly"
)

func TestCases(t *testing.T) { checktest.Run(t, dotenvonly.Check{}) }
