// Package scene turns the ledger into environments that can be played: for
// each component how it is started, with which variables and files, on which
// network, locally and in production, and the differences between the two as
// switches. Any mixture of them can be put on a stage.
package scene

import (
	"path/filepath"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
	"rehearse/internal/project"
)

// Scene is what can be played of a project: its local environment, one of its
// productions, and what lies between them.
type Scene struct {
	Dir         string // of the project, absolute
	Environment string // the name of the production
	Roles       []*Role
	Services    []*Service
	Requests    []Request
	Differences []Difference // the switches, by component
	Skipped     []Skipped
	Notes       []string // what production has and this scene has otherwise, for a person
	Plain       bool     // play it on a stage without namespaces, although the machine may have them

	project *project.Project
	ledger  *ledger.Ledger
}

// Role is a component that is played.
type Role struct {
	Component  *ledger.Component
	Run        *ledger.Run // in production
	Port       int         // where it is expected to listen locally; 0 where nothing tells
	prepared   prepared
	local      launch
	production launch
	localEnv   map[string]Binding
	prodEnv    map[string]Binding
	loopbacks  []loopback // what else answers on this machine's loopback
	dotenvs    []string   // .env files that lie in its folder, relative to the project's root
	loader     bool       // its code loads .env files by itself
}

// Skipped is a component that is not played, and why.
type Skipped struct {
	Component string
	Reason    string
}

// Difference is a switch: off is as it is locally, on is as production has it.
type Difference struct {
	fact.Difference
	Role *Role
	port int // of a loopback or a service
}

// loopback is a port of the developer's machine on which something else than
// the role answers.
type loopback struct {
	port    int
	service *Service
	role    *Role
}

// Production returns the name of the environment that is rehearsed where none
// is asked for: production, or the only one, or the first. It is "" where the
// project has none.
func Production(l *ledger.Ledger, want string) string {
	var names []string
	for _, c := range l.Components {
		for _, r := range c.Production() {
			names = append(names, r.Environment.Name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, name := range names {
		if want != "" && len(name) >= len(want) && name[:len(want)] == want {
			return name
		}
	}
	switch {
	case want != "" || len(names) == 0:
		return ""
	case slices.Contains(names, "production"):
		return "production"
	}
	return names[0]
}

// Of makes the scene of a project in the environment of that name. The error is
// that of the project's folder, or a *project.ConfigError.
func Of(p *project.Project, l *ledger.Ledger, environment string) (*Scene, error) {
	dir, err := filepath.Abs(p.Dir)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	s := &Scene{Dir: dir, Environment: environment, project: p, ledger: l}
	s.cast()
	s.findServices()
	for _, r := range s.Roles {
		s.bindLocal(r)
	}
	s.findLoopbacks()
	for _, r := range s.Roles {
		s.bindProduction(r)
	}
	s.findDifferences()
	return s, s.findRequests()
}

// cast chooses the components that are played.
func (s *Scene) cast() {
	for _, c := range s.ledger.Components {
		if c.Library {
			continue
		}
		run := s.runOf(c)
		if run == nil {
			why := "no definition was found that says how it runs in production"
			if s.Environment != "" {
				why = "nothing in " + s.Environment + " runs it"
			}
			s.skip(c.Name, why)
			continue
		}
		r := &Role{Component: c, Run: run}
		if why := s.launches(r); why != "" {
			s.skip(c.Name, why)
			continue
		}
		for _, d := range s.project.LocalDotenvs(c.Component) {
			r.dotenvs = append(r.dotenvs, d.File.Path)
		}
		r.loader = len(c.Of(fact.Dotenv)) > 0
		r.Port = s.expectedPort(r)
		s.Roles = append(s.Roles, r)
	}
}

func (s *Scene) skip(component, reason string) {
	s.Skipped = append(s.Skipped, Skipped{component, reason})
}

// runOf returns the run that is played of a component: the one that serves,
// where several workloads run the same code.
func (s *Scene) runOf(c *ledger.Component) *ledger.Run {
	var found *ledger.Run
	for _, r := range c.Production() {
		if r.Environment.Name != s.Environment || r.Workload.Once {
			continue
		}
		if found == nil || len(found.Services()) == 0 && len(r.Services()) > 0 {
			found = r
		}
	}
	return found
}

// Role returns the role of that name, or nil.
func (s *Scene) Role(name string) *Role {
	for _, r := range s.Roles {
		if r.Component.Name == name {
			return r
		}
	}
	return nil
}

// Name returns the name of the role's component.
func (r *Role) Name() string { return r.Component.Name }

// expectedPort returns the port that the component is expected to listen on
// locally.
func (s *Scene) expectedPort(r *Role) int {
	if r.Component.Port != 0 {
		return r.Component.Port
	}
	for _, n := range r.Component.Of(fact.Listen) {
		if port := s.ledger.PortOf(r.Component, n); port != 0 && !ledger.Loopback(n.Host) {
			return port
		}
	}
	for _, n := range r.Component.Of(fact.Listen) {
		if port := s.ledger.PortOf(r.Component, n); port != 0 {
			return port
		}
	}
	// The code does not tell: a framework listens, where the container says.
	var ports []int
	for _, p := range r.Run.Workload.Ports {
		if p.Number != 0 {
			ports = append(ports, p.Number)
		}
	}
	if len(ports) == 1 {
		return ports[0]
	}
	return 0
}
