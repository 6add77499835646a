package fact

import "testing"

func TestQuantity(t *testing.T) {
	for text, want := range map[string]float64{"512Mi": 512 << 20, "1.5G": 1.5e9, "250m": 0.25, "1e3": 1000, "128": 128, "2Gi": 2 << 30} {
		if got, ok := Quantity(text); !ok || got != want {
			t.Errorf("%s: %v %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "Mi", "512MB", "-1", "NaN", "1e99", "${X}", "٣Mi"} {
		if got, ok := Quantity(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]float64{"512m": 512 << 20, "1g": 1 << 30, "1GB": 1 << 30, "256MiB": 256 << 20, "300": 300, "64k": 64 << 10} {
		if got, ok := Size(text); !ok || got != want {
			t.Errorf("%s: %v %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "m", "12x", "-5m", "inf", "${X}", "1gbb"} {
		if got, ok := Size(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
