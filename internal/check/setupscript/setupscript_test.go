package setupscript_test

import (
	"testing"

	"rehearse/internal/check/setupscript"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, setupscript.Check{}) }
