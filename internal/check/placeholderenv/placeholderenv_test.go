package placeholderenv_test

import (
	"testing"

	"rehearse/internal/check/placeholderenv"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, placeholderenv.Check{}) }
