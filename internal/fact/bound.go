package fact

import (
	"math"
	"strconv"
	"strings"

	"rehearse/internal/source"
)

// Bound is what a definition asks for a workload, or the most that it allows it.
type Bound struct {
	Resource string // memory, cpu, ephemeral-storage
	Limit    bool   // the most that it may have; else what is kept free for it
	Text     string // as it is written
	Amount   int64  // in bytes; of cpu in thousandths
	At       source.Span
}

// Bound returns a bound of the workload; nil where none is said.
func (w *Workload) Bound(resource string, limit bool) *Bound {
	for i := range w.Bounds {
		if b := &w.Bounds[i]; b.Resource == resource && b.Limit == limit {
			return b
		}
	}
	return nil
}

// quantities are the suffixes of Kubernetes
// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
var quantities = map[string]float64{
	"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
	"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40, "Pi": 1 << 50, "Ei": 1 << 60,
}

// Quantity reads an amount as Kubernetes writes it: 512Mi, 1.5G, 250m.
func Quantity(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseFloat(text, 64); err == nil { // also 1e3
		return n, amount(n)
	}
	i := strings.LastIndexAny(text, "0123456789.") + 1
	unit, known := quantities[text[i:]]
	n, err := strconv.ParseFloat(text[:i], 64)
	if err != nil || !known {
		return 0, false
	}
	return n * unit, amount(n * unit)
}

// Size reads an amount of memory as Docker and the programs that it starts
// write it, with units of 1024: 512m, 1g, 1gb, 256MB
// (https://docs.docker.com/reference/compose-file/extension/#specifying-byte-values).
func Size(text string) (float64, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	i := strings.LastIndexAny(text, "0123456789.") + 1
	n, err := strconv.ParseFloat(text[:i], 64)
	if err != nil {
		return 0, false
	}
	unit := strings.TrimSuffix(strings.TrimSuffix(text[i:], "b"), "i")
	power := strings.Index(" kmgt", unit)
	switch {
	case unit == "":
		power = 0
	case len(unit) != 1 || power < 1:
		return 0, false
	}
	n *= math.Pow(1024, float64(power))
	return n, amount(n)
}

// amount reports whether a number can be one of bytes.
func amount(n float64) bool { return n >= 0 && n < 1<<62 }
