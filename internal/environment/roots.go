package environment

import (
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
)

// Roots leaves out the compositions whose root is a part of another's, as a
// base is of its overlays: what they say is said there. Where it is a part of
// nothing but the developer's environments and those of tests, it is kept: it
// is then what is deployed elsewhere.
func Roots(made []infra.Composition) []infra.Composition {
	type use struct{ deployed, local bool }
	users := map[string]*use{}
	partsOf := map[string][]string{}
	for _, c := range made {
		partsOf[c.File] = append(partsOf[c.File], c.Parts...)
	}
	for _, c := range made {
		name := nameOf(c)
		for _, part := range c.Parts {
			// Two that are parts of each other are not both left out.
			if part == c.File || part > c.File && slices.Contains(partsOf[part], c.File) {
				continue
			}
			if users[part] == nil {
				users[part] = &use{}
			}
			if name == Local || name == Test {
				users[part].local = true
			} else {
				users[part].deployed = true
			}
		}
	}
	return slices.DeleteFunc(made, func(c infra.Composition) bool {
		u := users[c.File]
		return u != nil && (u.deployed || !c.Whole)
	})
}

// nameOf returns the name of the environment of a composition, "" where nothing
// names it.
func nameOf(c infra.Composition) string {
	if c.Environment == "" {
		return ""
	}
	if name := Of(c.Environment); name != "" {
		return name
	}
	if strings.Contains(c.Environment, "/") {
		return ""
	}
	return c.Environment
}

// Distinct leaves out of each definition the flaws that an earlier one has: a base
// is a part of each of its overlays.
func Distinct(definitions []fact.Definition) {
	seen := map[fact.Flaw]bool{}
	for i := range definitions {
		var kept []fact.Flaw
		for _, f := range definitions[i].Flaws {
			if !seen[f] {
				seen[f] = true
				kept = append(kept, f)
			}
		}
		definitions[i].Flaws = kept
	}
}

// root is the environments that one root makes up, by name; "" names what
// production is made of where nothing else is said.
type root struct {
	by       map[string][]*fact.Environment
	single   bool // it shares its place with no other
	nameless bool // nothing of it names an environment
}

// cluster joins what is put into the same place: the manifests that are read by
// themselves, and every composition for a cluster. Those that have a workload
// of the same name are other ways to put the same there, each an environment of
// its own. What names no environment is in each, as far as it is no other way.
func cluster(plain []*fact.Environment, made []infra.Composition) []*fact.Environment {
	var roots []root
	if len(plain) > 0 {
		p := root{by: map[string][]*fact.Environment{}, nameless: len(plain) == 1}
		for _, e := range plain {
			p.by[e.Name] = append(p.by[e.Name], e)
		}
		roots = append(roots, p)
	}
	index := map[string]int{}
	for _, c := range made {
		if !c.Whole {
			continue
		}
		i, known := index[c.Format+" "+c.File]
		if !known {
			i, roots = len(roots), append(roots, root{by: map[string][]*fact.Environment{}, single: !c.Cluster})
			index[c.Format+" "+c.File] = i
		}
		name := nameOf(c)
		roots[i].by[name] = append(roots[i].by[name], environmentFrom(c, name))
	}
	var all []*fact.Environment
	for i := range roots {
		r := &roots[i]
		r.settle()
		if !r.single {
			continue
		}
		for _, name := range sortedKeys(r.by) {
			all = append(all, r.by[name]...)
		}
	}
	roots = slices.DeleteFunc(roots, func(r root) bool { return r.single })
	return append(all, joined(roots)...)
}

func environmentFrom(c infra.Composition, name string) *fact.Environment {
	kind := c.Format
	if c.Cluster {
		kind = Kubernetes
	}
	return &fact.Environment{
		Name: name, Kind: kind, From: slices.Clone(c.Parts), Workloads: c.Workloads, Sets: c.Sets,
		Services: c.Services, Routes: c.Routes, Supplies: c.Supplies, Volumes: c.Volumes, Scalers: c.Scalers,
		Objects: c.Objects, Mentions: c.Mentions,
	}
}

// settle gives what has no name the name of production where nothing of the
// root but the developer's environment and those of tests has a name, and
// leaves it out where one has: it is then the base.
func (r *root) settle() {
	nameless := r.by[""]
	r.nameless = r.nameless || len(nameless) > 0 && len(r.by) == 1
	delete(r.by, "")
	for name := range r.by {
		if name != Local && name != Test {
			return
		}
	}
	for _, e := range nameless {
		e.Name = Production
	}
	if len(nameless) > 0 {
		r.by[Production] = append(r.by[Production], nameless...)
	}
}

// joined puts the roots together, name by name.
func joined(roots []root) []*fact.Environment {
	names := map[string]bool{}
	for _, r := range roots {
		for name := range r.by {
			names[name] = true
		}
	}
	var all []*fact.Environment
	for _, name := range sortedKeys(names) {
		var places []*place
		for i, r := range roots {
			for _, e := range r.by[name] {
				places = put(places, e, i)
			}
		}
		for i, r := range roots {
			// What is deployed in one way only is there in staging too.
			if only := r.only(); len(r.by[name]) == 0 && only != nil && Of(name) == name && name != Local {
				places = lend(places, only, i)
			}
		}
		for _, p := range places {
			all = append(all, p.environment)
		}
	}
	return all
}

// only returns the one environment of a root that tells none apart.
func (r root) only() *fact.Environment {
	if !r.nameless || len(r.by[Production]) != 1 {
		return nil
	}
	return r.by[Production][0]
}

// place is an environment that several roots are put into.
type place struct {
	environment *fact.Environment
	roots       []int
}

func (p *place) takes(e *fact.Environment, root int) bool {
	return !slices.Contains(p.roots, root) && !slices.ContainsFunc(e.Workloads, func(w fact.Workload) bool {
		return slices.ContainsFunc(p.environment.Workloads, func(o fact.Workload) bool {
			return o.Name == w.Name && o.Kind == w.Kind && (o.Namespace == w.Namespace || o.Namespace == "" || w.Namespace == "")
		})
	})
}

func (p *place) add(e *fact.Environment, root int) {
	into := p.environment
	into.From = append(into.From, e.From...)
	into.Workloads = append(into.Workloads, e.Workloads...)
	into.Sets = append(into.Sets, e.Sets...)
	into.Services = append(into.Services, e.Services...)
	into.Routes = append(into.Routes, e.Routes...)
	into.Supplies = append(into.Supplies, e.Supplies...)
	into.Volumes = append(into.Volumes, e.Volumes...)
	into.Scalers = append(into.Scalers, e.Scalers...)
	into.Objects = append(into.Objects, e.Objects...)
	into.Mentions = append(into.Mentions, e.Mentions...)
	p.roots = append(p.roots, root)
}

func put(places []*place, e *fact.Environment, root int) []*place {
	for _, p := range places {
		if p.takes(e, root) {
			p.add(e, root)
			return places
		}
	}
	copied := *e
	copied.From = slices.Clone(e.From)
	copied.Workloads, copied.Sets = slices.Clone(e.Workloads), slices.Clone(e.Sets)
	copied.Services, copied.Routes = slices.Clone(e.Services), slices.Clone(e.Routes)
	copied.Supplies = slices.Clone(e.Supplies)
	copied.Volumes, copied.Scalers = slices.Clone(e.Volumes), slices.Clone(e.Scalers)
	copied.Objects, copied.Mentions = slices.Clone(e.Objects), slices.Clone(e.Mentions)
	return append(places, &place{environment: &copied, roots: []int{root}})
}

// lend puts what a root has into the places of another name that take it; it
// makes none.
func lend(places []*place, e *fact.Environment, root int) []*place {
	for _, p := range places {
		if p.takes(e, root) {
			p.add(e, root)
		}
	}
	return places
}
