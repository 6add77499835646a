package main

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"rehearse/internal/check"
	"rehearse/internal/finding"
)

// written stands at the top of every page that is made here.
const written = "<!-- Written by `go generate ./internal/cli/docs`. Change what the check says of itself instead. -->\n\n"

// pages returns the pages of the checks and their index, by file name.
func pages(checks []check.Check) (map[string]string, error) {
	all := map[string]string{}
	for _, c := range checks {
		d := c.Doc()
		examples, err := examples(d)
		if err != nil {
			return nil, err
		}
		all[d.Name+".md"] = page(d, examples)
	}
	all["README.md"] = index(checks)
	return all, nil
}

// categories in the order of the index, with what each is about.
var categories = []struct {
	category finding.Category
	about    string
}{
	{finding.Environment, "what the process is given"},
	{finding.Network, "the request path"},
	{finding.Container, "the execution context"},
	{finding.Concurrency, "timing and copies"},
}

func index(checks []check.Check) string {
	var b strings.Builder
	b.WriteString(written + "# The checks\n\nEach reads; none executes anything. What one suspects, the experiments try to reproduce.\n")
	for _, c := range categories {
		var rows []string
		for _, in := range checks {
			if d := in.Doc(); d.Category == c.category {
				rows = append(rows, fmt.Sprintf("| [`%s`](%s.md) | %s |\n", d.Name, d.Name, d.Summary))
			}
		}
		if len(rows) > 0 {
			slices.Sort(rows)
			fmt.Fprintf(&b, "\n## %s: %s\n\n| check | a finding is |\n|---|---|\n%s", c.category, c.about, strings.Join(rows, ""))
		}
	}
	return b.String()
}

func page(d check.Doc, examples []example) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s# %s\n\n%s\n", written, d.Name, d.Summary)
	for _, part := range []struct{ title, text string }{
		{"Why it works locally and not in production", d.Why},
		{"What to do", d.Fix},
		{"When it stays silent", d.Silent},
	} {
		if part.text != "" {
			fmt.Fprintf(&b, "\n## %s\n\n%s\n", part.title, part.text)
		}
	}
	for _, e := range examples {
		e.write(&b)
	}
	if len(d.Sources) > 0 {
		b.WriteString("\n## Sources\n\n")
		for _, s := range d.Sources {
			fmt.Fprintf(&b, "- %s\n", s)
		}
	}
	fmt.Fprintf(&b, "\n---\n\nCategory: %s. All checks: [README.md](README.md).\n", d.Category)
	return b.String()
}

// example is a case of a check that is fit to be shown.
type example struct {
	title   string
	archive *txtar.Archive
	apart   *txtar.Archive // what is shown already; nil where nothing is
}

// examples returns the examples of a check.
func examples(d check.Doc) ([]example, error) {
	fails, err := d.Example(true)
	if err != nil {
		return nil, err
	}
	passes, err := d.Example(false)
	if err != nil {
		return nil, err
	}
	return []example{{title: "An example that fails", archive: fails}, {"An example that passes", passes, fails}}, nil
}

func (e example) write(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n", e.title)
	if comment := strings.TrimSpace(string(e.archive.Comment)); comment != "" {
		fmt.Fprintf(b, "\n%s\n", comment)
	}
	same := 0
	for _, f := range e.archive.Files {
		if e.shown(f) {
			same++
			continue
		}
		fmt.Fprintf(b, "\n`%s`\n%s", f.Name, fenced(strings.TrimPrefix(path.Ext(f.Name), "."), string(f.Data)))
	}
	if same > 0 {
		b.WriteString("\nEverything else is as above.\n")
	}
}

// shown reports whether the file stands in the example before, with the same
// text.
func (e example) shown(f txtar.File) bool {
	return e.apart != nil && slices.ContainsFunc(e.apart.Files, func(o txtar.File) bool {
		return o.Name == f.Name && bytes.Equal(o.Data, f.Data)
	})
}

// fenced returns a block of code, with a fence that is longer than any in it.
func fenced(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fmt.Sprintf("%s%s\n%s%s\n", fence, language, text, fence)
}
