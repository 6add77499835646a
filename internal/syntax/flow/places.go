package flow

import "rehearse/internal/syntax"

// Shelter tells where in the file it is known, by tests of it, that the value of
// the node, or what it is given instead, is there or is as it is wanted.
func (f *File) Shelter(read syntax.Node) Outcome {
	f.left = maxSteps
	o := f.follow(read, state{names: []string{read.Text()}, hops: 3})
	return Outcome{sheltered: o.sheltered}
}

// Places returns where the value of the node is used: where the name that it is
// bound to is mentioned, and the node itself where it is bound to none.
func (f *File) Places(read syntax.Node) []syntax.Node {
	for n := read; !n.IsZero() && f.spend(8); n = n.Parent() {
		bound := f.values[n.ID()]
		if len(bound) == 0 {
			if f.role(n, "scope") != nil || f.role(n, "block") != nil {
				break
			}
			continue
		}
		b := bound[0]
		var all []syntax.Node
		// The value may name the variable as the code names it.
		for _, m := range f.mentions(b.path, max(b.Name.End(), b.Value.End()), b.scope.end) {
			if m.ID() != b.Name.ID() && !f.hidden(b, m) {
				all = append(all, m)
			}
		}
		if len(all) > 0 {
			return all
		}
		break
	}
	return []syntax.Node{read}
}

// Shelter adds what another outcome knows of places where the value is there.
func (o *Outcome) Shelter(other *Outcome) { o.sheltered = append(o.sheltered, other.sheltered...) }

// Replaces reports whether the node, or what it is a part of, is taken only where
// another value is absent.
func (f *File) Replaces(n syntax.Node) bool {
	for range 6 {
		if n.IsZero() {
			break
		}
		if f.role(n, "fallback") != nil {
			return true
		}
		n = n.Parent()
	}
	return false
}
