package unconsumedqueue_test

import (
	"testing"

	"rehearse/internal/check/unconsumedqueue"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, unconsumedqueue.Check{}) }
