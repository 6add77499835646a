package unconsumedqueue_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/unconsumedqueue"
)

func TestCases(t *testing.T) { checktest.Run(t, unconsumedqueue.Check{}) }
