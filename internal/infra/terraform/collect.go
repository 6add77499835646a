package terraform

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// resource is an instance of a resource, with what its block says.
type resource struct {
	module  *module
	kind    string
	address string // as other blocks refer to it, below the root
	name    string // its label
	said    *cloud.Node
	at      source.Span
	scope   *scope
	block   *hclsyntax.Block
}

// maker adds what a resource runs or supplies to a definition.
type maker func(r *resource, def *fact.Definition)

// makers are the resources that are read, by type. All others say nothing of
// needs or supplies.
var makers = func() map[string]maker {
	all := map[string]maker{}
	for _, family := range []map[string]maker{amazon, google, azure, clusters, platforms} {
		for kind, make := range family {
			all[kind] = make
		}
	}
	return all
}()

// collect adds what the resources of the module and of those that it calls run.
func (m *module) collect(def *fact.Definition) {
	if m.depth > maxDepth {
		return
	}
	for _, b := range m.blocks {
		switch {
		case b.Type == "module":
			m.called(b.Labels[0], def)
		case b.Type == "resource" && makers[b.Labels[0]] != nil:
			for _, sc := range m.instances(b) {
				at := m.span(b.DefRange())
				r := &resource{
					module: m, kind: b.Labels[0], address: m.address + strings.Join(b.Labels, "."), name: b.Labels[1],
					said: m.body(b.Body, at, sc), at: at, scope: sc, block: b,
				}
				makers[r.kind](r, def)
			}
		}
	}
}

// called collects what a call of a module makes: of one of the tree what its
// resources do, of a well-known one what is handed to it.
func (m *module) called(name string, def *fact.Definition) {
	b := m.byName["module."+name]
	for i, sc := range m.instances(b) {
		instance := ""
		if i > 0 {
			instance = "#" + string(rune('a'+i%26)) + sc.names["each"].Get("key").Text()
		}
		if c := m.child(name, b, sc, instance); c != nil {
			c.collect(def)
			continue
		}
		from := m.attribute(b, "source", sc).Text()
		if make := published(from); make != nil {
			at := m.span(b.DefRange())
			make(&resource{module: m, kind: "module", address: m.address + "module." + name, name: name, said: m.body(b.Body, at, sc), at: at, scope: sc, block: b}, def)
		}
	}
}

// one follows keys through a block, whose blocks are lists, by their first.
func one(n *cloud.Node, keys ...string) *cloud.Node {
	for _, key := range keys {
		n = n.Get(key)
		if n.IsList() {
			why, open := n.Open()
			switch {
			case len(n.Items()) > 0:
				n = n.Items()[0]
			case open:
				return cloud.Unknown(n.At, why, "")
			default:
				return nil
			}
		}
	}
	return n
}

// workload returns a workload of the resource, with the name that the given
// attributes say, the first first, else that of its label.
func (r *resource) workload(platform, kind string, names ...string) fact.Workload {
	w := fact.Workload{Name: r.name, Kind: kind, Platform: platform, At: r.at, EnvAt: r.at, Replicas: 1}
	for _, name := range names {
		if n := r.said.Get(name); n.IsScalar() && n.Text() != "" {
			w.Name = n.Text()
			break
		}
	}
	return w
}

// given adds the variables of a mapping.
func given(w *fact.Workload, n *cloud.Node, at source.Span) {
	if n == nil {
		return
	}
	supplies, more := n.Variables()
	w.Supplies = append(w.Supplies, supplies...)
	w.Imports = append(w.Imports, more...)
	if !at.IsZero() {
		w.EnvAt = at
	}
}

// hidden says of variables that a mapping or a list gives that their values are
// secrets.
func hidden(supplies []fact.Supply) []fact.Supply {
	supplies = slices.Clone(supplies)
	for i := range supplies {
		supplies[i].Value = fact.Unknowable("a secret of the cloud")
	}
	return supplies
}

// image returns what a workload names as its image: where that is not known,
// what it would be known by.
func image(n *cloud.Node) string {
	if n.IsNull() {
		return ""
	}
	if n.IsScalar() && n.Loose() && !strings.Contains(n.Text(), "/") {
		return "${" + n.Why() + "}" // a tag, or a stand-in for the first time
	}
	return n.Shown()
}

// firstAt returns the first place that is one.
func firstAt(spans ...source.Span) source.Span {
	for _, at := range spans {
		if !at.IsZero() {
			return at
		}
	}
	return source.Span{}
}

// unnamed stands for an image of what a platform builds of the code by itself:
// nothing in the definition says which code that is.
const unnamed = "${code}"
