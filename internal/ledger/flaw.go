package ledger

import (
	"slices"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
)

// Where returns where a flaw of a definition matters: the component whose run
// it is about, "" where that is not in the tree, and the names of the
// environments in which it is deployed; of a Dockerfile, those of its image. Given tells whether a process is given
// the variable that the flaw names: what is only put into files is not.
func (l *Ledger) Where(f fact.Flaw) (component string, environments []string, given bool) {
	for _, b := range l.Builds {
		if b.Dockerfile == f.At.File && !environment.ForDevelopers(b.Dockerfile) && !b.ForTests() {
			if component = l.Around(b.Dockerfile); b.Owner != nil {
				component = b.Owner.Name
			}
			return component, []string{b.Environment()}, true
		}
	}
	for _, e := range l.Environments {
		if !e.IsProduction() {
			continue
		}
		here := slices.Contains(e.From, f.At.File)
		for i := range e.Sets {
			here = here || e.Sets[i].At.File == f.At.File && e.Kind != environment.Compose
		}
		for i := range e.Workloads {
			w := &e.Workloads[i]
			here = here || w.At.File == f.At.File
			if w.At.File == f.At.File && w.Name == f.Workload || f.Workload == "" && takes(e, w, f) {
				given = true
				if component == "" {
					component = l.runs(w)
				}
			}
		}
		if here && !slices.Contains(environments, e.Name) {
			environments = append(environments, e.Name)
		}
	}
	return component, environments, given
}

// takes reports whether a workload is given the key of a set that a flaw is in.
func takes(e *fact.Environment, w *fact.Workload, f fact.Flaw) bool {
	for i := range e.Sets {
		s := &e.Sets[i]
		if !slices.ContainsFunc(s.Supplies, func(in fact.Supply) bool { return in.At == f.At && in.Name == f.Name }) || !sameNamespace(s, w) {
			continue
		}
		if slices.ContainsFunc(w.Imports, func(in fact.Import) bool { return in.Ref.Kind == s.Kind && in.Ref.Name == s.Name }) {
			return true
		}
		if slices.ContainsFunc(w.Supplies, func(in fact.Supply) bool {
			ref := in.Value.Ref
			return in.Value.Origin == fact.Reference && ref.Kind == s.Kind && ref.Name == s.Name && ref.Key == f.Name
		}) {
			return true
		}
	}
	return false
}

// runs returns the name of the component that a workload runs.
func (l *Ledger) runs(w *fact.Workload) string {
	for _, c := range l.Components {
		for _, r := range c.Runs {
			if r.Workload != nil && r.Workload.At == w.At && r.Workload.Container == w.Container {
				return c.Name
			}
		}
	}
	return ""
}
