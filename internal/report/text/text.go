// Package text writes a document for a person at a terminal.
package text

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/report"
)

// Beyond most, lines are no longer easy to read; below least there is no
// layout.
const (
	least = 40
	most  = 120
	usual = 80
)

type writer struct {
	w       io.Writer
	options report.Options
}

// New returns a writer of text.
func New(w io.Writer, options report.Options) report.Writer { return writer{w, options} }

// Write implements report.Writer.
func (w writer) Write(d report.Document) error {
	s := &sheet{width: w.options.Width, verbose: w.options.Verbose}
	if s.width <= 0 {
		s.width = usual
	}
	s.width = min(max(s.width, least), most)
	if w.options.Color {
		s.ink = inks(&s.Buffer)
	}
	d = d.Ordered()
	if d.Parity != nil {
		s.width = min(max(w.options.Width, s.width), widest)
		s.table(d)
	} else {
		s.document(d)
	}
	if _, err := s.WriteTo(w.w); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func (s *sheet) document(d report.Document) {
	s.title(d)
	for rest := d.Together(s.news(d)); len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Component == rest[0].Component {
			n++
		}
		s.component(d, rest[:n])
		rest = rest[n:]
	}
	if d.Trace != nil {
		s.trace(d.Trace)
	}
	for i := range d.Races {
		s.race(&d.Races[i])
	}
	s.unrehearsed(d)
	s.notes(d)
	s.unread(d)
	c := d.Counts()
	if c.Error+c.Warning+c.Info+c.Known+c.Ignored == 0 && d.Trace == nil && d.Races == nil {
		s.para(nil, nil, say(plain, nothing(d)))
		s.line()
	}
	s.summary(d, c)
}

// news returns the findings without those that are known, which are only
// counted.
func (s *sheet) news(d report.Document) []finding.Finding {
	if len(d.Known) == 0 || s.verbose {
		return d.Findings
	}
	return slices.DeleteFunc(slices.Clone(d.Findings), func(f finding.Finding) bool { return d.IsKnown(&f) })
}

// title says what was looked at.
func (s *sheet) title(d report.Document) {
	text := ""
	if d.Project.Root != "." {
		text = " · " + d.Project.Root
	}
	if others := elsewhere(d); len(others) > 0 {
		text += " · local against " + list(others)
	}
	s.para(nil, nil, say(strong, d.Tool.Name), say(faint, " "+d.Tool.Version+text))
	s.line()
}

// elsewhere returns the names of the environments but the developer's.
func elsewhere(d report.Document) []string {
	var names []string
	for _, e := range d.Environments {
		if e.Name != "local" {
			names = append(names, e.Name)
		}
	}
	return slices.Compact(names)
}

func (s *sheet) component(d report.Document, findings []finding.Finding) {
	s.heading(d, findings[0].Component)
	var held, noted []finding.Finding
	for _, f := range findings {
		switch {
		case f.Verdict == finding.Refuted && !s.verbose:
			held = append(held, f)
		case f.Severity == finding.Info && f.Verdict != finding.Reproduced && !s.verbose:
			noted = append(noted, f)
		default:
			s.finding(f)
			s.line()
		}
	}
	for _, f := range noted {
		s.noted(f)
	}
	for _, f := range held {
		s.held(f)
	}
	if len(noted)+len(held) > 0 {
		s.line()
	}
}

func (s *sheet) heading(d report.Document, name string) {
	if name == "" {
		s.line(say(strong, "the project as a whole"))
		s.line()
		return
	}
	about := ""
	if i := slices.IndexFunc(d.Project.Components, func(c report.Component) bool { return c.Name == name }); i >= 0 {
		c := d.Project.Components[i]
		for _, part := range []string{c.Language, c.Dir, s.placements(c.RunsIn)} {
			if part != "" {
				about += " · " + part
			}
		}
	}
	s.para(nil, []piece{}, say(strong, name), say(faint, about))
	s.line()
}

// placements says where a component runs: "production: Deployment/api ×3".
func (s *sheet) placements(list []report.Placement) string {
	var parts []string
	for i, p := range list {
		if i == 2 && len(list) > 3 && !s.verbose {
			parts = append(parts, fmt.Sprintf("%d more", len(list)-i))
			break
		}
		text := p.Environment + ": " + p.Workload
		if p.Replicas > 1 {
			text += fmt.Sprintf(" ×%d", p.Replicas)
		}
		if at := place(p.At); at != "" {
			text += " (" + at + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
