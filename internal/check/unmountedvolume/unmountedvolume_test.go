package unmountedvolume_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/unmountedvolume"
)

func TestCases(t *testing.T) { checktest.Run(t, unmountedvolume.Check{}) }
