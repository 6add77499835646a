package golang

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// flag reads a flag of a command that variables may stand in for, each after the
// other. Where it is required and neither is given, the command ends
// (https://pkg.go.dev/github.com/urfave/cli/v2#StringFlag).
func flag(g *pattern.Reading, m *syntax.Match) {
	var names []syntax.Node
	for _, item := range m.Node("names").Children() {
		if strings.HasPrefix(item.Text(), `"`) {
			names = append(names, item)
		}
	}
	required := false
	for _, other := range m.Node("flag").Parent().Children() {
		key, value, _ := strings.Cut(other.Text(), ":")
		required = required || key == "Required" && strings.TrimSpace(value) == "true"
	}
	var others []string
	for i, n := range names {
		name := strings.Trim(n.Text(), `"`)
		if i > 0 || !required {
			g.Variable(n, name, fact.Guarded, false, syntax.Node{})
		}
		others = append(others, name)
	}
	if required && len(names) > 0 {
		g.Variable(names[0], others[0], fact.Required, true, syntax.Node{}).Instead = others[1:]
	}
}
