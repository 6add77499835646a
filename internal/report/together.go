package report

import (
	"fmt"
	"slices"
	"strings"

	"rehearse/internal/finding"
)

// Together returns findings that people read, of which those that differ in
// nothing but their environment (a chart with two files of values, overlays of
// one base) are one, of both environments: nobody mends them twice. The order is
// that of the first of each. What a stage spoke of stays by itself.
func (d *Document) Together(findings []finding.Finding) []finding.Finding {
	var all []finding.Finding
	at := map[string]int{}
	in := map[int][]string{} // the environments of those that are several
	for _, f := range findings {
		if f.Environment == "" || f.Rehearsal != nil || f.Verdict != finding.Suspected {
			all = append(all, f)
			continue
		}
		key := d.alike(f)
		first, again := at[key]
		if !again {
			at[key] = len(all)
			all = append(all, f)
			continue
		}
		if in[first] == nil {
			in[first] = []string{all[first].Environment}
		}
		if !slices.Contains(in[first], f.Environment) {
			in[first] = append(in[first], f.Environment)
		}
	}
	for i, names := range in {
		if len(names) == 1 {
			continue
		}
		all[i] = renamed(all[i], strings.Join(names[:len(names)-1], ", ")+" and "+names[len(names)-1])
	}
	return all
}

// alike returns a text that findings have in common which are to be one.
func (d *Document) alike(f finding.Finding) string {
	known := d.IsKnown(&f)
	return fmt.Sprintf("%t %+v", known, renamed(f, "\x00"))
}

// renamed returns the finding as it is in an environment of another name.
func renamed(f finding.Finding, name string) finding.Finding {
	old := f.Environment
	for _, text := range []*string{&f.Message, &f.Consequence, &f.Remedy} {
		*text = replaced(*text, old, name)
	}
	f.Environment = name
	f.Evidence = slices.Clone(f.Evidence)
	for i := range f.Evidence {
		if f.Evidence[i].Environment == old {
			f.Evidence[i].Environment = name
		}
	}
	return f
}

// replaced puts another name in the place of an environment's where it stands as
// a word of its own, and not as a part of a path.
func replaced(text, old, name string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		if bare := strings.TrimRight(word, ",.;:"); bare == old {
			words[i] = name + word[len(bare):]
		}
	}
	return strings.Join(words, " ")
}
