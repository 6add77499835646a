package helm

import (
	"slices"

	"rehearse/internal/fact"
)

// twice returns the parts of files of values that are given again further down:
// the later replaces the earlier whole
// (https://yaml.org/spec/1.2.2/, "Mapping": keys are unique).
func (f *findings) twice() []fact.Flaw {
	var flaws []fact.Flaw
	for _, d := range f.chart.twice {
		if !d.Lost.IsMap() || !d.Kept.IsMap() || !slices.ContainsFunc(f.layers, func(l layer) bool { return l.file == d.At.File }) {
			continue
		}
		for _, p := range d.Lost.Pairs() {
			if d.Kept.KeyAt(p.Name()).IsZero() {
				flaws = append(flaws, fact.Flaw{
					Kind: fact.Overwritten, Name: d.Key, At: d.At, Other: d.First,
					What: "it is given twice, and the later replaces the earlier: " + d.Key + "." + p.Name() + " is lost",
				})
				break
			}
		}
	}
	return flaws
}
