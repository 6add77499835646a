package environment

import (
	"path"

	"rehearse/internal/fact"
)

// maxExtends bounds the chain of services that extend one another.
const maxExtends = 8

// extend lays each service over that of another file which it extends
// (https://github.com/compose-spec/compose-spec/blob/main/05-services.md#extends).
// Where the file was not read, what it supplies cannot be seen into.
func extend(definitions []fact.Definition) {
	x := extension{files: map[string]*fact.Definition{}}
	for i := range definitions {
		if definitions[i].Format == Compose {
			x.files[path.Clean(definitions[i].File)] = &definitions[i]
		}
	}
	for i := range definitions {
		for j := range definitions[i].Workloads {
			x.lay(&definitions[i].Workloads[j], 0)
		}
	}
}

type extension struct{ files map[string]*fact.Definition }

// lay makes a workload whole, and takes note that it is.
func (x extension) lay(w *fact.Workload, depth int) {
	from := w.Extends
	if from == nil {
		return
	}
	w.Extends = nil
	base := x.service(from)
	if base == nil || depth == maxExtends {
		w.Imports = append([]fact.Import{{Ref: fact.Ref{Kind: "service", Name: from.Service + " of " + from.File}, At: from.At}}, w.Imports...)
		return
	}
	x.lay(base, depth+1)
	below := *base
	below.Name, below.Kind, below.Namespace, below.Container, below.At = w.Name, w.Kind, w.Namespace, w.Container, w.At
	below.EnvAt, below.DependsOn = w.EnvAt, nil // what it depends on is said anew by whoever extends it
	whole := mergeWorkload([]fact.Workload{below}, *w, Compose)[0]
	whole.Profiles = w.Profiles
	*w = whole
}

func (x extension) service(from *fact.Extension) *fact.Workload {
	file := x.files[path.Clean(from.File)]
	if file == nil {
		return nil
	}
	for i := range file.Workloads {
		if file.Workloads[i].Name == from.Service {
			return &file.Workloads[i]
		}
	}
	return nil
}
