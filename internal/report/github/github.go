// Package github writes a document as workflow commands, which a run of GitHub
// Actions shows beside the lines of a pull request.
package github

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"path"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/source"
)

// most is how much text a message has, in bytes: an annotation shows little
// more than that before it is folded.
const most = 4096

// commands of the severities. A severity that is none is a notice.
var commands = map[finding.Severity]string{finding.Error: "error", finding.Warning: "warning", finding.Info: "notice"}

// roles of evidence, as a message says them.
var roles = map[finding.Role]string{
	finding.Need:        "needed",
	finding.Supply:      "supplied",
	finding.Absent:      "missing",
	finding.Conflict:    "wrong",
	finding.Related:     "see",
	finding.Observation: "observed",
}

type writer struct{ w io.Writer }

// New returns a writer of workflow commands. The options change nothing.
func New(w io.Writer, _ report.Options) report.Writer { return writer{w} }

// Write implements report.Writer.
func (w writer) Write(d report.Document) error {
	p := paper{document: d.Ordered()}
	p.write()
	if _, err := p.WriteTo(w.w); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

type paper struct {
	bytes.Buffer
	document report.Document
}

// write gives each component a group of the log, with an annotation for each
// finding that stands and a line for each that does not.
func (p *paper) write() {
	d := &p.document
	for rest := d.Together(d.Findings); len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Component == rest[0].Component {
			n++
		}
		p.group(cmp.Or(rest[0].Component, "the project as a whole"), func() {
			for i := range rest[:n] {
				p.finding(&rest[i])
			}
		})
		rest = rest[n:]
	}
	if len(d.Unread) > 0 {
		p.group(fmt.Sprintf("not read (%d)", len(d.Unread)), func() {
			for _, u := range d.Unread {
				if u.Broken { // what is wrong in itself is worth an annotation
					p.command("warning", u.At, "not read", u.Reason)
				} else {
					p.line(place(u.At) + "  " + u.Reason)
				}
			}
		})
	}
	for _, r := range d.Rehearsals {
		if r.Reason != "" {
			p.line("not rehearsed: " + r.Component + ": " + r.Experiment + ": " + r.Reason)
		}
	}
	for _, note := range d.Notes {
		p.line("note: " + note)
	}
	if why := d.Blind(); why != "" {
		p.line("note: " + why)
	}
	p.line(d.Tool.Name + ": " + d.Counts().String())
}

func (p *paper) finding(f *finding.Finding) {
	title := f.Check + ": " + f.Subject
	switch {
	case f.Verdict == finding.Refuted:
		observed := ""
		if f.Rehearsal != nil {
			observed = " (" + f.Rehearsal.Observed + ")"
		}
		p.line("held: " + title + observed)
		return
	case p.document.IsKnown(f):
		p.line("known: " + title)
		return
	case f.Verdict == finding.Reproduced:
		title += " (reproduced)"
	}
	at := source.Span{}
	if len(f.Evidence) > 0 {
		at = f.Evidence[0].At
	}
	for _, e := range f.Evidence {
		if e.Role == finding.Need {
			at = e.At
			break
		}
	}
	lines := []string{f.Message}
	for _, e := range f.Evidence {
		if e.At == at {
			continue
		}
		role := cmp.Or(roles[e.Role], string(e.Role))
		if e.Environment != "" {
			role += " (" + e.Environment + ")"
		}
		lines = append(lines, role+": "+place(e.At))
	}
	if f.Consequence != "" {
		lines = append(lines, "effect: "+f.Consequence)
	}
	if r := f.Rehearsal; r != nil && r.Observed != "" {
		first, _, _ := strings.Cut(r.Observed, "\n")
		word := "observed: "
		if f.Verdict == finding.NotRehearsed {
			word = "not rehearsed: "
		}
		lines = append(lines, word+first)
	}
	if f.Remedy != "" {
		lines = append(lines, "fix: "+f.Remedy)
	}
	p.command(cmp.Or(commands[f.Severity], "notice"), at, title, lines...)
}

// group folds what body writes. Groups do not nest.
func (p *paper) group(name string, body func()) {
	fmt.Fprintf(p, "::group::%s\n", data.Replace(report.Clean(name)))
	body()
	p.WriteString("::endgroup::\n")
}

// command writes an annotation.
func (p *paper) command(name string, at source.Span, title string, lines ...string) {
	var properties []string
	if !at.IsZero() {
		// The runner takes a path from the root of the repository, which is
		// where the tool was called.
		properties = append(properties, "file="+property.Replace(report.Clean(path.Join(p.document.Project.Root, at.File))))
		if at.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", at.Line))
		}
		if at.Column > 0 {
			properties = append(properties, fmt.Sprintf("col=%d", at.Column))
		}
	}
	properties = append(properties, "title="+property.Replace(report.Clean(title)))
	for i := range lines {
		lines[i] = report.Clean(lines[i])
	}
	text := strings.Join(lines, "\n")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	fmt.Fprintf(p, "::%s %s::%s\n", name, strings.Join(properties, ","), data.Replace(text))
}

// line writes a line that the runner only shows: it takes a command at the
// beginning of a line, behind space too, and one in the old form (##[…])
// anywhere in it.
func (p *paper) line(text string) {
	text = strings.ReplaceAll(report.Clean(text), "##[", "## [")
	if trimmed := strings.TrimLeft(text, " "); strings.HasPrefix(trimmed, "::") {
		text = "· " + trimmed
	}
	p.WriteString(text + "\n")
}

// What stands for itself nowhere in a command (docs.github.com, "Workflow
// commands for GitHub Actions"; escapeData and escapeProperty of its toolkit,
// packages/core/src/command.ts).
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func place(at source.Span) string {
	if at.Line == 0 {
		return at.File
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}
