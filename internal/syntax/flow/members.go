package flow

import (
	"cmp"
	"slices"

	"rehearse/internal/syntax"
)

// Member is a value that the file gives to a name which other files may use: a
// part of a composite value, or a name of the whole file.
type Member struct {
	Name  string
	Value syntax.Node
}

// Members returns the members whose names are wanted, in the order in which they
// stand in the file.
func (f *File) Members(wanted func(name string) bool) []Member {
	var all []Member
	for _, roles := range f.roles {
		for _, r := range roles {
			if r.name != "field" {
				continue
			}
			if name := unquoted(r.m.Node("key").Text()); wanted(name) {
				all = append(all, Member{name, r.m.Node("value")})
			}
		}
	}
	root := of(f.Tree.Root())
	for name, bound := range f.names {
		if !wanted(name) {
			continue
		}
		for _, b := range bound {
			if b.scope == root && b.kind == "name" && !b.Value.IsZero() && f.role(b.Value, "field") == nil {
				all = append(all, Member{name, b.Value})
			}
		}
	}
	slices.SortFunc(all, func(a, b Member) int {
		return cmp.Or(a.Value.Start()-b.Value.Start(), cmp.Compare(a.Name, b.Name))
	})
	return all
}
