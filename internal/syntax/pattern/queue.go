package pattern

import (
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// queues takes in the queues and topics that work is put into, or taken from,
// under names that the code tells.
func (g *Reading) queues() {
	if g.inBrowser() {
		return
	}
	for _, m := range g.found["queue"] {
		for _, c := range m.Captures() {
			at := c.Node
			switch c.Name {
			case "queue":
			case "options":
				if at = g.File.Option(at, m.Set["key"]); at.IsZero() {
					continue
				}
			default:
				continue
			}
			name, ok := m.Set["name"], true
			if name == "" {
				name, ok = g.name(at)
			}
			if !ok || name == "" || len(name) > 200 {
				continue
			}
			g.Add(fact.Need{
				Kind: fact.Queue, Name: name, At: at.Span(), Sort: m.Set["sort"], Library: m.Set["library"],
				Text: excerpt(at, at.Parent().Parent(), ""),
			})
		}
	}
}

// name is what an expression is worth that names something: a text, a word of a
// list, or a symbol.
func (g *Reading) name(n syntax.Node) (string, bool) {
	if text := n.Text(); n.Kind() == "simple_symbol" && len(text) > 1 {
		return text[1:], true
	}
	if n.Kind() == "bare_string" && !strings.Contains(n.Text(), "#{") {
		return n.Text(), true // a word of %w[…]
	}
	return g.File.Text(n).Literal()
}

// valued reports whether @value is one of the texts that set! is names, where
// it names any.
func (g *Reading) valued(m *syntax.Match) bool {
	want, ok := m.Set["is"]
	if !ok {
		return true
	}
	text, known := g.name(m.Node("value"))
	return known && slices.Contains(strings.Split(want, "|"), text)
}
