package cost

import (
	"strings"
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for want, all := range map[time.Duration][]time.Duration{3: {3}, 2: {3, 1}, 5: {9, 5, 1}} {
		if got := Median(all); got != want {
			t.Errorf("of %v: %d, want %d", all, got, want)
		}
	}
}

func TestRun(t *testing.T) {
	c, err := Run(t.TempDir(), 1, "sh", "-c", "echo found; exit 1")
	if err != nil || string(c.Output) != "found\n" || c.Memory <= 0 || c.Took <= 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := Run("", 1, "sh", "-c", "echo no such tree >&2; exit 3"); err == nil || !strings.Contains(err.Error(), "no such tree") {
		t.Errorf("a broken program: %v", err)
	}
}
