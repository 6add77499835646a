package loopbackurl_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/loopbackurl"
)

func TestCases(t *testing.T) { checktest.Run(t, loopbackurl.Check{}) }
