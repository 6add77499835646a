package resourcelimit_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/resourcelimit"
)

func TestCases(t *testing.T) { checktest.Run(t, resourcelimit.Check{}) }
