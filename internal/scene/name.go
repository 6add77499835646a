package scene

import (
	"cmp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// name is a host name that the production declares, and what is behind it. A
// name behind which nothing is staged has neither a service nor a role.
type name struct {
	host      string
	namespace string
	cluster   bool // it is a Service of a cluster
	service   *Service
	role      *Role
	ports     []namedPort // nil: every port goes where it is asked for, as in compose
	at        source.Span
}

// namedPort is a port of a name and where it leads.
type namedPort struct {
	port   int
	target int // 0 where it names a port that no container declares
	name   string
	at     source.Span
}

// names returns the host names of the production.
func (s *Scene) names() []name {
	var names []name
	for _, e := range s.ledger.Environments {
		if e.Name != s.Environment {
			continue
		}
		for i := range e.Services {
			names = append(names, s.serviceName(e, &e.Services[i]))
		}
		if e.Kind == "kubernetes" {
			continue
		}
		for i := range e.Workloads {
			w := &e.Workloads[i]
			for _, host := range append([]string{w.Name}, w.Aliases...) {
				n := name{host: host, at: w.At}
				n.role, n.service = s.behind(w)
				names = append(names, n)
			}
		}
	}
	for _, v := range s.Services {
		for _, host := range append([]string{v.Name}, v.hosts...) {
			if !slices.ContainsFunc(names, func(n name) bool { return n.host == host }) {
				names = append(names, name{host: host, service: v})
			}
		}
	}
	return names
}

func (s *Scene) serviceName(e *fact.Environment, svc *fact.Service) name {
	n := name{host: svc.Name, namespace: svc.Namespace, cluster: e.Kind == "kubernetes", at: svc.At}
	for _, p := range svc.Ports {
		n.ports = append(n.ports, namedPort{port: p.Number, target: p.Target, name: p.Name, at: p.At})
	}
	for i := range e.Workloads {
		w := &e.Workloads[i]
		if !ledger.Selects(svc, w) {
			continue
		}
		role, service := s.behind(w)
		if role != nil || service != nil {
			n.role, n.service = role, service
		}
		for j, p := range svc.Ports {
			for _, in := range w.Ports {
				if p.TargetRef != "" && in.Name == p.TargetRef {
					n.ports[j].target = in.Number
				}
			}
		}
	}
	return n
}

// behind returns what is staged of a workload.
func (s *Scene) behind(w *fact.Workload) (*Role, *Service) {
	for _, r := range s.Roles {
		if o := r.Run.Workload; o == w || o.At == w.At || o.Name == w.Name && o.Kind == w.Kind && o.Namespace == w.Namespace {
			return r, nil
		}
	}
	kind := kindOfImage(w.Image)
	for _, v := range s.Services {
		if v.Kind == kind && s.meant(v, w) {
			return nil, v
		}
	}
	return nil, nil
}

// named returns the name that a host is of: short, with its namespace, or in
// full (Kubernetes documentation, "DNS for Services and Pods").
func (s *Scene) named(r *Role, host string) *name {
	short, rest, _ := strings.Cut(host, ".")
	if rest != "" && strings.Contains(rest, ".") && !strings.Contains(rest, ".svc") {
		short = host
	}
	for _, n := range s.names() {
		if n.host == host || n.host == short && r.Run.Environment.Kind == "kubernetes" {
			return &n
		}
	}
	return nil
}

// addressOf returns the name and the port by which production reaches a role.
func (s *Scene) addressOf(r *Role) (string, int) {
	for _, n := range s.names() {
		if n.role != r {
			continue
		}
		if port, ok := n.serving(r.Port); ok {
			return n.host, port.port
		}
		return n.host, r.Port
	}
	return "", 0
}

// serving returns the port of the name that is meant for a role's own: the one
// that leads there, the only one, the one named for the web, the first.
func (n *name) serving(port int) (namedPort, bool) {
	if len(n.ports) == 0 {
		return namedPort{}, false
	}
	return slices.MaxFunc(n.ports, func(a, b namedPort) int {
		rank := func(p namedPort) int {
			switch {
			case p.target == port && port != 0:
				return 3
			case strings.HasPrefix(p.name, "http") || p.name == "web":
				return 2
			case p.port == 80 || p.port == 443:
				return 1
			}
			return 0
		}
		return cmp.Compare(rank(a), rank(b))
	}), true
}
