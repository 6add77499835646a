package missinggrant_test

import (
	"testing"

	"rehearse/internal/check/missinggrant"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, missinggrant.Check{}) }
