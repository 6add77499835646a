package fact

import "rehearse/internal/source"

// Object is something that a definition declares under a name, and that others
// may refer to.
type Object struct {
	Kind      string // as its format calls it: ConfigMap, ServiceAccount, …
	Name      string
	Namespace string
	At        source.Span
}

// Mention is a place at which a definition names an object that is not in
// itself, other than by a Supply or an Import.
type Mention struct {
	Ref       Ref
	Namespace string
	By        string // what names it, for a person: "the volume uploads"
	Workload  string // "" where none does
	At        source.Span
}
