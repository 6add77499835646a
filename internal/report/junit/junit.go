// Package junit writes a document as JUnit XML, which most pipelines show as a
// list of tests.
package junit

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"rehearse/internal/finding"
	"rehearse/internal/report"
)

type writer struct{ w io.Writer }

// New returns a writer of JUnit XML. The options change nothing.
func New(w io.Writer, _ report.Options) report.Writer { return writer{w} }

// Write implements report.Writer.
func (w writer) Write(d report.Document) error {
	e := xml.NewEncoder(w.w)
	e.Indent("", "  ")
	_, err := io.WriteString(w.w, xml.Header)
	if err == nil {
		err = e.Encode(convert(d.Ordered()))
	}
	if err == nil {
		_, err = io.WriteString(w.w, "\n")
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// paper makes the suites of one document.
type paper struct {
	document report.Document
	suites   []*suite
}

// convert returns a suite for each component: a case for each check and
// subject, one for each check that found nothing, and one for each rehearsal
// of it. What could not be read is an error of a suite of its own, for it is
// never reported as clean.
func convert(d report.Document) suites {
	p := paper{document: d}
	for _, c := range d.Project.Components {
		p.suite(c.Name)
	}
	for rest := d.Findings; len(rest) > 0; {
		n := 1
		for n < len(rest) && same(rest[0], rest[n]) {
			n++
		}
		s := p.suite(cmp.Or(rest[0].Component, "project"))
		s.Cases = append(s.Cases, p.found(rest[:n]))
		rest = rest[n:]
	}
	for _, s := range p.suites {
		for _, c := range d.Checks {
			if !s.found[c.Name] {
				s.Cases = append(s.Cases, testcase{Class: class(s.Name, string(c.Category)), Name: clean(c.Name), Time: seconds(0)})
			}
		}
	}
	for _, r := range d.Rehearsals {
		s := p.suite(cmp.Or(r.Component, "project"))
		c := testcase{Class: class(s.Name, "rehearsal"), Name: clean(strings.TrimSpace(r.Experiment + " " + r.Environment)), Time: seconds(0)}
		if r.Reason != "" {
			c.Skipped = &outcome{Message: clean(r.Reason)}
		}
		s.Cases = append(s.Cases, c)
	}
	for _, u := range d.Unread {
		if u.Broken {
			s := p.suite("not read")
			s.Cases = append(s.Cases, testcase{
				Class: class(s.Name, ""), Name: clean(place(u.At)), Time: seconds(0),
				Error: &outcome{Type: "unread", Message: clean(u.Reason)},
			})
		}
	}
	for _, s := range p.suites {
		s.count()
	}
	if len(p.suites) > 0 {
		p.suites[0].Time = seconds(d.Duration) // the time of the parts is not known
	}
	return suites{Suites: p.suites}
}

// same reports whether two findings share a case.
func same(a, b finding.Finding) bool {
	return a.Component == b.Component && a.Check == b.Check && a.Subject == b.Subject
}

// suite returns the suite of that name.
func (p *paper) suite(name string) *suite {
	name = cmp.Or(strings.TrimSpace(clean(name)), "project")
	for _, s := range p.suites {
		if s.Name == name {
			return s
		}
	}
	s := &suite{
		ID: len(p.suites), Name: name, Package: clean(cmp.Or(p.document.Tool.Name, "rehearse")), Host: "localhost",
		Properties: []property{{"version", clean(p.document.Tool.Version)}, {"root", clean(p.document.Project.Root)}},
		Time:       seconds(0), found: map[string]bool{},
	}
	if !p.document.Began.IsZero() {
		s.Timestamp = p.document.Began.UTC().Format("2006-01-02T15:04:05")
	}
	p.suites = append(p.suites, s)
	return s
}

// found returns the case of findings of one check and subject: it fails where
// one of them makes the exit status 1, is skipped where one was to be rehearsed
// and was not, and passes where all held, are known or are not grave enough.
func (p *paper) found(findings []finding.Finding) testcase {
	f := findings[0]
	s := p.suite(cmp.Or(f.Component, "project"))
	s.found[f.Check] = true
	c := testcase{Class: class(s.Name, string(f.Category)), Name: clean(strings.TrimSpace(f.Check + " " + f.Subject)), Time: seconds(0)}
	for i := range findings {
		f := &findings[i]
		switch {
		case p.document.Fails(f):
			if c.Failure == nil {
				c.Failure = &outcome{Type: clean(string(f.Severity)), Message: clean(f.Message)}
			}
			c.Failure.Text += about(*f)
		case f.Verdict == finding.NotRehearsed && !p.document.IsKnown(f) && c.Skipped == nil:
			c.Skipped = &outcome{}
			if f.Rehearsal != nil {
				c.Skipped.Message = clean(f.Rehearsal.Observed)
			}
		}
	}
	if c.Failure != nil {
		c.Skipped = nil // a case has one outcome
	}
	return c
}

// about tells a finding as lines.
func about(f finding.Finding) string {
	lines := []string{clean(f.Message)}
	for _, e := range f.Evidence {
		line := string(e.Role) + " " + place(e.At)
		if e.Environment != "" {
			line += " (" + e.Environment + ")"
		}
		if e.Text != "" {
			line += ": " + e.Text
		}
		lines = append(lines, clean(line))
	}
	if f.Consequence != "" {
		lines = append(lines, "effect: "+clean(f.Consequence))
	}
	if f.Remedy != "" {
		lines = append(lines, "fix: "+clean(f.Remedy))
	}
	lines = append(lines, "verdict: "+clean(string(f.Verdict)))
	if f.Rehearsal != nil {
		for i, line := range strings.Split(strings.TrimRight(f.Rehearsal.Observed, "\n"), "\n") {
			if i == 0 {
				line = "observed: " + line
			}
			lines = append(lines, clean(line))
		}
	}
	return "\n" + strings.Join(lines, "\n") + "\n"
}

func class(suite, part string) string {
	return strings.TrimSuffix("rehearse."+strings.ReplaceAll(suite, ".", "-")+"."+clean(part), ".")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
