package resourcelimit_test

import (
	"testing"

	"rehearse/internal/check/resourcelimit"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, resourcelimit.Check{}) }
