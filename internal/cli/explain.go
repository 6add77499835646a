package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"golang.org/x/tools/txtar"

	"rehearse/internal/check"
	"rehearse/internal/finding"
	"rehearse/internal/report"
)

// categories in the order in which they are listed.
var categories = []finding.Category{finding.Environment, finding.Network, finding.Container, finding.Concurrency}

// explain says what a check means, or, without a name, which checks there are.
func (c *Command) explain(name string) error {
	p := page{width: min(max(c.options().Width, 40), 100), bold: fmt.Sprint}
	if c.options().Width == 0 {
		p.width = 80
	}
	if c.options().Color {
		r := lipgloss.NewRenderer(&p.Buffer)
		r.SetColorProfile(termenv.ANSI)
		style := r.NewStyle().Bold(true)
		p.bold = func(text ...any) string { return style.Render(fmt.Sprint(text...)) }
	}
	if name == "" {
		p.list()
	} else {
		doc, ok := documented(name)
		if !ok {
			return &failure{Usage, fmt.Errorf("explain: there is no check %q%s; rehearse explain lists them", name, nearest(name))}
		}
		if err := p.check(doc); err != nil {
			return &failure{Incomplete, err}
		}
	}
	_, err := p.WriteTo(c.Stdout)
	return err
}

// documented returns what there is to say about the check of that name.
func documented(name string) (check.Doc, bool) {
	for _, c := range Checks() {
		if doc := c.Doc(); doc.Name == name {
			return doc, true
		}
	}
	return check.Doc{}, false
}

// nearest returns a hint at the check whose name is nearest, or "".
func nearest(name string) string {
	best, least := "", len(name)/2+1
	for _, c := range Checks() {
		if n := levenshtein.Distance(name, c.Doc().Name, nil); n < least {
			best, least = c.Doc().Name, n
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (is %s meant?)", best)
}

func checkNames() []string {
	var names []string
	for _, c := range Checks() {
		names = append(names, c.Doc().Name)
	}
	slices.Sort(names)
	return names
}

// page is what explain writes.
type page struct {
	bytes.Buffer
	width int
	bold  func(...any) string
}

// list writes the names and summaries of the checks.
func (p *page) list() {
	for _, category := range categories {
		var docs []check.Doc
		for _, c := range Checks() {
			if doc := c.Doc(); doc.Category == category {
				docs = append(docs, doc)
			}
		}
		if len(docs) == 0 {
			continue
		}
		slices.SortFunc(docs, func(a, b check.Doc) int { return strings.Compare(a.Name, b.Name) })
		fmt.Fprintf(p, "%s\n", p.bold(string(category)))
		for _, doc := range docs {
			fmt.Fprintf(p, "  %s\n", p.bold(doc.Name))
			p.para(6, doc.Summary)
		}
		fmt.Fprintln(p)
	}
	fmt.Fprintln(p, "rehearse explain CHECK says more of one, with an example that fails and one that passes.")
}

func (p *page) check(doc check.Doc) error {
	fmt.Fprintf(p, "%s  %s\n\n", p.bold(doc.Name), doc.Category)
	p.para(0, doc.Summary)
	for _, part := range []struct{ title, text string }{
		{"Why it works locally and not in production", doc.Why},
		{"What to do", doc.Fix},
		{"When it stays silent", doc.Silent},
	} {
		if part.text != "" {
			fmt.Fprintf(p, "\n%s\n", p.bold(part.title))
			p.para(2, part.text)
		}
	}
	for _, fails := range []bool{true, false} {
		example, err := doc.Example(fails)
		if err != nil {
			return err
		}
		title := "An example that passes"
		if fails {
			title = "An example that fails"
		}
		p.example(title, example)
	}
	if len(doc.Sources) > 0 {
		fmt.Fprintf(p, "\n%s\n", p.bold("Sources"))
		for _, s := range doc.Sources {
			fmt.Fprintf(p, "  %s\n", s)
		}
	}
	fmt.Fprintf(p, "\n%s\n", p.bold("To ignore one"))
	p.para(2, "A comment in the line of the need, or alone in the line above it, with a reason:")
	fmt.Fprintf(p, "\n    rehearse:ignore %s REASON\n", doc.Name)
	return nil
}

// example writes the files of a case.
func (p *page) example(title string, a *txtar.Archive) {
	fmt.Fprintf(p, "\n%s\n", p.bold(title))
	if said := strings.TrimSpace(string(a.Comment)); said != "" {
		p.para(2, said)
	}
	for _, f := range a.Files {
		fmt.Fprintf(p, "\n  %s\n", p.bold(f.Name))
		for line := range strings.Lines(string(f.Data)) {
			fmt.Fprintf(p, "  │ %s\n", report.Clean(strings.TrimRight(line, "\n")))
		}
	}
}

// para writes text broken into lines, each behind a number of spaces.
func (p *page) para(indent int, text string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && indent+lipgloss.Width(line)+1+lipgloss.Width(word) > p.width {
			fmt.Fprintf(p, "%*s%s\n", indent, "", line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		fmt.Fprintf(p, "%*s%s\n", indent, "", line)
	}
}
