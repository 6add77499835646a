package ephemeralwrite_test

import (
	"testing"

	"rehearse/internal/check/ephemeralwrite"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, ephemeralwrite.Check{}) }
