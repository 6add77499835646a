package loopbackurl_test

import (
	"testing"

	"rehearse/internal/check/loopbackurl"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, loopbackurl.Check{}) }
