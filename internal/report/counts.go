package report

import (
	"fmt"
	"strings"

	"rehearse/internal/finding"
)

// Counts are the figures of a document.
type Counts struct {
	// Error, Warning and Info count the findings that stand: those that were
	// refuted on the stage or are known are not among them.
	Error, Warning, Info int
	// Proved counts, by severity, those of them that were reproduced.
	Proved map[finding.Severity]int
	// Reproduced and Refuted count findings of any severity.
	Reproduced, Refuted int
	// Known counts the findings that the baseline has and that were not refuted.
	Known int
	// Ignored counts the findings that were taken out of the report.
	Ignored int
}

// Standing returns the number of findings of one severity that stand.
func (c Counts) Standing(s finding.Severity) int {
	switch s {
	case finding.Error:
		return c.Error
	case finding.Warning:
		return c.Warning
	}
	return c.Info
}

// Counts counts the findings.
func (d *Document) Counts() Counts {
	c := Counts{Proved: map[finding.Severity]int{}, Ignored: d.Ignored}
	for i := range d.Findings {
		f := &d.Findings[i]
		switch f.Verdict {
		case finding.Refuted:
			c.Refuted++
			continue
		case finding.Reproduced:
			c.Reproduced++
		}
		if d.IsKnown(f) {
			c.Known++
			continue
		}
		if f.Verdict == finding.Reproduced {
			c.Proved[f.Severity]++
		}
		switch f.Severity {
		case finding.Error:
			c.Error++
		case finding.Warning:
			c.Warning++
		default:
			c.Info++
		}
	}
	return c
}

// Blind says why nothing could be compared, so that no findings is no good news;
// "" where something was.
func (d *Document) Blind() string {
	switch {
	case len(d.Findings)+len(d.Races) > 0 || d.Trace != nil:
		return ""
	case len(d.Project.Components) == 0:
		return "nothing could be looked at: no component was found"
	}
	for _, e := range d.Environments {
		if e.Name != "local" {
			return ""
		}
	}
	if d.Images {
		return "nothing but the image could be looked at: no definition was found of how it is deployed"
	}
	return "nothing could be compared: no definition was found of how it is deployed"
}

// IsKnown reports whether the baseline has the finding.
func (d *Document) IsKnown(f *finding.Finding) bool {
	return len(d.Known) > 0 && d.Known[f.Fingerprint()]
}

// Fails reports whether the finding makes the exit status 1: it stands, it is
// not known, and it is grave enough.
func (d *Document) Fails(f *finding.Finding) bool {
	least := d.FailOn
	if least == "" {
		least = finding.Warning
	}
	return f.Verdict != finding.Refuted && f.Severity.Rank() >= least.Rank() && !d.IsKnown(f)
}

// String says the figures as a sentence has them: "2 errors (both reproduced),
// 1 warning; 1 refuted".
func (c Counts) String() string {
	var standing, beside []string
	for _, s := range []struct {
		severity  finding.Severity
		one, many string
	}{{finding.Error, "error", "errors"}, {finding.Warning, "warning", "warnings"}, {finding.Info, "note", "notes"}} {
		n := c.Standing(s.severity)
		if n == 0 {
			continue
		}
		word := s.many
		if n == 1 {
			word = s.one
		}
		standing = append(standing, fmt.Sprintf("%d %s%s", n, word, proved(n, c.Proved[s.severity])))
	}
	if len(standing) == 0 {
		standing = []string{"no findings"}
	}
	for _, s := range []struct {
		n    int
		word string
	}{{c.Refuted, "refuted"}, {c.Known, "known"}, {c.Ignored, "ignored"}} {
		if s.n > 0 {
			beside = append(beside, fmt.Sprintf("%d %s", s.n, s.word))
		}
	}
	text := strings.Join(standing, ", ")
	if len(beside) > 0 {
		text += "; " + strings.Join(beside, ", ")
	}
	return text
}

// proved says how many of n findings were reproduced: " (both reproduced)".
func proved(n, of int) string {
	switch {
	case of == 0:
		return ""
	case n == 1:
		return " (reproduced)"
	case of < n:
		return fmt.Sprintf(" (%d reproduced)", of)
	case n == 2:
		return " (both reproduced)"
	}
	return " (all reproduced)"
}
