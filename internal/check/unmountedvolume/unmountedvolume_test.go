package unmountedvolume_test

import (
	"testing"

	"rehearse/internal/check/unmountedvolume"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, unmountedvolume.Check{}) }
