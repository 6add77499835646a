package invalidenv_test

import (
	"testing"

	"rehearse/internal/check/invalidenv"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, invalidenv.Check{}) }
