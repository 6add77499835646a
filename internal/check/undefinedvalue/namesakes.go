package undefinedvalue

import (
	"path"
	"slices"

	"rehearse/internal/fact"
)

// sets returns the sets of all environments, by kind and name.
func sets(environments []*fact.Environment) map[string][]*fact.Set {
	all := map[string][]*fact.Set{}
	for _, e := range environments {
		for i := range e.Sets {
			s := &e.Sets[i]
			all[s.Kind+" "+s.Name] = append(all[s.Kind+" "+s.Name], s)
		}
	}
	return all
}

// completed reports whether the set is that of a base, and an overlay of the same
// application has the key: the base is not deployed by itself.
func (d declared) completed(m mention, s *fact.Set) bool {
	dir, layered := application(s.At.File)
	if !layered || path.Base(path.Dir(s.At.File)) != "base" {
		return false
	}
	return slices.ContainsFunc(d.laid[m.ref.Kind+" "+m.ref.Name], func(o *fact.Set) bool {
		other, _ := application(o.At.File)
		return other == dir && (o.Open || has(o, m.ref.Key))
	})
}

// namesake reports whether a file takes several keys of a set of another
// application, and the set has none of them: in the namespace that the file is
// for stands another set of that name.
func namesake(m mention, all []mention, s *fact.Set) bool {
	if near(m, s) {
		return false
	}
	missing := map[string]bool{}
	for _, o := range all {
		if o.ref.Kind == m.ref.Kind && o.ref.Name == m.ref.Name && o.at.File == m.at.File && !has(s, o.ref.Key) {
			missing[o.ref.Key] = true
		}
	}
	return len(missing) > 1
}
