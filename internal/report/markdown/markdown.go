// Package markdown writes a document for a comment on a pull request.
package markdown

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/source"
)

// limit is what a comment on GitHub holds: "body is too long (maximum is 65536
// characters)", as its API answers. It is kept in bytes, of which there are
// never fewer than characters, however these are counted.
const limit = 65536

// reserve is what is kept back for saying what was left out.
const reserve = 512

// longest is the most of one text that is shown, in bytes.
const longest = 600

// marks of the severities.
var marks = map[finding.Severity]string{finding.Error: "❌", finding.Warning: "⚠️", finding.Info: "ℹ️"}

// roles of evidence.
var roles = map[finding.Role]string{
	finding.Need:        "needed",
	finding.Supply:      "supplied",
	finding.Absent:      "missing",
	finding.Conflict:    "wrong",
	finding.Related:     "see",
	finding.Observation: "observed",
}

type writer struct{ w io.Writer }

// New returns a writer of Markdown. The options change nothing.
func New(w io.Writer, _ report.Options) report.Writer { return writer{w} }

// Write implements report.Writer.
func (w writer) Write(d report.Document) error {
	d = d.Ordered()
	if _, err := io.WriteString(w.w, comment(d)); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// sheet is a comment while it is written: what does not fit is left out whole.
type sheet struct {
	strings.Builder
	left int // what was left out
}

// add writes a text, or reports that it does not fit.
func (s *sheet) add(text string) bool {
	if s.Len()+len(text) > limit-reserve {
		s.left++
		return false
	}
	s.WriteString(text)
	return true
}

// comment returns the comment: first what everybody reads, then what can be
// unfolded.
func comment(d report.Document) string {
	s := &sheet{}
	s.add(summary(d))
	if d.Parity != nil {
		s.parity(d)
		return s.end()
	}
	var news []finding.Finding
	for _, f := range d.Findings {
		if f.Verdict != finding.Refuted && !d.IsKnown(&f) {
			news = append(news, f)
		}
	}
	news = d.Together(news)
	// What is grave and proved comes first, and what is left out last.
	slices.SortStableFunc(news, func(a, b finding.Finding) int {
		return cmp.Or(b.Severity.Rank()-a.Severity.Rank(), rank(b.Verdict)-rank(a.Verdict))
	})
	if len(news) > 0 {
		s.add("\n| | finding | needed at | supplied or missing at |\n|---|---|---|---|\n")
		for _, f := range news {
			s.add(row(f))
		}
		s.add("\n")
		for _, f := range news {
			s.add(details(f))
		}
	}
	s.add(folded("Not rehearsed", unrehearsed(d)))
	s.add(folded("Held on the stage", held(d)))
	s.add(folded("Not read", unread(d)))
	var notes []string
	for _, n := range d.Notes {
		notes = append(notes, text(n))
	}
	s.add(folded("Notes", notes))
	return s.end()
}

func rank(v finding.Verdict) int {
	if v == finding.Reproduced {
		return 1
	}
	return 0
}

// end says what was left out.
func (s *sheet) end() string {
	if s.left > 0 {
		fmt.Fprintf(s, "\n_This is not all: %d %s left out, because a comment holds %d characters. `rehearse check` shows everything._\n",
			s.left, plural(s.left, "part is", "parts are"), limit)
	}
	return s.String()
}

func summary(d report.Document) string {
	c := d.Counts()
	mark, blind := "✅", d.Blind()
	if blind != "" {
		mark = "➖"
	}
	for _, severity := range []finding.Severity{finding.Info, finding.Warning, finding.Error} {
		if c.Standing(severity) > 0 {
			mark = marks[severity]
		}
	}
	where := ""
	if d.Project.Root != "." && d.Project.Root != "" {
		where = " in " + code(d.Project.Root)
	}
	line := fmt.Sprintf("%s **%s**: %s%s", mark, text(d.Tool.Name), c, where)
	if n := len(d.Unread); n > 0 {
		line += fmt.Sprintf(" · %d %s not read", n, plural(n, "place", "places"))
	}
	if blind != "" {
		line += "\n\n" + strings.ToUpper(blind[:1]) + blind[1:] + "."
	}
	return line + "\n"
}

// row is a line of the table of findings.
func row(f finding.Finding) string {
	var needs, supplies []finding.Evidence
	for _, e := range f.Evidence {
		if e.Role == finding.Need {
			needs = append(needs, e)
		} else {
			supplies = append(supplies, e)
		}
	}
	what := cell(f.Subject) + " " + cell(f.Check)
	if f.Component != "" {
		what += " in " + text(f.Component)
	}
	if f.Verdict == finding.Reproduced {
		what += ", **reproduced**"
	}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", cmp.Or(marks[f.Severity], "ℹ️"), what, ends(needs, false), ends(supplies, true))
}

// ends lists places, the first three of them.
func ends(list []finding.Evidence, said bool) string {
	var places []string
	for i, e := range list {
		if i == 3 {
			places = append(places, fmt.Sprintf("%d more", len(list)-i))
			break
		}
		p := cell(place(e.At))
		if said {
			p = cmp.Or(roles[e.Role], text(string(e.Role))) + " " + p
		}
		places = append(places, p)
	}
	return strings.Join(places, "<br>")
}

// details is a finding, folded.
func details(f finding.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary>%s %s <code>%s</code> %s</summary>\n\n", cmp.Or(marks[f.Severity], "ℹ️"),
		markup(string(f.Severity)), markup(f.Check), markup(f.Subject))
	fmt.Fprintf(&b, "%s\n\n", text(f.Message))
	for _, e := range f.Evidence {
		fmt.Fprintf(&b, "- %s %s", cmp.Or(roles[e.Role], text(string(e.Role))), code(place(e.At)))
		if e.Environment != "" {
			fmt.Fprintf(&b, " (%s)", text(e.Environment))
		}
		if e.Text != "" {
			fmt.Fprintf(&b, ": %s", code(e.Text))
		}
		b.WriteString("\n")
	}
	if f.Consequence != "" {
		fmt.Fprintf(&b, "- **effect** %s\n", text(f.Consequence))
	}
	if f.Remedy != "" {
		fmt.Fprintf(&b, "- **fix** %s\n", text(f.Remedy))
	}
	if r := f.Rehearsal; r != nil && f.Verdict == finding.Reproduced {
		fmt.Fprintf(&b, "\nObserved on the stage, in %d %s", r.Runs, plural(r.Runs, "run", "runs"))
		if len(r.Differences) > 0 {
			var names []string
			for _, d := range r.Differences {
				names = append(names, code(d))
			}
			fmt.Fprintf(&b, ", caused by %s", strings.Join(names, " and "))
		}
		b.WriteString(":\n\n" + block(r.Observed))
		if r.Replay != "" {
			fmt.Fprintf(&b, "\nAgain: %s\n", code(r.Replay))
		}
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

func held(d report.Document) []string {
	var list []string
	for _, f := range d.Findings {
		if f.Verdict != finding.Refuted {
			continue
		}
		line := code(f.Check) + " " + code(f.Subject)
		if f.Rehearsal != nil {
			line += ": " + text(f.Rehearsal.Observed)
		}
		list = append(list, line)
	}
	return list
}

func unrehearsed(d report.Document) []string {
	var list []string
	for _, r := range d.Rehearsals {
		if r.Reason != "" {
			list = append(list, fmt.Sprintf("%s, %s: %s", text(r.Component), text(r.Experiment), text(r.Reason)))
		}
	}
	for _, f := range d.Findings {
		if f.Verdict == finding.NotRehearsed && f.Rehearsal != nil {
			list = append(list, fmt.Sprintf("%s %s: %s", code(f.Check), code(f.Subject), text(f.Rehearsal.Observed)))
		}
	}
	return slices.Compact(list)
}

func unread(d report.Document) []string {
	var list []string
	for _, u := range d.Unread {
		list = append(list, code(place(u.At))+" "+text(u.Reason))
	}
	return list
}

// folded is a list under a line that unfolds it; "" where it is empty. What is
// long is cut, and says so.
func folded(head string, list []string) string {
	const most = 50
	if len(list) == 0 {
		return ""
	}
	shown := list[:min(len(list), most)]
	out := fmt.Sprintf("<details><summary>%s (%d)</summary>\n\n- %s\n", head, len(list), strings.Join(shown, "\n- "))
	if n := len(list) - len(shown); n > 0 {
		out += fmt.Sprintf("- … and %d more\n", n)
	}
	return out + "\n</details>\n"
}

func place(at source.Span) string {
	if at.Line == 0 {
		return at.File
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
