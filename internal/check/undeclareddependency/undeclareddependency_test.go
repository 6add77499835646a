package undeclareddependency_test

import (
	"testing"

	"rehearse/internal/check/undeclareddependency"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, undeclareddependency.Check{}) }
