package terraform

import (
	"maps"
	"path"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"rehearse/internal/cloud"
	"rehearse/internal/source"
)

// module is a folder of .tf files with the values that it is called with.
type module struct {
	*loader
	dir      string
	address  string // "" of the root, else module.NAME.
	given    map[string]*cloud.Node
	above    *module
	depth    int
	declared map[string]*hclsyntax.Block     // variable and output blocks, by type and name
	locals   map[string]hclsyntax.Expression // by name
	blocks   []*hclsyntax.Block              // resources, data and calls of modules, in order
	byName   map[string]*hclsyntax.Block     // the same by TYPE.NAME, data.TYPE.NAME, module.NAME
	known    map[string]*cloud.Node          // what was worked out; nil while it is
	children map[string]*module
}

// module reads the folder of a module.
func (l *loader) module(dir, address string, given map[string]*cloud.Node, above *module) *module {
	m := &module{
		loader: l, dir: dir, address: address, given: given, above: above,
		declared: map[string]*hclsyntax.Block{}, locals: map[string]hclsyntax.Expression{}, byName: map[string]*hclsyntax.Block{},
		known: map[string]*cloud.Node{}, children: map[string]*module{},
	}
	if above != nil {
		m.depth = above.depth + 1
	}
	for _, name := range sources(l.tree, dir) {
		p := l.parse(name)
		if p == nil {
			continue
		}
		for _, b := range p.body.Blocks {
			m.declare(b)
		}
	}
	return m
}

// look looks up the names of the module, and of those that it calls.
func (m *module) look() {
	if m.depth > maxDepth || m.looked[m.dir] {
		return
	}
	m.undefined()
	m.handed()
	for _, b := range m.blocks {
		if b.Type == "module" {
			if c := m.child(b.Labels[0], b, &scope{module: m}, ""); c != nil {
				c.look()
			}
		}
	}
}

func (m *module) declare(b *hclsyntax.Block) {
	switch {
	case (b.Type == "variable" || b.Type == "output") && len(b.Labels) == 1:
		m.declared[b.Type+"."+b.Labels[0]] = b
	case b.Type == "locals":
		for name, a := range b.Body.Attributes {
			m.locals[name] = a.Expr
		}
	case b.Type == "resource" && len(b.Labels) == 2:
		m.add(b.Labels[0]+"."+b.Labels[1], b)
	case b.Type == "data" && len(b.Labels) == 2:
		m.add("data."+b.Labels[0]+"."+b.Labels[1], b)
	case b.Type == "module" && len(b.Labels) == 1:
		m.add("module."+b.Labels[0], b)
	}
}

func (m *module) add(name string, b *hclsyntax.Block) {
	m.blocks = append(m.blocks, b)
	m.byName[name] = b
}

// once works a value out, and keeps it. A value that is made of itself is not
// known.
func (m *module) once(key string, at source.Span, work func() *cloud.Node) *cloud.Node {
	if n, seen := m.known[key]; seen {
		if n == nil {
			return cloud.Unknown(at, key, "")
		}
		return n
	}
	m.known[key] = nil
	n := work()
	if n == nil {
		n = cloud.Unknown(at, key, "")
	}
	m.known[key] = n
	return n
}

// variable returns the value that a variable of the module has.
func (m *module) variable(name string, at source.Span) *cloud.Node {
	if n := m.given[name]; !n.IsNull() {
		return n
	}
	return m.once("var."+name, at, func() *cloud.Node {
		b := m.declared["variable."+name]
		if b == nil || b.Body.Attributes["default"] == nil {
			return cloud.Unknown(at, "var."+name, "")
		}
		n := m.eval(b.Body.Attributes["default"].Expr, &scope{module: m})
		if m.above == nil && !m.assigns {
			return n.Loosened("var." + name) // who applies it may say another
		}
		return n
	})
}

func (m *module) local(name string, at source.Span) *cloud.Node {
	return m.once("local."+name, at, func() *cloud.Node {
		if e := m.locals[name]; e != nil {
			return m.eval(e, &scope{module: m})
		}
		return nil
	})
}

// child returns the module that a block calls, nil where it is not in the tree.
func (m *module) child(name string, b *hclsyntax.Block, sc *scope, instance string) *module {
	if c, seen := m.children[name+instance]; seen {
		return c
	}
	m.children[name+instance] = nil
	from := m.attribute(b, "source", sc).Text()
	if !isLocal(from) {
		return nil
	}
	dir := path.Join(m.dir, from)
	if m.modules++; m.modules > maxModules || m.depth > maxDepth || len(sources(m.tree, dir)) == 0 {
		m.note(m.span(b.DefRange()), "the folder of the module "+name+" is not read")
		return nil
	}
	given := map[string]*cloud.Node{}
	for key, a := range b.Body.Attributes {
		given[key] = m.eval(a.Expr, sc)
	}
	c := m.loader.module(dir, m.address+"module."+name+".", given, m)
	m.children[name+instance] = c
	return c
}

func (m *module) attribute(b *hclsyntax.Block, name string, sc *scope) *cloud.Node {
	a := b.Body.Attributes[name]
	if a == nil {
		return nil
	}
	return m.eval(a.Expr, sc)
}

// instances returns a scope for each instance of a block: one, unless it has
// count or for_each.
func (m *module) instances(b *hclsyntax.Block) []*scope {
	plain := &scope{module: m}
	if count := m.attribute(b, "count", plain); count != nil {
		if count.Text() == "0" || count.Text() == "false" {
			return nil
		}
		return []*scope{plain.with("count", cloud.Map(count.At, cloud.Pair{Key: "index", At: count.At, Value: cloud.Scalar(count.At, "0")}))}
	}
	over := m.attribute(b, "for_each", plain)
	if over == nil {
		return []*scope{plain}
	}
	if over.IsUnknown() {
		return []*scope{plain.with("each", cloud.Unknown(over.At, "each.value", ""))}
	}
	var all []*scope
	each(over, func(key string, at source.Span, value *cloud.Node) {
		if len(all) < maxInstances {
			all = append(all, plain.with("each", cloud.Map(at, cloud.Pair{Key: "key", At: at, Value: cloud.Scalar(at, key)}, cloud.Pair{Key: "value", At: at, Value: value})))
		}
	})
	return all
}

// each goes over a mapping, or over a list of texts as over a set.
func each(over *cloud.Node, do func(key string, at source.Span, value *cloud.Node)) {
	for _, p := range over.Pairs() {
		do(p.Key, p.At, p.Value)
	}
	for _, item := range over.Items() {
		do(item.Text(), item.At, item)
	}
}

// body returns a block as a mapping: its attributes, and for each type of
// blocks in it a list.
func (m *module) body(b *hclsyntax.Body, at source.Span, sc *scope) *cloud.Node {
	if m.steps++; m.steps > maxSteps || sc.depth > maxDepth {
		return cloud.Unknown(at, "a value that is too large", "")
	}
	sc = sc.deeper()
	var pairs []cloud.Pair
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		a := b.Attributes[name]
		pairs = append(pairs, cloud.Pair{Key: name, At: m.span(a.NameRange), Value: m.eval(a.Expr, sc)})
	}
	lists := map[string][]*cloud.Node{}
	places := map[string]source.Span{}
	open := map[string]string{}
	var order []string
	add := func(name string, at source.Span, items ...*cloud.Node) {
		if _, seen := places[name]; !seen {
			places[name] = at
			order = append(order, name)
		}
		lists[name] = append(lists[name], items...)
	}
	for _, in := range b.Blocks {
		here := m.span(in.DefRange())
		if in.Type != "dynamic" || len(in.Labels) != 1 {
			add(in.Type, here, m.body(in.Body, here, sc))
			continue
		}
		name := in.Labels[0]
		items, why := m.dynamic(in, here, sc)
		add(name, here, items...)
		if why != "" {
			open[name] = why
		}
	}
	for _, name := range order {
		value := cloud.List(places[name], lists[name]...)
		if why := open[name]; why != "" {
			value = value.Opened(why)
		}
		pairs = append(pairs, cloud.Pair{Key: name, At: places[name], Value: value})
	}
	return cloud.Map(at, pairs...)
}

// dynamic returns the blocks that a dynamic block makes, and why there may be
// more (https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks).
func (m *module) dynamic(b *hclsyntax.Block, at source.Span, sc *scope) ([]*cloud.Node, string) {
	over := m.attribute(b, "for_each", sc)
	name := b.Labels[0]
	if iterator := b.Body.Attributes["iterator"]; iterator != nil {
		if t, ok := iterator.Expr.(*hclsyntax.ScopeTraversalExpr); ok {
			name = t.Traversal.RootName()
		}
	}
	var items []*cloud.Node
	for _, content := range b.Body.Blocks {
		if content.Type != "content" {
			continue
		}
		index := 0
		each(over, func(key string, place source.Span, value *cloud.Node) {
			if over.IsList() && !value.IsScalar() {
				key = ""
			}
			index++
			if index > maxSteps {
				return
			}
			inner := sc.with(name, cloud.Map(place, cloud.Pair{Key: "key", At: place, Value: cloud.Scalar(place, key)}, cloud.Pair{Key: "value", At: place, Value: value}))
			items = append(items, m.body(content.Body, place, inner))
		})
	}
	why, open := over.Open()
	if !open {
		return items, ""
	}
	return items, why
}
