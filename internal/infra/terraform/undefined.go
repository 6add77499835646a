package terraform

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
)

// What a module refers to and nothing in it declares: Terraform refuses the whole
// plan (https://developer.hashicorp.com/terraform/language/expressions/references).

// maxFlaws bounds what is told of one root.
const maxFlaws = 64

// skipped are blocks whose names are not looked up: what was there before, and what
// has names of its own.
var skipped = []string{"moved", "removed", "import", "check", "terraform", "run", "mock_provider"}

// flaw notes something of the module that cannot mean what it says. Under
// Terragrunt files are made beside those of the tree, so that it may.
func (m *module) flaw(f fact.Flaw) {
	f.Kind, f.Fatal = fact.Undefined, true
	if m.generated() {
		f.Fatal, f.Doubt = false, true
	}
	if len(m.flaws) < maxFlaws {
		m.flaws = append(m.flaws, f)
	}
}

// generated reports whether something else makes files of the module.
func (m *module) generated() bool {
	return m.tree.Has(prefix(m.dir)+"terragrunt.hcl") || m.above != nil && m.above.generated()
}

// whole reports whether every file of the folder is read: only then is what is not
// declared in them not declared.
func (m *module) whole() bool {
	for _, f := range m.tree.Under(m.dir) {
		rest := f[len(prefix(m.dir)):]
		if strings.Contains(rest, "/") {
			continue
		}
		template := strings.Contains(rest, ".tf.") || strings.HasSuffix(rest, ".tofu") // filled in before it is used
		if template || strings.HasSuffix(rest, ".tf") && m.read[f] == nil {
			return false
		}
	}
	return true
}

// undefined looks up what the blocks of the module refer to, once for each folder.
func (m *module) undefined() {
	if m.looked[m.dir] {
		return
	}
	m.looked[m.dir] = true
	if !m.whole() {
		return
	}
	told := map[string]bool{}
	for _, name := range sources(m.tree, m.dir) {
		for _, b := range m.read[name].body.Blocks {
			if !slices.Contains(skipped, b.Type) {
				m.references(b, nil, told)
			}
		}
	}
}

// references looks up the names in a block. inner are those that the blocks around
// it bring: of dynamic blocks.
func (m *module) references(b *hclsyntax.Block, inner []string, told map[string]bool) {
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		name := b.Labels[0]
		if iterator := b.Body.Attributes["iterator"]; iterator != nil {
			if t, ok := iterator.Expr.(*hclsyntax.ScopeTraversalExpr); ok {
				name = t.Traversal.RootName()
			}
		}
		inner = append(slices.Clone(inner), name)
	}
	for _, key := range slices.Sorted(maps.Keys(b.Body.Attributes)) {
		switch key {
		case "provider", "providers", "ignore_changes", "configuration_aliases", "iterator":
			continue // names of other things
		}
		for _, t := range hclsyntax.Variables(b.Body.Attributes[key].Expr) {
			m.reference(t, inner, told)
		}
	}
	for _, in := range b.Body.Blocks {
		m.references(in, inner, told)
	}
}

func (m *module) reference(t hcl.Traversal, inner []string, told map[string]bool) {
	root := t.RootName()
	names := []string{root}
	for _, step := range t[1:] {
		if a, ok := step.(hcl.TraverseAttr); ok {
			names = append(names, a.Name)
		}
	}
	if len(names) < 2 || slices.Contains(inner, root) {
		return
	}
	if _, ok := t[1].(hcl.TraverseAttr); !ok {
		return
	}
	f := fact.Flaw{Name: root + "." + names[1], At: m.span(t.SourceRange())}
	var there map[string]source.Span
	switch root {
	case "var":
		there = m.declaredAs("variable.")
		f.What = "the module declares no variable of that name"
	case "local":
		there = m.localNames()
		f.What = "no locals of the module have that name"
	case "module":
		m.taken(t, names, f, told)
		return
	case "data":
		if len(names) < 3 {
			return
		}
		f.Name = strings.Join(names[:3], ".")
		there = m.blocksOf("data." + names[1] + ".")
		names = names[1:]
		f.What = "the module has no such data source"
	default:
		// A type of a provider of which the module has others.
		provider, _, typed := strings.Cut(root, "_")
		if !typed || !m.provides(provider) {
			return
		}
		there = m.blocksOf(root + ".")
		f.What = "the module has no such resource"
	}
	m.lookUp(f, names[1], there, told)
}

// lookUp notes a name that is not there.
func (m *module) lookUp(f fact.Flaw, name string, there map[string]source.Span, told map[string]bool) {
	if _, ok := there[name]; ok || told[f.Name] {
		return
	}
	told[f.Name] = true
	for _, other := range slices.Sorted(maps.Keys(there)) {
		if spelling.Near(other, name) {
			f.Near, f.Other = strings.TrimSuffix(f.Name, name)+other, there[other]
			break
		}
	}
	m.flaw(f)
}

// taken looks up what is taken of a call of a module.
func (m *module) taken(t hcl.Traversal, names []string, f fact.Flaw, told map[string]bool) {
	b := m.byName["module."+names[1]]
	if b == nil {
		f.What = "the module calls no module under that name"
		m.lookUp(f, names[1], m.blocksOf("module."), told)
		return
	}
	c := m.calledModule(b)
	if c == nil || len(names) < 3 || len(c.declaredAs("output.")) == 0 && len(c.blocks) == 0 {
		return
	}
	f.Name, f.What = strings.Join(names[:3], "."), "the module in "+c.dir+" has no output of that name"
	m.lookUp(f, names[2], c.declaredAs("output."), told)
}

// calledModule returns the module of the tree that a block calls, nil for another
// or one that is not read whole.
func (m *module) calledModule(b *hclsyntax.Block) *module {
	c := m.child(b.Labels[0], b, &scope{module: m}, "")
	if c == nil || !c.whole() {
		return nil
	}
	return c
}

// meta are the arguments that every call of a module takes
// (https://developer.hashicorp.com/terraform/language/block/module).
var meta = []string{"source", "version", "providers", "count", "for_each", "depends_on"}

// handed looks at what calls hand to modules of the tree: what these do not
// declare, and what they have no default for and are not handed.
func (m *module) handed() {
	for _, b := range m.blocks {
		if b.Type != "module" {
			continue
		}
		c := m.calledModule(b)
		if c == nil {
			continue
		}
		there := c.declaredAs("variable.")
		told := map[string]bool{}
		for _, key := range slices.Sorted(maps.Keys(b.Body.Attributes)) {
			if !slices.Contains(meta, key) {
				m.lookUp(fact.Flaw{
					Name: key, At: m.span(b.Body.Attributes[key].NameRange),
					What: "module." + b.Labels[0] + " is handed it, and the module in " + c.dir + " declares no variable of that name",
				}, key, there, told)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(there)) {
			if b.Body.Attributes[name] == nil && c.declared["variable."+name].Body.Attributes["default"] == nil {
				m.flaw(fact.Flaw{
					Name: name, At: m.span(b.DefRange()), Other: there[name],
					What: "module." + b.Labels[0] + " is not handed it, and the variable of the module in " + c.dir + " has no default",
				})
			}
		}
	}
}

// declaredAs returns what the module declares of a kind, by name.
func (m *module) declaredAs(kind string) map[string]source.Span {
	found := map[string]source.Span{}
	for name, b := range m.declared {
		if rest, ok := strings.CutPrefix(name, kind); ok {
			found[rest] = m.span(b.DefRange())
		}
	}
	return found
}

func (m *module) localNames() map[string]source.Span {
	found := map[string]source.Span{}
	for name, e := range m.locals {
		found[name] = m.span(e.StartRange())
	}
	return found
}

// blocksOf returns the blocks whose address begins so, by what follows.
func (m *module) blocksOf(prefix string) map[string]source.Span {
	found := map[string]source.Span{}
	for address, b := range m.byName {
		if rest, ok := strings.CutPrefix(address, prefix); ok {
			found[rest] = m.span(b.DefRange())
		}
	}
	return found
}

// provides reports whether the module has a resource or data source of a provider.
func (m *module) provides(provider string) bool {
	return slices.ContainsFunc(m.blocks, func(b *hclsyntax.Block) bool {
		return b.Type != "module" && strings.HasPrefix(b.Labels[0], provider+"_")
	})
}
