package devdependency_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/devdependency"
)

func TestCases(t *testing.T) { checktest.Run(t, devdependency.Check{}) }
