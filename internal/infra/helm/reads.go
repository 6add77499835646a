package helm

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"text/template/parse"

	"rehearse/internal/source"
)

// use says what becomes of a value that a template reads.
type use int

const (
	printed use = iota // it is written out, as it is or changed
	asked              // it is asked for, or another stands in where it is not there
	taken              // it is handed on whole: to a loop, another template, a variable
)

// read is a place at which a template reads a path of the values.
type read struct {
	id    int // of the mark of the node that it stands in
	path  []string
	where string // as errors of text/template tell the place
	at    source.Span
	use   use
	pos   int // of the node
	file  *source.File
	in    string // the name of the template, which of a file is its path
}

// asking are the functions that are content with what is not there
// (https://helm.sh/docs/chart_template_guide/function_list/).
var asking = map[string]bool{
	"default": true, "coalesce": true, "required": true, "hasKey": true, "and": true, "or": true, "not": true, "empty": true,
	"ternary": true, "eq": true, "ne": true, "lt": true, "le": true, "gt": true, "ge": true, "kindIs": true, "kindOf": true,
	"typeIs": true, "typeOf": true, "typeIsLike": true, "has": true, "contains": true, "hasPrefix": true, "hasSuffix": true,
	"len": true, "any": true, "all": true, "dig": true, "get": true, "semverCompare": true, "regexMatch": true,
}

// passing are the functions whose result a template writes out in place of the
// value: nothing where it is nothing.
var passing = map[string]bool{
	"quote": true, "squote": true, "toString": true, "trim": true, "upper": true, "lower": true, "title": true, "b64enc": true,
	"int": true, "int64": true, "float64": true, "print": true, "printf": true, "println": true, "trunc": true, "trimSuffix": true,
	"trimPrefix": true, "trimAll": true, "replace": true, "toJson": true, "cat": true, "nospace": true, "urlquery": true, "tpl": true,
	"toYaml": true, "indent": true, "nindent": true, "join": true, "add": true, "mul": true, "div": true, "sub": true,
}

// scope is what is known of the values at a place of a template.
type scope struct {
	dot  []string            // the path that the dot stands for
	root bool                // the dot is that of the whole template
	vars map[string][]string // paths that variables stand for

	lost  bool              // the dot is a value, or an item of one
	items map[string]string // variables that stand for items of a mapping of values, and its path
}

// reader finds what the nodes of one template read.
type reader struct {
	tree *parse.Tree
	file *source.File
	id   int
	all  *marks
}

// path returns which path of the values a node reads, nil where none is known.
func (s scope) path(n parse.Node) []string {
	var names, below []string
	switch n := n.(type) {
	case *parse.FieldNode:
		names = n.Ident
		if i := slices.Index(names, "Values"); i < 0 && !s.root && s.dot != nil {
			return append(slices.Clone(s.dot), names...)
		}
	case *parse.DotNode:
		if !s.root && s.dot != nil {
			return s.dot
		}
	case *parse.VariableNode:
		names = n.Ident
		var known bool
		if below, known = s.vars[names[0]]; known {
			return append(slices.Clone(below), names[1:]...)
		}
	}
	if i := slices.Index(names, "Values"); i >= 0 && i+1 < len(names) {
		return names[i+1:]
	}
	return nil // not even .Values alone: it is read through index
}

// chain returns the path of ((.Values.a).b).c, which is how templates ask for
// what may not be there; nil for any other chain.
func (s scope) chain(n *parse.ChainNode) []string {
	in, ok := n.Node.(*parse.PipeNode)
	if !ok || len(in.Cmds) != 1 || len(in.Cmds[0].Args) != 1 {
		return nil
	}
	var names []string
	switch arg := in.Cmds[0].Args[0].(type) {
	case *parse.ChainNode:
		names = s.chain(arg)
	case *parse.FieldNode, *parse.VariableNode, *parse.DotNode:
		names = s.path(arg)
	}
	if names == nil {
		return nil
	}
	return append(slices.Clone(names), n.Field...)
}

func (r reader) addIn(n parse.Node, names []string) {
	if r.file != nil {
		r.add(n, names, asked)
	}
}

func (r reader) note(s scope, n parse.Node, u use) {
	r.strays(s, n)
	names := s.path(n)
	if names == nil || r.file == nil {
		return
	}
	r.add(n, names, u)
}

func (r reader) add(n parse.Node, names []string, u use) {
	where, _ := r.tree.ErrorContext(n)
	r.all.reads = append(r.all.reads, read{
		id: r.id, path: names, where: where, use: u, pos: min(int(n.Position()), len(r.file.Data)), file: r.file, at: r.place(n), in: r.tree.Name,
	})
}

func (r reader) place(n parse.Node) source.Span {
	return origin{source: r.file}.place(int(n.Position()))
}

// call is a place at which a template calls another.
type call struct {
	id   int // of the mark of the node that it stands in
	name string
	at   source.Span
}

func first(args []parse.Node) parse.Node {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

// pipe notes what a pipeline reads. u is what becomes of its result.
func (r reader) pipe(s scope, p *parse.PipeNode, u use) {
	if p == nil {
		return
	}
	if len(p.Decl) > 0 {
		if u == printed {
			u = taken
		}
		if len(p.Cmds) == 1 && len(p.Cmds[0].Args) == 1 && len(p.Decl) == 1 {
			if names := s.path(p.Cmds[0].Args[0]); names != nil {
				s.vars[p.Decl[0].Ident[0]] = names
			}
		}
	}
	// The functions behind a command say what becomes of what it gives.
	for i, c := range p.Cmds {
		then := u
		for _, later := range p.Cmds[i+1:] {
			then = through(name(later), then)
		}
		r.command(s, c, then)
	}
}

// through returns what becomes of a value that is given to a function.
func through(function string, u use) use {
	switch {
	case asking[function]:
		return asked
	case function == "" || passing[function]:
		return u
	case u == asked:
		return asked
	}
	return taken
}

func name(c *parse.CommandNode) string {
	if len(c.Args) == 0 {
		return ""
	}
	if id, ok := c.Args[0].(*parse.IdentifierNode); ok {
		return id.Ident
	}
	return ""
}

func (r reader) command(s scope, c *parse.CommandNode, u use) {
	function := name(c)
	args := c.Args
	if function != "" {
		args, u = args[1:], through(function, u)
	}
	if name, literal := first(args).(*parse.StringNode); literal && function == "include" && r.file != nil {
		r.handed(s, name.Text, args, c)
		r.all.calls = append(r.all.calls, call{id: r.id, name: name.Text, at: r.place(c)})
	}
	if function == "index" && len(args) > 1 {
		r.index(s, c, args, u)
	}
	for _, arg := range args {
		switch n := arg.(type) {
		case *parse.FieldNode, *parse.VariableNode, *parse.DotNode:
			r.note(s, n, u)
		case *parse.PipeNode:
			r.pipe(s, n, u)
		case *parse.ChainNode:
			if names := s.chain(n); names != nil {
				r.addIn(n, names)
			} else if in, ok := n.Node.(*parse.PipeNode); ok {
				r.pipe(s, in, taken)
			}
		}
	}
}

// index notes {{ index .Values "a" "b" }}, as far as its keys are literal.
func (r reader) index(s scope, c *parse.CommandNode, args []parse.Node, u use) {
	var names []string
	switch n := args[0].(type) {
	case *parse.FieldNode:
		names = n.Ident
	case *parse.VariableNode:
		names = n.Ident
	}
	i := slices.Index(names, "Values")
	if i < 0 || r.file == nil {
		return
	}
	keys := slices.Clone(names[i+1:])
	for _, arg := range args[1:] {
		key, literal := arg.(*parse.StringNode)
		if !literal {
			break
		}
		keys = append(keys, key.Text)
	}
	if len(keys) > 0 {
		r.add(c, keys, u)
	}
}

// node notes what a node reads, and returns the scopes of its two lists.
func (r reader) node(s scope, n parse.Node) (scope, scope) {
	then := scope{dot: s.dot, root: s.root, vars: s.vars, lost: s.lost, items: s.items}
	otherwise := then
	switch n := n.(type) {
	case *parse.ActionNode:
		r.pipe(s, n.Pipe, printed)
		r.unquoted(s, n)
	case *parse.IfNode:
		then.vars, otherwise.vars = maps.Clone(s.vars), maps.Clone(s.vars)
		r.pipe(s, n.Pipe, asked)
	case *parse.WithNode:
		then.vars, otherwise.vars = maps.Clone(s.vars), maps.Clone(s.vars)
		r.pipe(s, n.Pipe, asked)
		then.root, then.dot, then.lost = false, nil, false
		if len(n.Pipe.Cmds) == 1 && len(n.Pipe.Cmds[0].Args) == 1 {
			then.dot = s.path(n.Pipe.Cmds[0].Args[0])
			then.lost = then.dot != nil || s.below(n.Pipe)
			for _, d := range n.Pipe.Decl {
				then.vars[d.Ident[0]] = then.dot
			}
		}
	case *parse.RangeNode:
		then.vars, otherwise.vars = maps.Clone(s.vars), maps.Clone(s.vars)
		r.pipe(s, n.Pipe, taken)
		then.root, then.dot, then.lost = false, nil, s.below(n.Pipe)
		for i, d := range n.Pipe.Decl {
			delete(then.vars, d.Ident[0])
			if i == 1 && then.lost {
				then.items = maps.Clone(s.items)
				if then.items == nil {
					then.items = map[string]string{}
				}
				then.items[d.Ident[0]] = strings.Join(s.path(n.Pipe.Cmds[0].Args[0]), ".")
			}
		}
	}
	return then, otherwise
}

// below reports whether a pipeline is one of the values, or of what the dot is
// where that is one.
func (s scope) below(p *parse.PipeNode) bool {
	if len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return false
	}
	n := p.Cmds[0].Args[0]
	_, field := n.(*parse.FieldNode)
	return s.path(n) != nil || field && s.lost
}

// slot is the place in a manifest that an action writes into.
type slot struct {
	key   string // of the mapping
	whole bool   // nothing but the action stands there
	name  string // value: of the variable, by the line before
}

// slotOf returns the slot of the action that stands at a byte of a template.
func slotOf(data []byte, pos int) slot {
	pos = min(pos, len(data))
	open := bytes.LastIndex(data[:pos], []byte("{{"))
	if open < 0 {
		return slot{}
	}
	begin := bytes.LastIndexByte(data[:open], '\n') + 1
	end := len(data)
	if i := bytes.IndexByte(data[open:], '\n'); i >= 0 {
		end = open + i
	}
	before := strings.TrimLeft(strings.TrimSpace(string(data[begin:open])), "- ")
	after := string(data[open:end])
	if i := strings.Index(after, "}}"); i >= 0 {
		after = after[i+2:]
	}
	after = strings.Trim(after, "\"' \t\r")
	key, rest, ok := strings.Cut(before, ":")
	if !ok {
		return slot{}
	}
	s := slot{key: strings.Trim(key, `"' `), whole: strings.Trim(rest, `"' `) == "" && (after == "" || strings.HasPrefix(after, "#"))}
	if s.key == "value" && begin > 1 {
		previous := string(data[bytes.LastIndexByte(data[:begin-1], '\n')+1 : begin-1])
		if _, called, ok := strings.Cut(previous, "name:"); ok {
			s.name = strings.Trim(called, `"' `+"\t\r")
		}
	}
	return s
}
