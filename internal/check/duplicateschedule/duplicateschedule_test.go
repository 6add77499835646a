package duplicateschedule_test

import (
	"testing"

	"rehearse/internal/check/duplicateschedule"
	"rehearse/internal/cli/checktest"
)

func TestCases(t *testing.T) { checktest.Run(t, duplicateschedule.Check{}) }
