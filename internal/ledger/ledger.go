// Package ledger joins what a project's code needs with what its definitions
// supply: for each component, in each environment in which it runs.
package ledger

import (
	"slices"
	"sync"

	"rehearse/internal/fact"
	"rehearse/internal/machine"
	"rehearse/internal/manifest/imports"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Ledger is everything that a project says of itself, joined.
type Ledger struct {
	Components   []*Component
	Environments []*fact.Environment // local first, then by name
	Definitions  []fact.Definition   // every file of definitions, by path, with references filled in
	Builds       []*Build            // the images that the project builds, by Dockerfile
	Setups       []machine.Setup     // what scripts that make a developer's machine ready put there
	Miscased     []machine.Miscased  // imports that only a file system without regard to capitals follows
	Homely       []machine.Homely    // paths of one person's machine
	Unread       []source.Unread
	FilesRead    int

	project *project.Project
	imports map[string][]imports.Import // by file of JavaScript
	found   sync.Map                    // of func() any: what those who use the ledger find out once
}

// Imports returns what a file of JavaScript imports, where it was read as code: of
// others, and of components of Vue and Svelte, nothing is known here.
func (l *Ledger) Imports(file string) (all []imports.Import, known bool) {
	all, known = l.imports[file]
	return all, known
}

// Broken reports whether a file could not be read that should have been: what
// the ledger says is then not the whole.
func (l *Ledger) Broken() bool {
	for _, u := range l.Unread {
		if u.Broken {
			return true
		}
	}
	return false
}

// Component is a part of the project that runs by itself, with its needs and
// the places in which it runs.
type Component struct {
	*project.Component
	Needs    []fact.Need // in the order of their places
	Runs     []*Run      // local first, then by environment and workload
	Lent     []*Run      // of workloads that start another application, in images that have this code too
	LinkedBy string      // why its workloads are thought to run its code

	told  []fact.Supply   // what its .env.example says
	alone map[string]bool // files that start by themselves, and that no other file of the component names

	composed  []*Run                 // the containers that the developer starts, each for itself
	variables map[string][]fact.Need // once no more needs come
	idle      map[string]bool        // scripts and templates that have needs where something comes to them
	sighted   map[string]bool        // those of them that are read where they are found
	misses    sync.Map               // by run: what its near misses are, once that was asked
}

// Component returns the component of that name, or nil.
func (l *Ledger) Component(name string) *Component {
	for _, c := range l.Components {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// of returns the component that is made of a part of the project.
func (l *Ledger) of(c *project.Component) *Component {
	i := slices.IndexFunc(l.Components, func(o *Component) bool { return o.Component == c })
	return l.Components[i]
}

// Local returns the run on the developer's machine.
func (c *Component) Local() *Run {
	for _, r := range c.Runs {
		if r.Environment.IsLocal() {
			return r
		}
	}
	return nil
}

// Production returns the runs in the environments in which the component is
// deployed, without what only prepares a start.
func (c *Component) Production() []*Run {
	var runs []*Run
	for _, r := range c.Runs {
		if r.Environment.IsProduction() && r.Workload != nil && !r.Workload.Init {
			runs = append(runs, r)
		}
	}
	return runs
}

// Variables returns the needs of variables at run time by name, each group in
// the order of its places.
func (c *Component) Variables() map[string][]fact.Need {
	if c.variables != nil {
		return c.variables
	}
	return c.needs(fact.Variable, fact.Run)
}

// Of returns the needs of one kind at run time, in the order of their places.
func (c *Component) Of(kind fact.Kind) []fact.Need {
	var needs []fact.Need
	for _, n := range c.Needs {
		if n.Kind == kind && n.Phase == fact.Run {
			needs = append(needs, n)
		}
	}
	return needs
}

func (c *Component) needs(kind fact.Kind, phase fact.Phase) map[string][]fact.Need {
	byName := map[string][]fact.Need{}
	for _, n := range c.Needs {
		if n.Kind == kind && n.Phase == phase {
			byName[n.Name] = append(byName[n.Name], n)
		}
	}
	return byName
}
