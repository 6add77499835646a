package ledger

import (
	"fmt"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// Asker is what asks for a port of a run from outside its container.
type Asker struct {
	What string // "Service api", "the readiness probe", …
	At   source.Span
}

// AsksFor returns what asks for a port of the run from outside its container,
// the strongest word first: a probe, a service, a published port, a declared
// one. Where the port is not known, one that is the only one asked for is
// taken to be meant.
func (r *Run) AsksFor(port int) (Asker, bool) {
	if r.Workload == nil {
		return Asker{}, false
	}
	asked := r.asked()
	if port == 0 {
		first := 0
		for _, a := range asked {
			if first != 0 && a.port != first {
				return Asker{}, false
			}
			first = a.port
		}
		port = first
	}
	for _, a := range asked {
		if a.port == port && port != 0 {
			return a.Asker, true
		}
	}
	return Asker{}, false
}

type askedPort struct {
	Asker
	port int
}

func (r *Run) asked() []askedPort {
	var asked []askedPort
	w := r.Workload
	for _, p := range w.Probes {
		if p.Command != nil {
			continue // runs inside the container
		}
		if port := number(w, p.Port, p.PortRef); port != 0 {
			asked = append(asked, askedPort{Asker{"the " + p.Kind + " probe", p.At}, port})
		}
	}
	for _, s := range r.Services() {
		for _, p := range s.Ports {
			if port := number(w, p.Target, p.TargetRef); port != 0 {
				asked = append(asked, askedPort{Asker{"Service " + s.Name, p.At}, port})
			}
		}
	}
	for _, p := range w.Ports {
		inside := p.Target
		if inside == 0 {
			inside = p.Number
		}
		what := "the declared port"
		if p.Published != 0 {
			what = fmt.Sprintf("the published port %d", p.Published)
		}
		if inside != 0 {
			asked = append(asked, askedPort{Asker{what, p.At}, inside})
		}
	}
	if r.Stage != nil {
		for _, p := range r.Stage.Expose {
			if p.Number != 0 {
				asked = append(asked, askedPort{Asker{"EXPOSE", p.At}, p.Number})
			}
		}
	}
	return asked
}

// Services returns the services of the environment that select the run's
// workload.
func (r *Run) Services() []fact.Service {
	var services []fact.Service
	if r.Workload == nil {
		return nil
	}
	for _, s := range r.Environment.Services {
		if Selects(&s, r.Workload) {
			services = append(services, s)
		}
	}
	return services
}

// Selects reports whether a service selects a workload: every label of its
// selector is on the workload's pods (Kubernetes documentation, "Service").
func Selects(s *fact.Service, w *fact.Workload) bool {
	if len(s.Selector) == 0 || s.Namespace != "" && w.Namespace != "" && s.Namespace != w.Namespace {
		return false
	}
	for key, value := range s.Selector {
		if w.Labels[key] != value {
			return false
		}
	}
	return true
}

// number resolves a port that may be said by the name of a container's port.
func number(w *fact.Workload, port int, name string) int {
	if port != 0 || name == "" {
		return port
	}
	for _, p := range w.Ports {
		if p.Name == name {
			return p.Number
		}
	}
	return 0
}
