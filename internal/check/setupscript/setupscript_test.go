package setupscript_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/setupscript"
)

func TestCases(t *testing.T) { checktest.Run(t, setupscript.Check{}) }
