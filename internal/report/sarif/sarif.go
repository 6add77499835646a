// Package sarif writes a document as SARIF 2.1.0, which code scanning and
// editors read.
package sarif

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/source"
)

// base is the name of the folder to which the paths are relative.
const base = "%SRCROOT%"

// fingerprint is the name under which a finding's own fingerprint stands, with
// the version of its making.
const fingerprint = "rehearse/v1"

// levels of the severities. A severity that is none is a note.
var levels = map[finding.Severity]string{finding.Error: "error", finding.Warning: "warning", finding.Info: "note"}

// roles of evidence, as the message of a related location.
var roles = map[finding.Role]string{
	finding.Need:        "needed",
	finding.Supply:      "supplied",
	finding.Absent:      "missing",
	finding.Conflict:    "wrong",
	finding.Related:     "see",
	finding.Observation: "observed",
}

type writer struct{ w io.Writer }

// New returns a writer of SARIF. The options change nothing.
func New(w io.Writer, _ report.Options) report.Writer { return writer{w} }

// Write implements report.Writer.
func (w writer) Write(d report.Document) error {
	e := json.NewEncoder(w.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(convert(d.Ordered())); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// paper is what the conversion of one document needs throughout.
type paper struct {
	document report.Document
	prefix   string         // of every path: from the folder of the repository to that of the project
	rules    map[string]int // the index of a rule
}

func convert(d report.Document) log {
	p := paper{document: d, rules: map[string]int{}}
	r := run{Tool: tool{driver{Name: report.Clean(d.Tool.Name), SemanticVersion: report.Clean(d.Tool.Version)}}, Results: []result{}}
	if root := d.Project.Root; path.IsAbs(root) {
		r.Bases = map[string]artifact{base: {URI: (&url.URL{Scheme: "file", Path: strings.TrimSuffix(root, "/") + "/"}).String()}}
	} else {
		// A relative root is relative to where the tool was called, which is
		// where the repository is: there code scanning looks for the paths.
		p.prefix = root
	}
	r.Tool.Driver.Rules = p.describe()
	for i := range d.Findings {
		if d.Findings[i].Verdict != finding.Refuted { // what held is no result
			r.Results = append(r.Results, p.result(&d.Findings[i]))
		}
	}
	r.Invocations = []invocation{p.invocation()}
	return log{Schema: schema, Version: version, Runs: []run{r}}
}

// describe returns a rule for each check that was run, and for each that a
// finding names besides.
func (p *paper) describe() []rule {
	rules := []rule{}
	for _, c := range p.document.Checks {
		p.rules[c.Name] = len(rules)
		rules = append(rules, rule{
			ID: c.Name, Short: &message{report.Clean(c.Summary)}, Full: &message{report.Clean(strings.TrimSpace(c.Summary + " " + c.Why))},
			Help: help(c), Properties: &ruleVariables{Tags: []string{string(c.Category)}},
		})
	}
	for i := range p.document.Findings {
		name := p.document.Findings[i].Check
		if _, ok := p.rules[name]; !ok {
			p.rules[name] = len(rules)
			rules = append(rules, rule{ID: name})
		}
	}
	return rules
}

func help(c report.Check) *multiformat {
	h := &multiformat{}
	for _, part := range []struct{ head, text string }{{"Why it matters", c.Why}, {"What to do", c.Fix}, {"When it stays silent", c.Silent}} {
		if part.text == "" {
			continue
		}
		text := report.Clean(part.text)
		h.Text += part.head + ": " + text + "\n\n"
		h.Markdown += "**" + part.head + ".** " + text + "\n\n"
	}
	for _, s := range c.Sources {
		h.Text += report.Clean(s) + "\n"
		h.Markdown += "- <" + report.Clean(s) + ">\n"
	}
	h.Text, h.Markdown = strings.TrimSpace(h.Text), strings.TrimSpace(h.Markdown)
	return h
}

func (p *paper) result(f *finding.Finding) result {
	level, ok := levels[f.Severity]
	if !ok {
		level = "note"
	}
	r := result{
		RuleID: f.Check, RuleIndex: p.rules[f.Check], Level: level, Locations: []location{}, Suppressions: []struct{}{},
		Fingerprints: map[string]string{fingerprint: f.Fingerprint()},
		Properties: resultVariables{
			Verdict: string(f.Verdict), Component: f.Component, Environment: f.Environment, Subject: f.Subject,
			Consequence: f.Consequence, Remedy: f.Remedy,
		},
	}
	if p.document.Known != nil {
		r.Baseline = "new"
		if p.document.IsKnown(f) {
			r.Baseline = "unchanged"
		}
	}
	if o := f.Rehearsal; o != nil {
		r.Properties.Observed, r.Properties.Differences, r.Properties.Replay = o.Observed, o.Differences, o.Replay
	}
	main := slices.IndexFunc(f.Evidence, func(e finding.Evidence) bool { return e.Role == finding.Need })
	if main < 0 && len(f.Evidence) > 0 {
		main = 0
	}
	text := []string{sentence(literal(f.Message))}
	var ends []string
	for i, e := range f.Evidence {
		l := location{Physical: p.physical(e.At, e.Text)}
		if i == main {
			r.Locations = append(r.Locations, l)
			continue
		}
		l.ID = len(r.Related) + 1
		role, ok := roles[e.Role]
		if !ok {
			role = report.Clean(string(e.Role))
		}
		if e.Environment != "" {
			role += " (" + report.Clean(e.Environment) + ")"
		}
		l.Message = &message{role}
		r.Related = append(r.Related, l)
		ends = append(ends, fmt.Sprintf("%s: [%s](%d)", literal(role), literal(place(e.At)), l.ID))
	}
	if len(ends) > 0 {
		text = append(text, sentence(strings.Join(ends, ", ")))
	}
	if f.Consequence != "" {
		text = append(text, "Effect: "+sentence(literal(f.Consequence)))
	}
	if f.Verdict == finding.Reproduced && f.Rehearsal != nil {
		first, _, _ := strings.Cut(f.Rehearsal.Observed, "\n")
		text = append(text, "Reproduced: "+sentence(literal(first)))
	}
	if f.Remedy != "" {
		text = append(text, "Fix: "+sentence(literal(f.Remedy)))
	}
	r.Message.Text = strings.Join(text, "\n")
	return r
}

// invocation says what was not read: a scan that read all is successful.
func (p *paper) invocation() invocation {
	i := invocation{Successful: true}
	for _, u := range p.document.Unread {
		n := notification{Level: "note", Message: message{"not read: " + report.Clean(u.Reason)}}
		if u.Broken {
			n.Level, i.Successful = "error", false
		}
		if !u.At.IsZero() {
			n.Locations = []location{{Physical: p.physical(u.At, "")}}
		}
		i.Notifications = append(i.Notifications, n)
	}
	for _, note := range p.document.Notes {
		i.Notifications = append(i.Notifications, notification{Level: "note", Message: message{report.Clean(note)}})
	}
	return i
}

func (p *paper) physical(at source.Span, text string) *physical {
	// url.URL gives what is not a letter of a URI by its number, and keeps a
	// colon in the first step from looking like a scheme.
	l := &physical{Artifact: artifact{URI: (&url.URL{Path: path.Join(p.prefix, at.File)}).String(), Base: base}}
	if at.Line > 0 {
		l.Region = &region{StartLine: at.Line, StartColumn: at.Column}
		if text != "" {
			l.Region.Snippet = &message{report.Clean(text)}
		}
	}
	return l
}

func place(at source.Span) string {
	if at.Line == 0 {
		return report.Clean(at.File)
	}
	return fmt.Sprintf("%s:%d", report.Clean(at.File), at.Line)
}

// literal keeps what looks like a link from being one (SARIF 2.1.0, 3.11.6,
// "Messages with embedded links").
func literal(text string) string {
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`).Replace(report.Clean(text))
}

func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}
