package undeclareddependency_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/undeclareddependency"
)

func TestCases(t *testing.T) { checktest.Run(t, undeclareddependency.Check{}) }
