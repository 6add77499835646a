package helm

import "testing"

// TestStandIns sees to it that every stand-in is there and can be parsed.
func TestStandIns(t *testing.T) {
	for _, h := range houses {
		text, err := standIns.ReadFile("standin/" + h.file)
		if err != nil {
			t.Fatal(err)
		}
		e := newEngine(t.Context(), &chart{name: "c"})
		if _, err := e.root.New(h.file).Parse(string(text)); err != nil {
			t.Errorf("%s: %v", h.chart, err)
		}
	}
}
