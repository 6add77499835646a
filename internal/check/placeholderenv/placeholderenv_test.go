package placeholderenv_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/placeholderenv"
)

func TestCases(t *testing.T) { checktest.Run(t, placeholderenv.Check{}) }
