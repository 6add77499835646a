package json

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"rehearse/internal/report"
	"rehearse/internal/report/reporttest"
)

func render(t *testing.T, d report.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := New(&b, report.Options{}).Write(d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for _, name := range []string{"checked", "shop", "empty", "path", "race", "known", "parity"} {
		t.Run(name, func(t *testing.T) {
			reporttest.Golden(t, name+".json", render(t, reporttest.Documents()[name]))
		})
	}
}

func TestOneDocument(t *testing.T) {
	for name, d := range reporttest.Documents() {
		out := render(t, d)
		dec := json.NewDecoder(bytes.NewReader([]byte(out)))
		var v any
		if err := dec.Decode(&v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if dec.More() || out[len(out)-1] != '\n' {
			t.Errorf("%s: more than one document, or no line break at its end", name)
		}
	}
}

// The same document gives the same bytes, whatever order its pieces came in.
func TestOrder(t *testing.T) {
	want := render(t, reporttest.Shop())
	chance := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		d := reporttest.Shop()
		shuffle(chance, d.Findings)
		shuffle(chance, d.Environments)
		shuffle(chance, d.Project.Components)
		if got := render(t, d); got != want {
			t.Fatalf("another order of pieces gives other bytes:\n%s", got)
		}
	}
}

func shuffle[T any](chance *rand.Rand, list []T) {
	chance.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func TestWriterLeavesTheDocument(t *testing.T) {
	d := reporttest.Shop()
	before := slices.Clone(d.Findings)
	render(t, d)
	for i := range before {
		if d.Findings[i].Fingerprint() != before[i].Fingerprint() {
			t.Fatal("the caller's findings were reordered")
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriteError(t *testing.T) {
	if err := New(full{}, report.Options{}).Write(reporttest.Shop()); err == nil {
		t.Error("a full disk goes unnoticed")
	}
}
