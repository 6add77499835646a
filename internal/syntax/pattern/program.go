package pattern

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	tree "rehearse/internal/syntax"
	"rehearse/internal/syntax/flow"
)

// maxCommand bounds a command line whose programs are looked for.
const maxCommand = 4096

// programs takes in the programs that the code starts: by name, by a command
// line, or through a package that starts them.
func (g *Reading) programs() {
	if g.inBrowser() {
		return
	}
	for _, m := range g.found["program"] {
		node, named, line := m.Node("program"), m.Node("name"), m.Node("command")
		switch {
		case m.Set["name"] != "":
			for name := range strings.FieldsSeq(m.Set["name"]) {
				g.program(m, name, excerpt(node, tree.Node{}, ""))
			}
		case !line.IsZero():
			text := g.File.Text(line).String()
			if line.ID() == node.ID() {
				text = hole.ReplaceAllString(strings.Trim(node.Text(), "`"), flow.Gap)
			}
			for _, name := range commands(text) {
				g.program(m, name, started(node, line, name))
			}
		default:
			if named.IsZero() {
				named = node
			}
			head := g.head(named)
			if text := g.File.Text(head).String(); head.ID() != named.ID() && strings.Contains(text, " ") {
				for _, name := range commands(text) { // a command line under a name, for a shell
					g.program(m, name, started(node, named, name))
				}
				continue
			}
			p, ok := g.place(head)
			if !ok || p.name == "" || strings.HasSuffix(p.name, "/") || !programName.MatchString(p.name) {
				continue
			}
			g.Add(fact.Need{
				Kind: fact.Program, Name: p.name, At: node.Span(), Text: started(node, named, p.name),
				Beside: p.beside, Variable: p.variable, Library: m.Set["library"],
			})
		}
	}
	for _, m := range g.found["wrapper"] {
		name, ok := g.literal(m.Node("wrapper"))
		if !ok {
			name = strings.Trim(m.Node("wrapper").Text(), "\"'`")
		}
		for program := range strings.FieldsSeq(g.reader.Wraps[name]) {
			g.Add(fact.Need{
				Kind: fact.Program, Name: program, At: m.Node("wrapper").Span(),
				Text: excerpt(m.Node("wrapper"), tree.Node{}, ""), Library: name,
			})
		}
	}
}

// head is the text, or the first of the parts of a list, under a name, else the
// node itself.
func (g *Reading) head(n tree.Node) tree.Node {
	b := g.File.Resolve(n)
	if b == nil || b.Value.IsZero() {
		return n
	}
	if kind := b.Value.Kind(); kind != "list" && kind != "array" {
		if kind == "string" {
			return b.Value
		}
		return n
	}
	if parts := b.Value.Children(); len(parts) > 0 {
		return parts[0]
	}
	return n
}

func (g *Reading) program(m *tree.Match, name, text string) {
	g.Add(fact.Need{Kind: fact.Program, Name: name, At: m.Node("program").Span(), Text: text, Library: m.Set["library"]})
}

// started is the code that starts a program, up to its name: what follows may
// be secret.
func started(node, line tree.Node, name string) string {
	if node.ID() == line.ID() {
		return "`" + name + " …`"
	}
	before := string(node.Bytes()[:max(0, line.Start()-node.Start())])
	return clean(before+"\""+name+" …\")", "")
}

// hole is an expression in a command line that is written as one: `cmd #{x}`.
var hole = regexp.MustCompile(`#\{[^}]*\}`)

var programName = regexp.MustCompile(`^[A-Za-z0-9_./+-]+$`)

// builtins are the commands that every shell has itself (POSIX, Shell and
// Utilities, 2.14 and 1.7), and those of which nothing is said.
var builtins = []string{
	".", ":", "[", "alias", "bg", "break", "cd", "command", "continue", "echo", "eval", "exec", "exit", "export", "false", "fc", "fg",
	"getopts", "hash", "jobs", "kill", "printf", "pwd", "read", "readonly", "return", "set", "shift", "source", "test", "times", "trap",
	"true", "type", "ulimit", "umask", "unalias", "unset", "wait", "local", "declare", "let",
}

// prefixes are the programs that start the one behind them.
var prefixes = []string{"exec", "nohup", "time", "nice", "command", "env"}

// commands returns the programs that a command line starts, none where it
// cannot be read. A part that only the running program knows is taken for one
// word.
func commands(line string) []string {
	if line == "" || len(line) > maxCommand || strings.HasPrefix(line, flow.Gap) {
		return nil
	}
	line = strings.NewReplacer(flow.Gap, "GAP_", beside, ".", temporary, "/tmp").Replace(line)
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(line), "")
	if err != nil {
		return nil
	}
	functions := map[string]bool{}
	var names []string
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.FuncDecl:
			if n.Name != nil {
				functions[n.Name.Value] = true
			}
		case *syntax.CallExpr:
			args := n.Args
			for len(args) > 1 && slices.Contains(prefixes, args[0].Lit()) {
				args = args[1:]
			}
			if len(args) == 0 {
				break
			}
			name := args[0].Lit()
			if name == "" || strings.Contains(name, "GAP_") || functions[name] || slices.Contains(builtins, name) || !programName.MatchString(name) || slices.Contains(names, name) {
				break
			}
			names = append(names, path.Clean(name))
		}
		return true
	})
	return names
}
