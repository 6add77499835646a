package ephemeralwrite_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/ephemeralwrite"
)

func TestCases(t *testing.T) { checktest.Run(t, ephemeralwrite.Check{}) }
