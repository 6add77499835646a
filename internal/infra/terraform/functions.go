package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"rehearse/internal/cloud"
	"rehearse/internal/source"
)

// call works out the functions that definitions are made with
// (https://developer.hashicorp.com/terraform/language/functions). Of all others
// the result is not known.
func (m *module) call(e *hclsyntax.FunctionCallExpr, at source.Span, sc *scope) *cloud.Node {
	args := make([]*cloud.Node, 0, len(e.Args))
	for _, a := range e.Args {
		args = append(args, m.eval(a, sc))
	}
	if e.ExpandFinal && len(args) > 0 {
		last := args[len(args)-1]
		args = append(args[:len(args)-1], last.Items()...)
		if why, open := last.Open(); open {
			args = append(args, cloud.Unknown(at, why, ""))
		}
	}
	work := m.functions[e.Name]
	if work == nil || len(args) == 0 {
		of := ""
		for _, a := range args {
			of = or(of, a.Of())
		}
		return cloud.Unknown(at, "the function "+e.Name, of)
	}
	if n := work(m, args, at, sc); n != nil {
		return n
	}
	return cloud.Unknown(at, "the function "+e.Name, args[0].Of())
}

type function func(m *module, args []*cloud.Node, at source.Span, sc *scope) *cloud.Node

// firstOf returns the first argument: what the function changes is not looked at.
func firstOf(_ *module, args []*cloud.Node, _ source.Span, _ *scope) *cloud.Node { return args[0] }

// functions returns the functions that are worked out, by name.
func functions() map[string]function {
	return map[string]function{
		"jsonencode": firstOf, "yamlencode": firstOf, "tostring": firstOf, "tomap": firstOf, "tolist": firstOf, "toset": firstOf,
		"tonumber": firstOf, "tobool": firstOf, "sensitive": firstOf, "nonsensitive": firstOf, "sort": firstOf, "distinct": firstOf,
		"base64encode": firstOf, "base64decode": firstOf, "reverse": firstOf, "trimspace": firstOf, "abspath": firstOf,
		"jsondecode": decode, "yamldecode": decode,
		"merge": merge, "concat": concat, "flatten": flatten, "coalesce": coalesce, "try": coalesce, "lookup": lookup,
		"format": format, "join": join, "lower": texts(strings.ToLower), "upper": texts(strings.ToUpper), "replace": replace,
		"keys": keys, "values": valuesOf, "compact": compact, "file": file, "templatefile": templateFile, "split": split,
	}
}

func decode(_ *module, args []*cloud.Node, _ source.Span, _ *scope) *cloud.Node {
	return args[0].JSON()
}

// merge lays mappings over each other, the last on top.
func merge(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
	var pairs []cloud.Pair
	index := map[string]int{}
	why, open := "", false
	for _, a := range args {
		if w, o := a.Open(); o {
			why, open = w, true
		}
		for _, p := range a.Pairs() {
			if i, again := index[p.Key]; again {
				pairs[i] = p
				continue
			}
			index[p.Key] = len(pairs)
			pairs = append(pairs, p)
		}
	}
	n := cloud.Map(at, pairs...)
	if open {
		n = n.Opened(why)
	}
	return n
}

func concat(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
	var items []*cloud.Node
	why, open := "", false
	for _, a := range args {
		if w, o := a.Open(); o {
			why, open = w, true
		}
		items = append(items, a.Items()...)
		if len(items) > maxSteps {
			return nil
		}
	}
	n := cloud.List(at, items...)
	if open {
		n = n.Opened(why)
	}
	return n
}

func flatten(m *module, args []*cloud.Node, at source.Span, sc *scope) *cloud.Node {
	var parts []*cloud.Node
	for _, item := range args[0].Items() {
		if item.IsList() || item.IsUnknown() {
			parts = append(parts, item)
		} else {
			parts = append(parts, cloud.List(item.At, item))
		}
	}
	if why, open := args[0].Open(); open {
		parts = append(parts, cloud.Unknown(at, why, ""))
	}
	if len(parts) == 0 {
		return cloud.List(at)
	}
	return concat(m, parts, at, sc)
}

// coalesce returns the first that is there; where that is not known, it is not.
func coalesce(_ *module, args []*cloud.Node, _ source.Span, _ *scope) *cloud.Node {
	for _, a := range args {
		if a.IsUnknown() || !a.IsNull() && !(a.IsScalar() && a.Text() == "") {
			return a
		}
	}
	return nil
}

func lookup(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
	if len(args) < 2 {
		return nil
	}
	if n := index(args[0], args[1], at); !n.IsUnknown() || len(args) < 3 {
		return n
	}
	if args[0].IsMap() && args[1].IsScalar() {
		if _, open := args[0].Open(); !open {
			return args[2]
		}
	}
	return nil
}

func format(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
	text := args[0].Text()
	loose := args[0].Loose()
	for _, a := range args[1:] {
		i := strings.IndexByte(text, '%')
		if i < 0 || i+1 == len(text) || !strings.ContainsRune("svd", rune(text[i+1])) || !a.IsScalar() {
			return nil
		}
		loose = loose || a.Loose()
		text = text[:i] + a.Text() + text[i+2:]
		if len(text) > maxSize {
			return nil
		}
	}
	n := cloud.Scalar(at, text)
	if loose {
		n = n.Loosened("a variable")
	}
	return n
}

func join(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
	if len(args) != 2 || !args[0].IsScalar() || !args[1].IsList() {
		return nil
	}
	if _, open := args[1].Open(); open {
		return nil
	}
	var parts []string
	for _, item := range args[1].Items() {
		if !item.IsScalar() {
			return nil
		}
		parts = append(parts, item.Text())
	}
	return bounded(at, strings.Join(parts, args[0].Text()), args[1:])
}

// bounded returns a text made of others, within the bounds of a file.
func bounded(at source.Span, text string, of []*cloud.Node) *cloud.Node {
	if len(text) > maxSize {
		return nil
	}
	n := cloud.Scalar(at, text)
	if slices.ContainsFunc(of, (*cloud.Node).Loose) {
		n = n.Loosened("a variable")
	}
	return n
}

func texts(change func(string) string) function {
	return func(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
		if !args[0].IsScalar() {
			return nil
		}
		return bounded(at, change(args[0].Text()), args)
	}
}

func replace(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
	if len(args) != 3 || !args[0].IsScalar() || !args[1].IsScalar() || !args[2].IsScalar() || strings.HasPrefix(args[1].Text(), "/") {
		return nil
	}
	if strings.Count(args[0].Text(), args[1].Text())*len(args[2].Text()) > maxSize {
		return nil
	}
	return bounded(at, strings.ReplaceAll(args[0].Text(), args[1].Text(), args[2].Text()), args)
}

func split(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
	if len(args) != 2 || !args[0].IsScalar() || !args[1].IsScalar() {
		return nil
	}
	var items []*cloud.Node
	for _, part := range strings.SplitN(args[1].Text(), args[0].Text(), maxSteps) {
		items = append(items, cloud.Scalar(at, part))
	}
	return cloud.List(at, items...)
}

func keys(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
	if !args[0].IsMap() {
		return nil
	}
	var items []*cloud.Node
	for _, p := range args[0].Pairs() {
		items = append(items, cloud.Scalar(p.At, p.Key))
	}
	return reopened(cloud.List(at, items...), args[0])
}

func valuesOf(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
	if !args[0].IsMap() {
		return nil
	}
	var items []*cloud.Node
	for _, p := range args[0].Pairs() {
		items = append(items, p.Value)
	}
	return reopened(cloud.List(at, items...), args[0])
}

func compact(_ *module, args []*cloud.Node, at source.Span, _ *scope) *cloud.Node {
	if !args[0].IsList() {
		return nil
	}
	var items []*cloud.Node
	for _, item := range args[0].Items() {
		if !item.IsNull() && !(item.IsScalar() && item.Text() == "") {
			items = append(items, item)
		}
	}
	return reopened(cloud.List(at, items...), args[0])
}

func reopened(n, of *cloud.Node) *cloud.Node {
	if why, open := of.Open(); open {
		return n.Opened(why)
	}
	return n
}

// file returns a file of the tree.
func file(m *module, args []*cloud.Node, _ source.Span, _ *scope) *cloud.Node {
	name, data, ok := m.content(args[0])
	if !ok {
		return nil
	}
	return cloud.Scalar(source.Span{File: name, Line: 1, Column: 1}, string(data))
}

func (m *module) content(n *cloud.Node) (string, []byte, bool) {
	name := path.Clean(n.Text())
	if !n.IsScalar() || !m.tree.Has(name) {
		// A path is relative to where Terraform is run, most often the root module.
		if name = path.Join(m.dir, n.Text()); !n.IsScalar() || !m.tree.Has(name) {
			return "", nil, false
		}
	}
	file, err := m.tree.Read(name)
	if err != nil || admit(file.Data) != "" {
		return "", nil, false
	}
	return name, file.Data, true
}

// templateFile fills a file of the tree in
// (https://developer.hashicorp.com/terraform/language/functions/templatefile).
func templateFile(m *module, args []*cloud.Node, _ source.Span, sc *scope) *cloud.Node {
	name, data, ok := m.content(args[0])
	if !ok || len(args) != 2 {
		return nil
	}
	return m.filledIn(name, data, args[1], sc.depth)
}

// filledIn returns the text of a file with the values of vars in it.
func (m *module) filledIn(name string, data []byte, vars *cloud.Node, depth int) *cloud.Node {
	e, diagnostics := hclsyntax.ParseTemplate(data, name, hcl.InitialPos)
	if diagnostics.HasErrors() {
		return nil
	}
	m.read[name] = &parsed{data: data}
	inner := &scope{module: m, only: true, depth: depth, names: map[string]*cloud.Node{}}
	for _, p := range vars.Pairs() {
		inner.names[p.Key] = p.Value
	}
	n := m.eval(e, inner)
	n.At = source.Span{File: name, Line: 1, Column: 1}
	return n
}

// rendered returns what a data source makes of a template: its own text, or
// that of a file of the tree
// (https://registry.terraform.io/providers/hashicorp/template/latest/docs/data-sources/file).
func (m *module) rendered(b *hclsyntax.Block, at source.Span, depth int) *cloud.Node {
	return m.once("data.template_file."+b.Labels[1]+".rendered", at, func() *cloud.Node {
		inner := &scope{module: m, depth: depth + 1}
		text := m.attribute(b, "template", inner)
		if !text.IsScalar() || depth > maxDepth || !m.tree.Has(text.At.File) {
			return nil
		}
		return m.filledIn(text.At.File, []byte(text.Text()), m.attribute(b, "vars", inner), depth+1)
	})
}
