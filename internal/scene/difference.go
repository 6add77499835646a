package scene

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
)

// The kinds of differences.
const (
	envKind      = "env"      // a variable is absent in production, or has another value there
	fileKind     = "file"     // a file of the working tree is not in the image
	loopbackKind = "loopback" // what answers on a port of localhost does not answer there in production
	entryKind    = "entry"    // requests come from outside of the container instead of over loopback
	serviceKind  = "service"  // requests come through the service as it is declared
	startKind    = "start"    // production starts it by another command
	memoryKind   = "memory"   // production lets it take no more memory than that
)

// findLoopbacks collects, for each role, what else answers on the loopback of
// the developer's machine.
func (s *Scene) findLoopbacks() {
	for _, r := range s.Roles {
		taken := map[int]bool{r.Port: true, 0: true}
		add := func(l loopback) {
			if !taken[l.port] {
				taken[l.port] = true
				r.loopbacks = append(r.loopbacks, l)
			}
		}
		for _, v := range s.Services {
			if len(v.locals) == 0 {
				v.locals = []int{v.Port}
			}
			for _, port := range v.locals {
				add(loopback{port: port, service: v})
			}
		}
		for _, other := range s.Roles {
			if other != r {
				add(loopback{port: other.Port, role: other})
			}
		}
	}
}

// findDifferences collects the switches, in the order in which they are to be
// suspected: what is missing first.
func (s *Scene) findDifferences() {
	for _, r := range s.Roles {
		s.envDifferences(r)
		for _, file := range r.dotenvs {
			if why, lacks := r.Run.Lacks(file); lacks && r.loader {
				s.differ(r, fileKind, path.Base(file), fact.Difference{Local: at(file), Production: why.At}, 0)
			}
		}
		for _, l := range r.loopbacks {
			if s.ledger.Answer(r.Component, r.Run, l.port) != nil || l.service != nil {
				s.differ(r, loopbackKind, fmt.Sprint(l.port), fact.Difference{Production: r.Run.Workload.At}, l.port)
			}
		}
		if r.production.Text != r.local.Text {
			s.differ(r, startKind, path.Base(r.production.Text), fact.Difference{Local: r.local.At, Production: r.production.At}, 0)
		}
		if r.Port != 0 {
			s.differ(r, entryKind, fmt.Sprint(r.Port), fact.Difference{Production: r.Run.Workload.At}, r.Port)
		}
		for _, n := range s.names() {
			if n.role != r {
				continue
			}
			if p, ok := n.serving(r.Port); ok {
				s.differ(r, serviceKind, n.host, fact.Difference{Production: p.at}, p.port)
			}
		}
		if b := r.bound(); b != nil {
			s.differ(r, memoryKind, b.Text, fact.Difference{Production: b.At}, 0)
		}
	}
}

func (s *Scene) envDifferences(r *Role) {
	names := map[string]bool{}
	for name := range r.localEnv {
		names[name] = true
	}
	for name := range r.prodEnv {
		names[name] = true
	}
	away := map[string]bool{} // addresses that are given in parts, by what these begin with
	for _, name := range slices.Sorted(maps.Keys(names)) {
		local, isLocal := r.localEnv[name]
		prod, isProd := r.prodEnv[name]
		if isLocal && isProd && local.value == prod.value {
			continue
		}
		stem, isPart := addressPart(name)
		if isProd && (s.leadsAway(r, prod.value) || isPart && away[stem]) {
			away[stem] = isPart
			// What it leads to is not staged: to be refused there would say nothing.
			s.note(fmt.Sprintf("%s: %s keeps its local value, since what it names in %s is not staged", r.Name(), name, s.Environment))
			if isLocal {
				r.prodEnv[name] = local
			}
			continue
		}
		s.differ(r, envKind, name, fact.Difference{Local: local.At, Production: prod.At}, 0)
	}
}

// addressPart returns what the name of a variable begins with that holds the
// host or the port of an address: DB_ of DB_HOST and DB_PORT.
func addressPart(name string) (stem string, ok bool) {
	for _, part := range []string{"HOSTNAME", "HOST", "PORT"} { // the host sorts before the port
		if stem, ok = strings.CutSuffix(name, part); ok && stem != "" {
			return stem, true
		}
	}
	return "", false
}

// Units parts differences into those that are switched together: the host of
// production with the port of the developer's machine is an address that neither
// has, and that it does not answer says nothing.
func (s *Scene) Units(differences []int) [][]int {
	var units [][]int
	type address struct {
		role *Role
		stem string
	}
	known := map[address]int{} // to the unit
	for _, i := range differences {
		d := &s.Differences[i]
		stem, isPart := addressPart(d.Name)
		_, isLocal := d.Role.localEnv[d.Name]
		if d.Kind != envKind || !isPart || !isLocal || d.Absent() {
			units = append(units, []int{i})
			continue
		}
		at := address{d.Role, stem}
		if u, ok := known[at]; ok {
			units[u] = append(units[u], i)
			continue
		}
		known[at] = len(units)
		units = append(units, []int{i})
	}
	return units
}

// leadsAway reports whether a value names a host that production declares and
// that is not staged.
func (s *Scene) leadsAway(r *Role, value string) bool {
	host := ledger.HostOf(value)
	if host == "" || ledger.Loopback(host) {
		return false
	}
	n := s.named(r, host)
	return n != nil && n.service == nil && n.role == nil
}

func (s *Scene) differ(r *Role, kind, name string, d fact.Difference, port int) {
	d.Component, d.Kind, d.Name = r.Name(), kind, name
	s.Differences = append(s.Differences, Difference{Difference: d, Role: r, port: port})
}

// Absent reports whether the difference is a variable that production lacks.
func (d *Difference) Absent() bool {
	if d.Kind != envKind {
		return false
	}
	_, supplied := d.Role.prodEnv[d.Name]
	return !supplied
}

// Invented reports whether the difference is a variable of which nothing tells
// what it is in production: that the value in its place does not do says nothing.
func (d *Difference) Invented() bool {
	return d.Kind == envKind && d.Role.prodEnv[d.Name].invented
}

// WayIn reports whether the difference is in how requests reach the role.
func (d *Difference) WayIn() bool { return d.Kind == entryKind || d.Kind == serviceKind }

// Fatal reports whether the role is seen to give up where the difference is on:
// a variable or file that it cannot do without.
func (d *Difference) Fatal() bool {
	for _, n := range d.Role.Component.Needs {
		if n.Fatal && n.Name == d.Name && (d.Kind == envKind && d.Absent() || d.Kind == fileKind) {
			return true
		}
	}
	return false
}

// Leads returns where a declared service sends its requests, for a difference
// of that kind: the service's port, the port that it names and, where it is
// known, the one on which the process listens.
func (d *Difference) Leads(s *Scene) (port, target, listens int) {
	for _, n := range s.names() {
		if n.role == d.Role && n.host == d.Name {
			p, _ := n.serving(d.Role.Port)
			return p.port, p.target, d.Role.Port
		}
	}
	return 0, 0, 0
}

// Index returns the switch of that component and name ("env:DATABASE_URL"), or
// -1.
func (s *Scene) Index(component, difference string) int {
	return slices.IndexFunc(s.Differences, func(d Difference) bool {
		return d.Component == component && d.String() == difference
	})
}

// Mix is a mixture of the two environments: the switches that are on.
type Mix map[int]bool

// On returns the mixture in which those switches are on.
func On(indexes ...int) Mix {
	m := Mix{}
	for _, i := range indexes {
		m[i] = true
	}
	return m
}

// has reports whether the switch of a role is on.
func (s *Scene) has(m Mix, r *Role, kind, name string) bool {
	for i := range m {
		if d := &s.Differences[i]; d.Role == r && d.Kind == kind && d.Name == name {
			return true
		}
	}
	return false
}
