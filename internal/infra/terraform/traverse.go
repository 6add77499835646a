package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	"rehearse/internal/cloud"
	"rehearse/internal/source"
)

// traverse follows a name: var.x, local.x.y, each.value.z, aws_x.y.arn.
func (m *module) traverse(t hcl.Traversal, at source.Span, sc *scope) *cloud.Node {
	root := t.RootName()
	if n, ok := sc.names[root]; ok {
		return m.walk(n, t[1:], at)
	}
	names := []string{root}
	for _, step := range t[1:] {
		a, ok := step.(hcl.TraverseAttr)
		if !ok {
			break
		}
		names = append(names, a.Name)
	}
	if sc.only || len(names) < 2 {
		return cloud.Unknown(at, root, "")
	}
	switch root {
	case "var":
		return m.walk(m.variable(names[1], at), t[2:], at)
	case "local":
		return m.walk(m.local(names[1], at), t[2:], at)
	case "path":
		if names[1] == "module" || names[1] == "root" {
			return cloud.Scalar(at, m.dir)
		}
		return cloud.Unknown(at, strings.Join(names, "."), "")
	case "module":
		return m.output(names, t, at, sc)
	case "terraform", "self", "each", "count":
		return cloud.Unknown(at, strings.Join(names, "."), "")
	}
	return m.resource(names, t, at, sc)
}

// output follows module.NAME.OUTPUT into a module of the tree.
func (m *module) output(names []string, t hcl.Traversal, at source.Span, sc *scope) *cloud.Node {
	name := strings.Join(names, ".")
	b := m.byName["module."+names[1]]
	if b == nil || len(names) < 3 || m.depth > maxDepth {
		return cloud.Unknown(at, name, "")
	}
	return m.once(name, at, func() *cloud.Node {
		instances := m.instances(b)
		if len(instances) != 1 {
			return nil
		}
		c := m.child(names[1], b, instances[0], "")
		if c == nil {
			return cloud.Unknown(at, name, "module."+names[1])
		}
		out := c.declared["output."+names[2]]
		if out == nil {
			return nil
		}
		return m.walk(c.attribute(out, "value", &scope{module: c}), t[3:], at)
	})
}

// resource follows TYPE.NAME.ATTRIBUTE: what the block itself says is known,
// all else is told by the cloud.
func (m *module) resource(names []string, t hcl.Traversal, at source.Span, sc *scope) *cloud.Node {
	head := 2
	if names[0] == "data" {
		head = 3
	}
	if len(names) < head {
		return cloud.Unknown(at, strings.Join(names, "."), "")
	}
	address := strings.Join(names[:head], ".")
	b := m.byName[address]
	// NAME[0].ATTRIBUTE and NAME["x"].ATTRIBUTE are of one instance.
	rest := t[head:]
	if len(rest) > 0 {
		if _, ok := rest[0].(hcl.TraverseIndex); ok {
			rest = rest[1:]
		}
	}
	of := m.address + address
	if b == nil || len(rest) == 0 {
		return cloud.Unknown(at, address, of)
	}
	a, ok := rest[0].(hcl.TraverseAttr)
	if !ok {
		return cloud.Unknown(at, address, of)
	}
	if names[0] == "data" && b.Labels[0] == "template_file" && a.Name == "rendered" {
		return m.rendered(b, at, sc.depth)
	}
	if image := repository[b.Labels[0]+"."+a.Name]; image != "" {
		if name := m.attribute(b, image, &scope{module: m}); name.Shown() != "" {
			return cloud.Scalar(at, "registry/"+name.Shown())
		}
	}
	if b.Body.Attributes["for_each"] == nil {
		said := m.once(of, at, func() *cloud.Node { return m.body(b.Body, m.span(b.DefRange()), &scope{module: m, depth: sc.depth}) })
		if n := m.walk(said, rest, at); n.IsScalar() {
			return n.PartOf(of)
		}
	}
	return cloud.Unknown(at, address+"."+a.Name, of)
}

// walk follows steps into a value.
func (m *module) walk(n *cloud.Node, steps hcl.Traversal, at source.Span) *cloud.Node {
	for _, step := range steps {
		switch s := step.(type) {
		case hcl.TraverseAttr:
			n = index(n, cloud.Scalar(at, s.Name), at)
		case hcl.TraverseIndex:
			n = index(n, literal(s.Key, at), at)
		default:
			return cloud.Unknown(at, "a part of a value", n.Of())
		}
	}
	return n
}

func index(n, key *cloud.Node, at source.Span) *cloud.Node {
	if n.IsMap() && key.IsScalar() {
		for _, p := range n.Pairs() {
			if p.Key == key.Text() {
				return p.Value
			}
		}
	}
	if n.IsList() && key.IsScalar() && key.Int() >= 0 && key.Int() < len(n.Items()) && !n.Loose() {
		return n.Items()[key.Int()]
	}
	why := n.Why()
	if why == "" {
		why = "a part of a value"
	}
	if n.IsUnknown() && key.IsScalar() {
		why += "." + key.Text()
	}
	return cloud.Unknown(at, why, n.Of())
}
