package project

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/source"
)

// procLine is an entry of a Procfile
// (devcenter.heroku.com/articles/procfile, "Procfile format").
var procLine = regexp.MustCompile(`^([A-Za-z0-9_-]+):\s*(\S.*?)\s*$`)

// procfiles takes in what Procfile and Procfile.dev say of the components in
// whose folder they lie.
func (d *discovery) procfiles() {
	for _, f := range d.named(func(base string) bool { return base == "Procfile" || strings.HasPrefix(base, "Procfile.") }) {
		dir := dirOf(f.Path)
		here := d.in(dir)
		development := slices.Contains([]string{"Procfile.dev", "Procfile.local", "Procfile.development"}, path.Base(f.Path))
		for i, line := range strings.Split(string(d.manifest(f.Path)), "\n") {
			m := procLine.FindStringSubmatch(strings.TrimRight(line, "\r"))
			if m == nil {
				continue
			}
			command := newCommand(m[2], dir, source.Span{File: f.Path, Line: i + 1})
			// Of several components of one folder it is not known whose the entry is.
			for _, c := range here {
				c.Processes = append(c.Processes, Process{m[1], command})
			}
			if len(here) != 1 {
				continue
			}
			c := here[0]
			switch {
			case m[1] != "web":
			case development:
				c.Start.Local = command
			case path.Base(f.Path) == "Procfile":
				c.Start.Production = command
				if c.Start.Local.IsZero() {
					c.Start.Local = command
				}
			}
		}
	}
}

// A target of a Makefile that starts a component, and what a recipe may not
// hold: that starts it otherwise than as a process of the machine.
var (
	makeTarget = regexp.MustCompile(`^(dev|run|start|serve)\s*:([^=]|$)`)
	makeOther  = regexp.MustCompile(`(?i)docker|podman|compose|kubectl|skaffold|tilt|minikube|vagrant`)
)

// makefiles starts components of which nothing better is known by the Makefile
// in their folder.
func (d *discovery) makefiles() {
	for _, f := range d.named(func(base string) bool { return base == "Makefile" || base == "GNUmakefile" || base == "makefile" }) {
		dir := dirOf(f.Path)
		here := d.in(dir)
		if len(here) != 1 || !here[0].Start.Local.IsZero() {
			continue
		}
		lines := strings.Split(string(d.manifest(f.Path)), "\n")
		for i, line := range lines {
			m := makeTarget.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			var recipe []string
			for _, next := range lines[i+1:] {
				if !strings.HasPrefix(next, "\t") {
					break
				}
				recipe = append(recipe, next)
			}
			if text := strings.Join(recipe, "\n"); len(recipe) > 0 && !makeOther.MatchString(text) {
				here[0].Start.Local = newCommand("make "+m[1], dir, source.Span{File: f.Path, Line: i + 1})
				break
			}
		}
	}
}
