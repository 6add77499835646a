package undefinedvalue_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/undefinedvalue"
)

func TestCases(t *testing.T) { checktest.Run(t, undefinedvalue.Check{}) }
