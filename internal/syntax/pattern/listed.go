package pattern

import (
	"regexp"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

var (
	// gives is a word by which code gives up.
	gives = regexp.MustCompile(`\b(?:throw|raise|exit|abort|panic|SystemExit)\b`)
	// constant is the form of the names of variables.
	constant = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)
)

const (
	maxListed = 100 // names of one list
	maxAfter  = 600 // bytes behind the question in which the code gives up
)

// Listed takes in variables whose names stand in a list, of which the code at
// whole asks which are absent: it needs them where it then gives up. Where it
// does not, nothing is said.
func (g *Reading) Listed(whole, list syntax.Node) {
	if b := g.File.Resolve(list); b != nil {
		list = b.Value
	}
	root := whole
	for up := root.Parent(); !up.IsZero(); up = up.Parent() {
		root = up
	}
	text := root.Bytes()[whole.Start()-root.Start():]
	if !gives.Match(text[:min(len(text), whole.End()-whole.Start()+maxAfter)]) {
		return
	}
	for i, item := range list.Children() {
		name, ok := g.literal(item)
		if i == maxListed || !ok || !constant.MatchString(name) {
			return // a list of something else
		}
		if !g.isRead[item.ID()] {
			g.Variable(item, name, fact.Required, true, syntax.Node{})
		}
	}
}
