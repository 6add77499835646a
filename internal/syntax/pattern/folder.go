package pattern

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/syntax"
	"rehearse/internal/syntax/flow"
)

// What a path begins with that is relative to a folder which only the file, or
// the machine, tells: bytes that are not in source code.
const (
	beside    = "\x01" // the folder of the file
	temporary = "\x02" // a folder for what is not meant to last
)

// folders tells the flow of values what the expressions are worth that make
// paths: joins, folders, and the folders above them. It comes after all that
// looks at texts for another end.
func (g *Reading) folders() {
	all := slices.Concat(g.found["join"], g.found["folder"], g.found["parent"], g.found["same"])
	// The parts of an expression come before the whole.
	slices.SortStableFunc(all, func(a, b *syntax.Match) int {
		x, y := a.Node(a.Set["need"]), b.Node(b.Set["need"])
		return cmp.Or(x.End()-y.End(), y.Start()-x.Start())
	})
	for _, m := range all {
		node := m.Node(m.Set["need"])
		var text, variable string
		switch m.Set["need"] {
		case "folder":
			text = g.folder(m.Set["of"])
		case "parent":
			t := g.File.Text(m.Node("of"))
			text, variable = parent(t.String()), t.VariableAt(0)
			for range levels(m.Node("up")) {
				text = parent(text)
			}
		case "same":
			t := g.File.Text(m.Node("of"))
			text, variable = t.String(), t.VariableAt(0)
		case "join":
			text, variable = g.joined(m)
		}
		g.File.Learn(node, variable, &text, syntax.Node{})
	}
}

// folder is the path of a folder that a language has a name for.
func (g *Reading) folder(of string) string {
	switch of {
	case "file":
		return beside + "/" + path.Base(g.File.Tree.File.Path)
	case "beside":
		return beside
	case "temporary":
		return temporary
	}
	return "." // where the program was started
}

// levels is how many folders above the parent are meant.
func levels(n syntax.Node) int {
	up, err := strconv.Atoi(n.Text())
	if err != nil || up > 32 {
		return 0
	}
	return up
}

// parent is the folder that the path is in.
func parent(name string) string {
	name = strings.TrimRight(name, "/")
	switch i := strings.LastIndexByte(name, '/'); {
	case name == beside, name == ".", name[i+1:] == "..":
		return name + "/.."
	case strings.Contains(name[i+1:], flow.Gap):
		return name + "/.." // how many folders there are in it is not known
	case i < 0:
		return "."
	case i == 0:
		return "/"
	default:
		return name[:i]
	}
}

// joined puts the parts of a path together, and returns the variable that
// supplies the first of them.
func (g *Reading) joined(m *syntax.Match) (name, variable string) {
	var parts []syntax.Node
	for _, c := range m.Captures() {
		switch c.Name {
		case "base", "part":
			parts = append(parts, c.Node)
		case "parts":
			for _, n := range c.Node.Children() {
				if n.Kind() != "comment" && g.File.Field(n) == nil {
					parts = append(parts, n)
				}
			}
		}
	}
	if m.Set["reversed"] != "" {
		slices.Reverse(parts)
	}
	for i, n := range parts {
		t := g.File.Text(n)
		part := t.String()
		switch {
		case i == 0 && m.Set["from"] == "file":
			name, variable = parent(part), t.VariableAt(0)
		case i == 0:
			name, variable = part, t.VariableAt(0)
		case m.Set["absolute"] != "" && (strings.HasPrefix(part, "/") || rooted(part)):
			name, variable = part, t.VariableAt(0)
		default:
			name = strings.TrimRight(name, "/") + "/" + strings.TrimLeft(part, "/")
		}
	}
	return name, variable
}

// rooted reports whether the path begins in a folder of its own.
func rooted(name string) bool {
	return strings.HasPrefix(name, beside) || strings.HasPrefix(name, temporary)
}

// place is where a file or folder is, as far as the code tells.
type place struct {
	name      string // it ends in / where only a folder on the way is known
	beside    bool
	temporary bool
	variable  string
}

// place reads the path that an expression stands for. It is refused where
// nothing is known of it.
func (g *Reading) place(n syntax.Node) (place, bool) {
	if slices.Contains([]string{"true", "false", "number", "integer", "int_literal"}, n.Kind()) {
		return place{}, false // a flag, a handle
	}
	t := g.File.Text(n)
	return placed(t.String(), t.VariableAt(0))
}

func placed(name, variable string) (place, bool) {
	p := place{variable: variable}
	if rest, ok := strings.CutPrefix(name, beside); ok {
		name, p.beside = "./"+strings.TrimLeft(rest, "/"), true
	}
	if rest, ok := strings.CutPrefix(name, temporary); ok {
		name, p.temporary = "/tmp/"+strings.TrimLeft(rest, "/"), true
	}
	open := false
	if i := strings.IndexAny(name, "*"+flow.Gap+beside+temporary); i >= 0 {
		name, open = name[:strings.LastIndexByte(name[:i], '/')+1], true
	}
	if name == "" {
		return p, variable != ""
	}
	if strings.Contains(name, "://") || strings.HasPrefix(name, "~") || strings.ContainsAny(name, "\n\r\t") || len(name) > 255 {
		return place{}, false
	}
	p.name = path.Clean(name)
	if open && (p.name == "." || p.name == "/") {
		// Anything may be there.
		p.name = ""
		return p, variable != ""
	}
	if open {
		p.name += "/"
	}
	return p, true
}
