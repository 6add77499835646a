package project

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// Component is a part of the project with code of its own.
type Component struct {
	Name     string // unique in the project
	Dir      string // its folder; "." is the project's root
	Language string // "" where there is no code, or code of no known language
	Package  string // what manifests and imports call it: the npm name, the Go import path, …
	Manifest string // the file that tells of it; "" where only a Dockerfile does

	Entry       []string // the files in which its code starts, the likeliest first
	Dockerfiles []string // those that seem to build it, the likeliest first
	Start       Start
	Processes   []Process // what its Procfiles say besides
	Library     bool      // nothing starts it: it is code for others

	// What rehearse.yaml says besides; zero where it does not.
	Port      int
	Ready     string // a path that answers when it is ready
	Workloads []Workload

	// Files is its code and what lies beside it, by path: what is in its folder
	// and in no other component's, the packages of the same tree that it
	// imports, and of Go files only those. Ask File.Code before reading one for
	// what the running component needs.
	Files []*File

	depends []string // names of packages that its manifest asks for
	variant string   // what tells it from others in its folder, where only a Dockerfile does
	vite    bool
}

// Start says what starts a component.
type Start struct {
	Local      Command // where it is developed
	Production Command // only what a Procfile says; definitions say more
}

// Process is an entry of a Procfile.
type Process struct {
	Name    string
	Command Command
}

// Command is what starts a component. The zero Command is none.
type Command struct {
	Text     string        // as it stands there, for a shell
	Argv     []string      // the same without a shell; nil where it takes one
	Dir      string        // where it runs; "." is the project's root
	At       source.Span   // where it is said, or the file that it was derived from
	Env      []fact.Supply // the variables that it sets
	EnvFiles []string      // the .env files that it names, relative to the project's root
}

// IsZero reports whether there is no command.
func (c Command) IsZero() bool { return c.Text == "" }

// discover fills Components. What is wrong with rehearse.yaml keeps it from
// nothing.
func (p *Project) discover(ctx context.Context) (wrong, err error) {
	d := &discovery{Project: p, runs: map[*Component]bool{}}
	finders := []func(context.Context) error{d.javascript, d.golang, d.python, d.others}
	for _, find := range finders {
		if err := find(ctx); err != nil {
			return nil, err
		}
	}
	d.bare()
	d.assets()
	d.procfiles()
	d.dockerfiles()
	d.npmDefault()
	d.makefiles()
	for _, c := range d.found {
		c.Library = c.Start.Local.IsZero() && c.Start.Production.IsZero() && len(c.Dockerfiles) == 0 && !d.runs[c]
	}
	d.name()
	wrong = d.override()
	d.own()
	slices.SortFunc(d.found, func(a, b *Component) int {
		return cmp.Or(strings.Compare(a.Dir, b.Dir), strings.Compare(a.Name, b.Name))
	})
	p.Components = d.found
	return wrong, nil
}

// discovery is what is known while components are looked for.
type discovery struct {
	*Project
	found   []*Component
	runs    map[*Component]bool     // it starts, though nothing tells how
	goFiles map[*Component][]string // the Go files that it is made of
}

func (d *discovery) add(c *Component) *Component {
	if c.Dir == "" {
		c.Dir = "."
	}
	d.found = append(d.found, c)
	return c
}

// in returns the components of which dir is the folder; "" is the root.
func (d *discovery) in(dir string) []*Component {
	var found []*Component
	for _, c := range d.found {
		if rootless(c.Dir) == dir {
			found = append(found, c)
		}
	}
	return found
}

// named returns the files of a base name that may be manifests.
func (d *discovery) named(is func(base string) bool) []*File {
	var found []*File
	for _, f := range d.Files {
		if f.Code() && is(path.Base(f.Path)) {
			found = append(found, f)
		}
	}
	return found
}

// rootless turns "." into "".
func rootless(dir string) string {
	if dir == "." {
		return ""
	}
	return dir
}

// rooted turns "" into ".".
func rooted(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}

// within reports whether a path is dir or lies in it; "" is the root.
func within(file, dir string) bool {
	return dir == "" || file == dir || strings.HasPrefix(file, dir) && file[len(dir)] == '/'
}

// generic are names of folders that say where code lies and not what it is.
var generic = map[string]bool{
	"cmd": true, "src": true, "main": true, "bin": true, "apps": true, "packages": true, "services": true, "service": true,
	"code": true, "docker": true, "build": true, "deploy": true, "deployment": true, "internal": true, "pkg": true, "libs": true,
}

// name gives every component a name of its own: its folder's; where that says
// nothing or is another's too, with the folder's above.
func (d *discovery) name() {
	depth := map[*Component]int{}
	for _, c := range d.found {
		c.Name, depth[c] = d.nameOf(c, 1)
	}
	for range maxDepth {
		same := map[string][]*Component{}
		for _, c := range d.found {
			same[c.Name] = append(same[c.Name], c)
		}
		changed := false
		for _, clash := range same {
			if len(clash) < 2 {
				continue
			}
			for _, c := range clash {
				if name, used := d.nameOf(c, depth[c]+1); name != c.Name {
					c.Name, depth[c], changed = name, used, true
				}
			}
		}
		if !changed {
			break
		}
	}
	// Of one folder: two languages, two Dockerfiles. What runs keeps its name.
	taken := map[string]bool{}
	slices.SortStableFunc(d.found, func(a, b *Component) int {
		return cmp.Or(rank(a.Library)-rank(b.Library), strings.Compare(a.Dir, b.Dir))
	})
	for _, c := range d.found {
		name := c.Name
		if taken[name] && c.Language != "" {
			name = c.Name + "-" + c.Language
		}
		for i := 2; taken[name]; i++ {
			name = fmt.Sprintf("%s-%d", c.Name, i)
		}
		c.Name = name
		taken[name] = true
	}
}

func rank(library bool) int {
	if library {
		return 1
	}
	return 0
}

// nameOf returns a name made of the last n telling parts of the component's
// folder, and how many there were.
func (d *discovery) nameOf(c *Component, n int) (string, int) {
	var parts []string
	if c.variant != "" {
		parts = append(parts, c.variant)
	}
	for dir := rootless(c.Dir); dir != "" && len(parts) < n; dir = dirOf(dir) {
		if base := path.Base(dir); !generic[base] {
			parts = append(parts, base)
		}
	}
	if len(parts) == 0 {
		if base := path.Base(c.Package); c.Package != "" && !majorVersion.MatchString(base) {
			return base, n
		}
		if c.Dir != "." {
			return path.Base(c.Dir), n
		}
		abs, err := filepath.Abs(d.Dir)
		if err != nil {
			return "app", n
		}
		return filepath.Base(abs), n
	}
	slices.Reverse(parts)
	return strings.Join(parts, "-"), n
}
