package undefinedvalue_test

import (
	"testing"

	"rehearse/internal/check/undefinedvalue"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, undefinedvalue.Check{}) }
