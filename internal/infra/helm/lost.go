package helm

import (
	"bytes"
	"regexp"
	"strings"
	"text/template/parse"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// top are the names that the dot of a whole template has, and no value of a
// chart (https://helm.sh/docs/chart_template_guide/builtin_objects/).
var top = map[string]bool{"Values": true, "Release": true, "Chart": true, "Capabilities": true, "Template": true, "Files": true}

// lost is a place at which a template asks an item of a loop, or a value, for
// what the dot of the whole template has.
type lost struct {
	id   int // of the mark of the node that it stands in
	name string
	at   source.Span
	with string // the template that it is handed to, whose business it is whether it asks
}

// strays notes a node whose dot is no longer that of the template.
func (r reader) strays(s scope, n parse.Node) {
	field, ok := n.(*parse.FieldNode)
	if !ok || r.file == nil || len(field.Ident) == 0 || !top[field.Ident[0]] {
		return
	}
	switch {
	case s.lost && len(field.Ident) > 1:
		r.all.lost = append(r.all.lost, lost{id: r.id, name: "." + strings.Join(field.Ident, "."), at: r.place(n)})
	case s.root && len(field.Ident) > 1:
		if r.all.roots == nil {
			r.all.roots = map[string]bool{}
		}
		r.all.roots[r.tree.Name] = true
	}
}

// handed notes {{ include "NAME" . }} with such a dot.
func (r reader) handed(s scope, name string, args []parse.Node, at parse.Node) {
	if len(args) == 2 && s.lost && r.file != nil {
		if _, dot := args[1].(*parse.DotNode); dot {
			r.all.lost = append(r.all.lost, lost{id: r.id, name: name, at: r.place(at), with: name})
		}
	}
}

// strayed returns what templates ask of a dot that does not have it.
func (f *findings) strayed(e *engine) []fact.Flaw {
	var flaws []fact.Flaw
	told := map[source.Span]bool{}
	for _, l := range e.marks.lost {
		if l.with != "" && !e.marks.roots[l.with] || told[l.at] {
			continue
		}
		told[l.at] = true
		flaw := fact.Flaw{
			Kind: fact.Undefined, Name: l.name, At: l.at, Fatal: e.come[l.id], Doubt: !e.come[l.id],
			What: "within a range or a with the dot is the item or the value, which has none: $" + l.name + " is what was meant",
		}
		if l.with != "" {
			flaw.What = "the template is handed the item of a range, or the value of a with, and asks it for what the whole chart has: $ is what was meant"
		}
		flaws = append(flaws, flaw)
	}
	return flaws
}

// bare is a place at which a template writes a value where Kubernetes takes texts
// alone, without quotes: a number or a boolean that is given there is refused.
type bare struct {
	path []string // of the values; nil for an item of a loop over them
	of   string   // the mapping that the item is of
	name string   // of the variable
	at   source.Span
	id   int
	file *source.File
}

// quoting are the functions that make a text of every value.
var quoting = map[string]bool{
	"quote": true, "squote": true, "toJson": true, "b64enc": true, "include": true, "tpl": true, "template": true, "toYaml": true, "printf": true,
	"print": true, "nindent": true, "indent": true, "cat": true, "join": true, "sha256sum": true, "default": true, "required": true, "coalesce": true, "ternary": true,
}

// countable are names of variables whose values are numbers or booleans.
var countable = regexp.MustCompile(`(?i)(^|_)(PORT|TIMEOUT|SECONDS|MINUTES|HOURS|DAYS|SIZE|COUNT|LIMIT|INTERVAL|TTL|RETRIES|REPLICAS|THREADS|WORKERS|ENABLED|DEBUG|UID|GID|PUID|PGID|MAX|MIN)$`)

// bareLine is a line whose value is an action alone.
var bareLine = regexp.MustCompile(`^\s*(?:- )?([A-Za-z_][\w.-]*):\s*\{\{.*\}\}\s*(?:#.*)?$`)

// unquoted notes an action that is a whole value of a variable, and no text.
func (r reader) unquoted(s scope, n *parse.ActionNode) {
	if r.file == nil || n.Pipe == nil || len(n.Pipe.Decl) > 0 || len(n.Pipe.Cmds) == 0 || len(n.Pipe.Cmds[0].Args) != 1 {
		return
	}
	for _, c := range n.Pipe.Cmds {
		if quoting[name(c)] || name(c) == "toString" {
			return
		}
	}
	b := bare{id: r.id, at: r.place(n), file: r.file}
	switch arg := n.Pipe.Cmds[0].Args[0].(type) {
	case *parse.VariableNode:
		if b.path = s.path(arg); b.path == nil {
			if b.of = s.items[arg.Ident[0]]; b.of == "" || len(arg.Ident) > 1 {
				return
			}
		}
	case *parse.FieldNode:
		if b.path = s.path(arg); b.path == nil {
			return
		}
	default:
		return
	}
	pos := min(int(n.Position()), len(r.file.Data))
	begin := bytes.LastIndexByte(r.file.Data[:pos], '\n') + 1
	line, _, _ := bytes.Cut(r.file.Data[begin:], []byte("\n"))
	m := bareLine.FindSubmatch(bytes.TrimRight(line, "\r"))
	if m == nil || bytes.Count(line, []byte("{{")) != 1 {
		return
	}
	if b.name = string(m[1]); b.name == "value" {
		if b.name = slotOf(r.file.Data, pos).name; b.name == "" {
			return
		}
	} else if b.name != strings.ToUpper(b.name) || !bytes.Contains(r.file.Data, []byte("kind: ConfigMap")) && !bytes.Contains(r.file.Data, []byte("stringData:")) {
		return
	}
	if b.path == nil || countable.MatchString(b.name) {
		r.all.bare = append(r.all.bare, b)
	}
}

// refusable returns the places at which the values of the tree give nothing, or
// nothing that is refused, and others may be.
func (f *findings) refusable(e *engine) []fact.Flaw {
	var flaws []fact.Flaw
	told := map[source.Span]bool{}
	for _, b := range e.marks.bare {
		if told[b.at] || f.of[b.file] != f.chart || b.path == nil && e.come[b.id] {
			continue
		}
		number := false
		if b.path != nil {
			given, refused := f.filled(b.path)
			if given && !refused || refused && e.come[b.id] {
				continue // it is looked at where it is rendered
			}
			number = refused
		}
		told[b.at] = true
		name, what := b.name, "it is"
		if b.of != "" {
			name, what = b.of, "what its keys have is"
		}
		if number {
			flaws = append(flaws, fact.Flaw{
				Kind: fact.Refused, Name: name, At: b.at,
				What: "it is written without quotes, and the values of the chart give it a number or a boolean, which is refused there",
			})
			continue
		}
		flaws = append(flaws, fact.Flaw{
			Kind: fact.Refused, Name: name, At: b.at, Doubt: true,
			What: what + " written without quotes, so that a number or a boolean that is given there is refused",
		})
	}
	return flaws
}

// filled reports whether some values of the chart give a path a value, and whether
// that is no text.
func (f *findings) filled(keys []string) (given, refused bool) {
	for _, l := range f.layers {
		n := l.root.Get(keys...)
		if n.IsNull() || n.Text() == "" {
			continue
		}
		given = true
		if _, number := n.Int(); n.IsScalar() && (!n.IsText() || number) {
			refused = true
		}
	}
	return given, refused
}
