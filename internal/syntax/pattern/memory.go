package pattern

import (
	"cmp"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// states takes in what the code keeps in the memory of its process.
func (g *Reading) states() {
	if g.inBrowser() {
		return
	}
	for _, m := range g.fullest("state") {
		if g.without(m) || !g.valued(m) {
			continue
		}
		node := m.Node("state")
		name := m.Set["name"]
		if name == "" {
			name, _ = g.literal(m.Node("name"))
		}
		g.Add(fact.Need{
			Kind: fact.State, Name: cmp.Or(name, m.Set["library"]), At: node.Span(),
			Sort: m.Set["sort"], Library: m.Set["library"], Text: chosen(node, m.Node("options"), syntax.Node{}),
		})
	}
}
