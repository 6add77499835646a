package devdependency_test

import (
	"testing"

	"rehearse/internal/check/devdependency"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, devdependency.Check{}) }
