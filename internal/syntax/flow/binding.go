package flow

import (
	"strings"

	"rehearse/internal/syntax"
)

// Binding is a name and where its value comes from.
type Binding struct {
	Name      syntax.Node
	Value     syntax.Node // zero for a parameter
	Parameter bool

	path  string // the name, with those of the values that it is a part of
	scope extent
	kind  string // name, ok or err
}

func (f *File) bind(m *syntax.Match) {
	for _, c := range m.Captures() {
		switch c.Name {
		case "name", "ok", "err":
			f.add(&Binding{Name: c.Node, Value: m.Node("value"), path: c.Node.Text(), kind: c.Name})
		case "parameter":
			f.add(&Binding{Name: c.Node, Parameter: true, path: c.Node.Text(), kind: "name"})
		}
	}
}

// part binds a field of a composite value that is bound to a name, as
// name.field.
func (f *File) part(m *syntax.Match) {
	if prefix := f.owner(m.Node("field"), 8); prefix != "" {
		key := m.Node("key")
		f.add(&Binding{Name: key, Value: m.Node("value"), path: prefix + "." + unquoted(key.Text()), kind: "name"})
	}
}

// owner returns the name to which the composite value around a field is bound.
func (f *File) owner(field syntax.Node, depth int) string {
	for n := field.Parent(); depth > 0 && !n.IsZero(); depth-- {
		if m := f.role(n, "value"); m != nil {
			if name := m.Node("name"); !name.IsZero() {
				return name.Text()
			}
			if outer := m.Node("field"); !outer.IsZero() {
				if prefix := f.owner(outer, depth-1); prefix != "" {
					return prefix + "." + unquoted(m.Node("key").Text())
				}
			}
			return ""
		}
		m := f.role(n, "inner")
		if m == nil {
			return ""
		}
		n = m.Node("outer")
	}
	return ""
}

func (f *File) add(b *Binding) { f.addTo(f.within(f.scopes, b.Name), b) }

// scopeOf returns where a name is known that is assigned to and bound elsewhere,
// if at all: there where what it is a member of is bound.
func (f *File) scopeOf(name syntax.Node) extent {
	head, _, _ := strings.Cut(name.Text(), ".")
	if b := f.resolve(head, name); b != nil {
		return b.scope
	}
	return of(f.Tree.Root())
}

func (f *File) addTo(scope extent, b *Binding) {
	if b.path == "" {
		return // the parser filled in a name that is missing
	}
	b.scope = scope
	if b.Parameter {
		f.params[scope] = append(f.params[scope], b)
	}
	f.names[b.path] = append(f.names[b.path], b)
	if !b.Value.IsZero() {
		f.values[b.Value.ID()] = append(f.values[b.Value.ID()], b)
	}
}

// Resolve returns what a name stands for at the place of the node: the binding
// in the innermost scope around it, and of those the last before it. It is nil
// where the file does not bind it.
func (f *File) Resolve(n syntax.Node) *Binding { return f.resolve(n.Text(), n) }

func (f *File) resolve(path string, at syntax.Node) *Binding {
	var found *Binding
	if !f.spend(len(f.names[path])) {
		return nil
	}
	for _, b := range f.names[path] {
		if !b.scope.covers(of(at)) {
			continue
		}
		switch {
		case found == nil, found.scope != b.scope && found.scope.covers(b.scope):
			found = b
		case found.scope == b.scope && b.Name.Start() <= at.Start():
			found = b
		}
	}
	return found
}
