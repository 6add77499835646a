package terraform

import (
	"bytes"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
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

// flaw notes something of the module that cannot mean what it says.
func (m *module) flaw(f fact.Flaw) {
	f.Kind, f.Fatal = fact.Undefined, !f.Doubt
	if len(m.flaws) < maxFlaws {
		m.flaws = append(m.flaws, f)
	}
}

// whole reports whether every file of the folder is read and the folder is one to be
// applied or called: only then is what is not declared in its files not declared.
func (m *module) whole() bool {
	words := strings.Split(m.dir, "/")
	for _, word := range words {
		if strings.HasPrefix(word, ".") && strings.Trim(word, ".") != "" || m.above == nil && (word == "modules" || word == "module") {
			return false // laid aside, or called by nothing of the tree
		}
	}
	here := sources(m.tree, m.dir)
	for _, f := range m.tree.Under(m.dir) {
		rest := f[len(prefix(m.dir)):]
		if strings.Contains(rest, "/") {
			if len(here) == 1 && path.Ext(f) == ".tf" && !m.calls() {
				return false // it is likely linked to from the folders below
			}
			continue
		}
		template := strings.Contains(rest, ".tf.") || strings.HasSuffix(rest, ".tofu") // filled in before it is used
		if template || strings.HasSuffix(rest, ".tf") && m.read[f] == nil {
			return false
		}
	}
	return true
}

// calls reports whether the module calls one of the tree.
func (m *module) calls() bool {
	return slices.ContainsFunc(m.blocks, func(b *hclsyntax.Block) bool {
		return b.Type == "module" && isLocal(m.attribute(b, "source", &scope{module: m}).Text())
	})
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
	l := resolver{module: m, told: map[string]bool{}, generated: generated(m.tree)}
	for _, name := range sources(m.tree, m.dir) {
		for _, b := range m.read[name].body.Blocks {
			if !slices.Contains(skipped, b.Type) {
				l.block(b, nil)
			}
		}
	}
}

// resolver looks up the names of one folder.
type resolver struct {
	*module
	told      map[string]bool
	generated map[string]bool // variables that Terragrunt declares in every folder; nil where it is not used
}

// block looks up the names in a block. inner are those that the blocks around it
// bring: of dynamic blocks.
func (l *resolver) block(b *hclsyntax.Block, inner []string) {
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
		e := b.Body.Attributes[key].Expr
		for _, t := range hclsyntax.Variables(e) {
			l.name(t, inner, len(inner) > 0 || key == "depends_on" || chosen(e))
		}
	}
	for _, in := range b.Body.Blocks {
		l.block(in, inner)
	}
}

// chosen reports whether a part of an expression may never be worked out.
func chosen(e hclsyntax.Expression) bool {
	found := false
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.ConditionalExpr:
			found = true
		case *hclsyntax.FunctionCallExpr:
			found = found || n.Name == "try" || n.Name == "can"
		}
		return nil
	})
	return found
}

// name looks one name up. Where it is maybe never worked out, doubt tells.
func (l *resolver) name(t hcl.Traversal, inner []string, doubt bool) {
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
	f := fact.Flaw{Name: root + "." + names[1], At: l.span(t.SourceRange()), Doubt: doubt}
	switch root {
	case "var":
		if l.declared["variable."+names[1]] == nil && !l.generated[names[1]] {
			f.What = "the module declares no variable of that name"
			l.lookUp(f, names[1], func() map[string]source.Span { return l.declaredAs("variable.") })
		}
	case "local":
		if l.locals[names[1]] == nil {
			f.What = "no locals of the module have that name"
			f.Doubt = f.Doubt || l.generated != nil
			l.lookUp(f, names[1], l.localNames)
		}
	case "module":
		l.taken(names, f)
	case "data":
		if len(names) > 2 && l.byName[strings.Join(names[:3], ".")] == nil {
			f.Name, f.What = strings.Join(names[:3], "."), "the module has no such data source"
			f.Doubt = f.Doubt || l.generated != nil
			l.lookUp(f, names[2], func() map[string]source.Span { return l.blocksOf("data." + names[1] + ".") })
		}
	default:
		// A type of a provider of which the module has others.
		if provider, _, typed := strings.Cut(root, "_"); typed && l.byName[f.Name] == nil && l.provides(provider+"_") {
			f.What = "the module has no such resource"
			f.Doubt = f.Doubt || l.generated != nil
			l.lookUp(f, names[1], func() map[string]source.Span { return l.blocksOf(root + ".") })
		}
	}
}

// lookUp notes a name that is not there, with the one that is nearly the same:
// what there is, is gathered for such a name alone.
func (l *resolver) lookUp(f fact.Flaw, name string, there func() map[string]source.Span) {
	if l.told[f.Name] || len(l.flaws) >= maxFlaws {
		return
	}
	l.told[f.Name] = true
	all := there()
	for _, other := range slices.Sorted(maps.Keys(all)) {
		if spelling.Near(other, name) {
			f.Near, f.Other = strings.TrimSuffix(f.Name, name)+other, all[other]
			break
		}
	}
	l.flaw(f)
}

// taken looks up what is taken of a call of a module.
func (l *resolver) taken(names []string, f fact.Flaw) {
	b := l.byName["module."+names[1]]
	if b == nil {
		f.What = "the module calls no module under that name"
		l.lookUp(f, names[1], func() map[string]source.Span { return l.blocksOf("module.") })
		return
	}
	if len(names) < 3 || f.Doubt {
		return
	}
	c := l.child(names[1], b, &scope{module: l.module}, "")
	if c != nil && c.declared["output."+names[2]] == nil && c.whole() {
		f.Name, f.What = strings.Join(names[:3], "."), "the module in "+c.dir+" has no output of that name"
		l.lookUp(f, names[2], func() map[string]source.Span { return c.declaredAs("output.") })
	}
}

// terragrunt is the key of the variables that Terragrunt declares.
type terragrunt struct{}

var declaration = regexp.MustCompile(`variable\s+"?([A-Za-z_][\w-]*)`)

// generated returns the variables that files for Terragrunt declare in the folders
// that it makes files in, themselves or by a file that they name; nil where it is
// not used (https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#generate).
func generated(tree infra.Tree) map[string]bool {
	found, _ := tree.Once(terragrunt{}, func() any {
		all := map[string]bool{}
		var sources []string
		used := false
		add := func(data []byte) {
			for _, m := range declaration.FindAllSubmatch(data, -1) {
				all[string(m[1])] = true
			}
		}
		for _, f := range tree.Under(".") {
			switch {
			case path.Ext(f) == ".tf":
				sources = append(sources, f)
			case path.Ext(f) == ".hcl" && path.Base(f) != ".terraform.lock.hcl":
				file, err := tree.Read(f)
				if err != nil {
					continue
				}
				used = used || path.Base(f) == "terragrunt.hcl" || bytes.Contains(file.Data, []byte("generate "))
				add(file.Data)
				for _, m := range taken.FindAllSubmatch(file.Data, -1) {
					all["\x00"+path.Base(string(m[1]))] = true
				}
			}
		}
		if !used {
			return map[string]bool(nil)
		}
		for _, f := range sources {
			if all["\x00"+path.Base(f)] {
				if file, err := tree.Read(f); err == nil {
					add(file.Data)
				}
			}
		}
		return all
	}).(map[string]bool)
	return found
}

// taken is a file of Terraform that one for Terragrunt names.
var taken = regexp.MustCompile(`"([^"\n]*\.tf)"`)

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
		l := resolver{module: m, told: map[string]bool{}}
		there := c.declaredAs("variable.")
		for _, key := range slices.Sorted(maps.Keys(b.Body.Attributes)) {
			if _, ok := there[key]; !ok && !slices.Contains(meta, key) {
				l.lookUp(fact.Flaw{
					Name: key, At: m.span(b.Body.Attributes[key].NameRange),
					What: "module." + b.Labels[0] + " is handed it, and the module in " + c.dir + " declares no variable of that name",
				}, key, func() map[string]source.Span { return there })
			}
		}
		var lacking []string
		var at source.Span
		for _, name := range slices.Sorted(maps.Keys(there)) {
			if b.Body.Attributes[name] == nil && c.declared["variable."+name].Body.Attributes["default"] == nil {
				lacking, at = append(lacking, name), there[name]
			}
		}
		if len(lacking) > 0 {
			m.flaw(fact.Flaw{
				Name: "module." + b.Labels[0], At: m.span(b.DefRange()), Other: at,
				What: "it is not handed " + listed(lacking) + ", which the module in " + c.dir + " has no default for",
			})
		}
	}
}

// listed returns the first names of a list, and how many more there are.
func listed(names []string) string {
	const most = 3
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
	}
	return strings.Join(names, ", ")
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

// provides reports whether the module has a resource or data source whose type
// begins so: of a provider.
func (m *module) provides(provider string) bool {
	return slices.ContainsFunc(m.blocks, func(b *hclsyntax.Block) bool {
		return b.Type != "module" && strings.HasPrefix(b.Labels[0], provider)
	})
}
