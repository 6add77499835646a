package missinggrant_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/missinggrant"
)

func TestCases(t *testing.T) { checktest.Run(t, missinggrant.Check{}) }
