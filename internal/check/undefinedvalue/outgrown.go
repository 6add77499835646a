package undefinedvalue

import "rehearse/internal/finding"

// outgrown is how many different keys a set may lack before it is taken for one
// that is kept by hand where it is deployed, and that the tree only began: a
// mistake is one key, or two. The figure is ours.
const outgrown = 4

// temper makes warnings of the errors that are told of such a set.
func temper(all []gap) {
	lacks := map[string]map[string]bool{} // by kind and name
	for _, g := range all {
		if g.ref.Key == "" {
			continue
		}
		set := g.ref.Kind + "/" + g.ref.Name
		if lacks[set] == nil {
			lacks[set] = map[string]bool{}
		}
		lacks[set][g.ref.Key] = true
	}
	for i, g := range all {
		if g.severity == finding.Error && len(lacks[g.ref.Kind+"/"+g.ref.Name]) >= outgrown {
			all[i].severity = finding.Warning
		}
	}
}
