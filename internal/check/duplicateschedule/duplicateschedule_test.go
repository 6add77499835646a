package duplicateschedule_test

import (
	"testing"

	"rehearse/internal/check/checktest"
	"rehearse/internal/check/duplicateschedule"
)

func TestCases(t *testing.T) { checktest.Run(t, duplicateschedule.Check{}) }
