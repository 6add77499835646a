package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"rehearse/internal/finding"
	"rehearse/internal/report"
)

// unreads is how many of the places that could not be read are shown.
const unreads = 5

// unrehearsed says what was not tried, and why, one line for each reason.
func (s *sheet) unrehearsed(d report.Document) {
	type reason struct{ component, why string }
	experiments, waiting := map[reason][]string{}, map[reason]int{}
	for _, r := range d.Rehearsals {
		if r.Reason != "" {
			k := reason{r.Component, r.Reason}
			experiments[k] = append(experiments[k], r.Experiment)
		}
	}
	for _, f := range d.Findings {
		if f.Verdict == finding.NotRehearsed && f.Rehearsal != nil {
			k := reason{f.Component, f.Rehearsal.Observed}
			experiments[k] = append(experiments[k], f.Rehearsal.Experiment)
			waiting[k]++
		}
	}
	if len(experiments) == 0 {
		return
	}
	var reasons []reason
	for k := range experiments {
		reasons = append(reasons, k)
	}
	slices.SortFunc(reasons, func(a, b reason) int {
		return cmp.Or(cmp.Compare(a.component, b.component), cmp.Compare(a.why, b.why))
	})
	s.line(say(strong, "Not rehearsed"))
	for _, k := range reasons {
		slices.Sort(experiments[k])
		about := list(slices.Compact(experiments[k]))
		if n := waiting[k]; n > 0 {
			about += "; " + count(n, "finding", "findings") + " left unproved"
		}
		s.para([]piece{blank(2)}, []piece{blank(indent)},
			say(plain, k.component+"  "+k.why), say(faint, " ("+about+")"))
	}
	s.line()
}

// notes says what was not as it is in production.
func (s *sheet) notes(d report.Document) {
	if len(d.Notes) == 0 {
		return
	}
	s.line(say(strong, "Notes"))
	for _, note := range d.Notes {
		s.para([]piece{blank(2)}, []piece{blank(indent)}, say(plain, note))
	}
	s.line()
}

// unread lists what could not be read. Places of one file with one reason are
// one line.
func (s *sheet) unread(d report.Document) {
	if len(d.Unread) == 0 {
		return
	}
	s.line(say(strong, "Not read"), say(faint, fmt.Sprintf(" (%d)", len(d.Unread))))
	shown, told := 0, 0
	for rest := d.Unread; len(rest) > 0; shown++ {
		n := 1
		for !s.verbose && n < len(rest) && rest[n].At.File == rest[0].At.File && rest[n].Reason == rest[0].Reason {
			n++
		}
		if shown == unreads && len(rest) > n && !s.verbose {
			s.line(blank(2), say(faint, fmt.Sprintf("… and %d more (-v shows them)", len(d.Unread)-told)))
			break
		}
		also := ""
		if n > 1 {
			also = fmt.Sprintf(" (%d places)", n)
		}
		s.para([]piece{blank(2)}, []piece{blank(indent)},
			say(plain, place(rest[0].At)), say(faint, "  "+rest[0].Reason+also))
		rest, told = rest[n:], told+n
	}
	s.line()
}

// nothing says what was looked at where nothing was found, and what was not.
func nothing(d report.Document) string {
	var names []string
	for _, c := range d.Project.Components {
		names = append(names, c.Name)
	}
	others := elsewhere(d)
	switch {
	case len(names) == 0:
		return "Nothing could be looked at: no component was found, so there is no code whose needs could be compared."
	case len(others) == 0 && d.Images:
		return "Nothing found in the image. What it is given when it runs could not be compared: no definition was found that says how " +
			list(names) + " " + plural(len(names), "is", "are") + " deployed."
	case len(others) == 0:
		return "Nothing could be compared: no definition was found that says how " + list(names) + " " +
			plural(len(names), "is", "are") + " built, tested or deployed elsewhere."
	}
	text := "Nothing found: what the code of " + list(names) + " needs was compared with what " + list(others) + " " +
		plural(len(others), "supplies", "supply") + "."
	ran, started := map[string][]string{}, []string{}
	for _, r := range d.Rehearsals {
		if r.Reason == "" && r.Runs > 0 {
			if ran[r.Component] == nil {
				started = append(started, r.Component)
			}
			ran[r.Component] = append(ran[r.Component], r.Experiment+" in "+count(r.Runs, "run", "runs"))
		}
	}
	if len(started) == 0 {
		return text + " Nothing was started, so what only a run can show was not looked for."
	}
	for _, name := range started {
		text += " " + name + " was rehearsed, and it held (" + list(ran[name]) + ")."
	}
	return text
}

// summary writes the closing line.
func (s *sheet) summary(d report.Document, c report.Counts) {
	var counts []string
	tones := map[finding.Severity]tone{finding.Error: red, finding.Warning: yellow, finding.Info: blue}
	nouns := map[finding.Severity][2]string{
		finding.Error: {"error", "errors"}, finding.Warning: {"warning", "warnings"}, finding.Info: {"note", "notes"},
	}
	t := green
	for _, severity := range []finding.Severity{finding.Error, finding.Warning, finding.Info} {
		n := c.Standing(severity)
		if n == 0 {
			continue
		}
		if t == green {
			t = tones[severity]
		}
		counts = append(counts, count(n, nouns[severity][0], nouns[severity][1])+proved(n, c.Proved[severity]))
	}
	if len(counts) == 0 {
		counts = []string{"no findings"}
	}
	var about []string
	if c.Refuted > 0 {
		about = append(about, fmt.Sprintf("%d refuted", c.Refuted))
	}
	if c.Known > 0 {
		about = append(about, fmt.Sprintf("%d known", c.Known))
	}
	if c.Ignored > 0 {
		about = append(about, fmt.Sprintf("%d ignored", c.Ignored))
	}
	read, runs := count(d.FilesRead, "file", "files")+" read", 0
	of := map[string]int{} // the runs of an experiment serve every component
	for _, r := range d.Rehearsals {
		runs += max(r.Runs-of[r.Experiment], 0)
		of[r.Experiment] = max(of[r.Experiment], r.Runs)
	}
	if runs == 0 {
		about = append(about, read+" in "+lasting(d.Duration))
	} else {
		about = append(about, read, count(runs, "run", "runs")+" in "+lasting(d.Duration))
	}
	if n := len(d.Unread); n > 0 {
		about = append(about, count(n, "place", "places")+" not read")
	}
	line := []piece{say(t, strings.Join(counts, ", "))}
	for _, text := range about { // broken between its parts only
		part := say(faint, " · "+text)
		if width(line...)+width(part) > s.width {
			s.line(line...)
			line, part = nil, say(faint, text)
		}
		line = append(line, part)
	}
	s.line(line...)
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

// lasting returns a duration as a person would say it.
func lasting(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "under 1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
}

func count(n int, one, many string) string { return fmt.Sprintf("%d %s", n, plural(n, one, many)) }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// list returns names as a sentence has them: "a, b and c".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
