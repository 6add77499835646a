package text

import (
	"fmt"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/source"
)

// Marks of severities, and badges of verdicts. Each can be told apart without
// its colour.
var (
	marks = map[finding.Severity]piece{
		finding.Error:   {red, "✗"},
		finding.Warning: {yellow, "▲"},
		finding.Info:    {blue, "•"},
	}
	badges = map[finding.Verdict]piece{
		finding.Reproduced:   {alarm, "● REPRODUCED"},
		finding.Suspected:    {faint, "○ suspected"},
		finding.Refuted:      {green, "✓ refuted"},
		finding.NotRehearsed: {faint, "◌ not rehearsed"},
	}
	roles = map[finding.Role]string{
		finding.Need:        "needed",
		finding.Supply:      "supplied",
		finding.Absent:      "missing",
		finding.Conflict:    "wrong",
		finding.Related:     "see",
		finding.Observation: "observed",
	}
)

const (
	labels   = 10 // cells for what stands in front of a row
	indent   = 4  // cells for the rail
	places   = 3  // places of one role that are shown
	observed = 6  // lines of what was observed that are shown
)

// row is a part of a finding: a label, and the lines beside it.
type row struct {
	label string
	lines [][]piece
}

// finding writes a finding as a block behind a rail.
func (s *sheet) finding(f finding.Finding) {
	mark, ok := marks[f.Severity]
	if !ok {
		mark = piece{blue, "•"}
	}
	badge, ok := badges[f.Verdict]
	if !ok {
		badge = say(faint, string(f.Verdict))
	}
	s.head(badge, blank(2), mark, blank(1), say(mark.tone, string(f.Severity)), blank(1), say(strong, f.Check))

	rail := piece{mark.tone, "  │ "}
	s.para([]piece{rail}, []piece{rail}, say(plain, f.Message))

	both, rest := s.evidence(f), s.outcome(f)
	if len(both) > 0 {
		s.line(rail)
	}
	all := append(both, rest...)
	for i, r := range all {
		if i == len(both) {
			s.line(rail)
		}
		for j, l := range r.lines {
			lead := rail
			if i == len(all)-1 {
				lead = blank(indent)
				if j == 0 {
					lead = piece{mark.tone, "  ╰ "}
				}
			}
			label := ""
			if j == 0 {
				label = r.label
			}
			s.line(append(append([]piece{lead}, pad(labels, say(faint, label))...), l...)...)
		}
	}
}

// evidence returns a row for each end of a finding.
func (s *sheet) evidence(f finding.Finding) []row {
	room := s.width - indent - labels
	column := 0 // cells of the places, where the code fits beside them
	shown, left := s.shown(f.Evidence)
	for _, e := range shown {
		if w := width(say(plain, place(e.At))); w <= room/2 {
			column = max(column, w)
		}
	}
	var rows []row
	for i, e := range shown {
		at := []piece{say(plain, place(e.At))}
		label, ok := roles[e.Role]
		if !ok {
			label = string(e.Role)
		}
		if i > 0 && shown[i-1].Role == e.Role {
			label = ""
			if shown[i-1].At.File == e.At.File && e.At.Line > 0 {
				at = []piece{blank(width(say(plain, e.At.File))), say(plain, position(e.At))}
			}
		}
		r := row{label: label}
		beside := room - column - 2
		if code := s.code(f, e, beside); width(at...) <= column && width(code...) <= beside {
			r.lines = append(r.lines, append(pad(column+2, at...), code...))
		} else {
			r.lines = append(r.lines, at, append([]piece{blank(2)}, s.code(f, e, room-2)...))
		}
		if n := left[e.Role]; n > 0 && (i == len(shown)-1 || shown[i+1].Role != e.Role) {
			r.lines = append(r.lines, []piece{say(faint, fmt.Sprintf("… and %s (-v shows them)", count(n, "more place", "more places")))})
		}
		rows = append(rows, r)
	}
	return rows
}

// shown returns the evidence to show, and how much of each role is left out.
func (s *sheet) shown(all []finding.Evidence) (shown []finding.Evidence, left map[finding.Role]int) {
	seen, left := map[finding.Role]int{}, map[finding.Role]int{}
	for _, e := range all {
		seen[e.Role]++
	}
	taken := map[finding.Role]int{}
	for _, e := range all {
		// One more than that is shown rather than counted.
		if !s.verbose && seen[e.Role] > places+1 && taken[e.Role] == places {
			left[e.Role]++
			continue
		}
		taken[e.Role]++
		shown = append(shown, e)
	}
	return shown, left
}

// code returns what stands at a piece of evidence, cut to a number of cells
// around the subject, and the environment that it belongs to.
func (s *sheet) code(f finding.Finding, e finding.Evidence, cells int) []piece {
	var tail []piece
	if e.Environment != "" {
		tail = []piece{blank(2), say(faint, e.Environment)}
	}
	text := strings.TrimSpace(say(plain, e.Text).text)
	switch {
	case text == "" && e.Role == finding.Absent:
		return append([]piece{say(faint, "(nothing here)")}, tail...)
	case text == "":
		return tail[min(len(tail), 1):]
	}
	subject := say(plain, f.Subject).text
	low := strings.Index(text, subject)
	high := low + len(subject)
	if low < 0 {
		low, high = 0, 0
	}
	text, low, high = shorten(text, low, high, cells-width(tail...))
	return append([]piece{{plain, text[:low]}, {strong, text[low:high]}, {plain, text[high:]}}, tail...)
}

// outcome returns the rows that say what becomes of it and what to do.
func (s *sheet) outcome(f finding.Finding) []row {
	room := s.width - indent - labels
	var rows []row
	add := func(label string, pieces ...piece) {
		rows = append(rows, row{label, wrap(room, pieces...)})
	}
	if f.Consequence != "" {
		in := ""
		if f.Environment != "" {
			in = "in " + f.Environment + ": "
		}
		add("effect", say(plain, in+f.Consequence))
	}
	if r := f.Rehearsal; r != nil && f.Verdict != finding.NotRehearsed {
		if r.Observed != "" {
			rows = append(rows, row{"seen", s.observed(r.Observed, room)})
		}
		if len(r.Differences) > 0 {
			var cause []piece
			for i, d := range r.Differences {
				if i > 0 {
					cause = append(cause, say(plain, " + "))
				}
				cause = append(cause, say(strong, d))
			}
			if r.Runs > 0 {
				cause = append(cause, say(faint, ", isolated in "+count(r.Runs, "run", "runs")))
			}
			add("cause", cause...)
		} else if r.Runs > 0 {
			add("by", say(plain, r.Experiment+" in "+count(r.Runs, "run", "runs")))
		}
		if r.Replay != "" {
			add("replay", say(plain, r.Replay))
		}
	}
	if f.Remedy != "" {
		add("fix", say(advice, f.Remedy))
	}
	return rows
}

// observed returns what an experiment saw, line by line.
func (s *sheet) observed(text string, cells int) [][]piece {
	var lines [][]piece
	for l := range strings.Lines(strings.TrimSpace(text)) {
		lines = append(lines, wrap(cells, say(plain, strings.TrimRight(l, "\r\n")))...)
	}
	if len(lines) > observed+1 && !s.verbose {
		left := len(lines) - observed
		lines = append(lines[:observed], []piece{say(faint, fmt.Sprintf("… and %d more lines (-v shows them)", left))})
	}
	return lines
}

// held writes a finding that was refuted on one line.
func (s *sheet) held(f finding.Finding) {
	text := " held on the stage"
	if r := f.Rehearsal; r != nil {
		if r.Observed != "" {
			text += ": " + r.Observed
		}
		text += " (" + r.Experiment + ", " + count(r.Runs, "run", "runs") + ")"
	}
	s.para([]piece{blank(2), {green, "✓"}, blank(1)}, []piece{blank(indent)},
		say(plain, f.Check+" "+f.Subject), say(faint, text))
}

// noted writes a finding that may be well on one line, or as few as it takes:
// they are many, and none of them is to hide a graver one.
func (s *sheet) noted(f finding.Finding) {
	at := ""
	if len(f.Evidence) > 0 {
		shown := max(slices.IndexFunc(f.Evidence, func(e finding.Evidence) bool { return e.Role == finding.Need }), 0)
		at = "  " + place(f.Evidence[shown].At)
	}
	s.para([]piece{blank(2), {faint, "·"}, blank(1)}, []piece{blank(indent)},
		say(plain, f.Check+" "), say(faint, f.Message+at))
}

func place(at source.Span) string { return at.File + position(at) }

// position returns ":line:column", as editors understand it.
func position(at source.Span) string {
	switch {
	case at.Line == 0:
		return ""
	case at.Column == 0:
		return fmt.Sprintf(":%d", at.Line)
	}
	return fmt.Sprintf(":%d:%d", at.Line, at.Column)
}
