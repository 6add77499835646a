package fact

import "rehearse/internal/source"

// Volume is storage that a definition declares.
type Volume struct {
	Name      string // the claim's, or the volume's
	Namespace string // "" where none is said
	Kind      string // claim: storage that is asked of a cluster; volume: of the pod or the compose file alone
	Workload  string // the workload whose pods declare it; "" where it is declared by itself
	Each      bool   // every copy of the workload gets one of its own
	Single    bool   // one node at a time may mount it for writing (ReadWriteOnce)
	Unused    bool   // the pods of the workload declare it, and none of their containers mounts it
	At        source.Span
}

// Scaler changes how many copies of a workload run.
type Scaler struct {
	Kind, Name string // of the workload
	Namespace  string // "" where none is said
	Min, Max   int    // Min at least 1; Max 0 where it is not known
	At         source.Span
}

// Volume returns the declaration of the storage that a mount of a workload is
// of; nil where the environment does not declare it.
func (e *Environment) Volume(m *Mount, w *Workload) *Volume {
	for i := range e.Volumes {
		v := &e.Volumes[i]
		if v.Name == m.Source && v.Kind == m.Kind && (v.Workload == "" || v.Workload == w.Name) &&
			(v.Namespace == "" || w.Namespace == "" || v.Namespace == w.Namespace) {
			return v
		}
	}
	return nil
}
