package invalidenv_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/invalidenv"
)

func TestCases(t *testing.T) { checktest.Run(t, invalidenv.Check{}) }
