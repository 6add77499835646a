package devdependency

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/manifest/imports"
	"rehearse/internal/packages"
	"rehearse/internal/source"
)

// fields are where manifests ask for what is for development.
var fields = map[manifest.Ecosystem]string{manifest.Ruby: "a group of development", manifest.PHP: "require-dev", manifest.Python: "a group of development"}

// ecosystems are those of the languages of components.
var ecosystems = map[string]manifest.Ecosystem{"ruby": manifest.Ruby, "php": manifest.PHP, "python": manifest.Python}

// others finds what images of Ruby, Python and PHP load and leave out.
func (r *run) others(c *ledger.Component) {
	e := ecosystems[c.Language]
	if e == "" {
		return
	}
	if e == manifest.Python {
		r.listed(c)
	}
	for _, b := range r.packages.Images(c) {
		out, ok := r.packages.LeavesOut(b, e)
		switch {
		case ok && e == manifest.Ruby:
			for _, load := range r.packages.RubyLoads(c) {
				r.left(c, b, out, load.Names, load.At, load.Text, "the process ends at start: cannot load such file")
			}
		case ok && e == manifest.PHP:
			for _, load := range r.packages.PHPLoads(c, out.Manifest) {
				r.left(c, b, out, load.Names, load.At, load.Text, "every request ends with a class that was not found")
			}
		case e == manifest.Python:
			r.python(c, b, out, ok)
		}
		if ok {
			r.programs(c, b, out)
		}
	}
}

// left tells of the first of some names that an image leaves out and nothing else
// in it asks for.
func (r *run) left(c *ledger.Component, b *ledger.Build, out packages.LeftOut, names []string, at source.Span, text, consequence string) {
	for _, name := range names {
		d, ok := out.Manifest.Declares(name)
		if !ok || !out.Leaves(d) || d.Conditional || out.Manifest.Installs(name) || r.packages.Brought(out.Manifest, name) {
			continue
		}
		f := doc.Finding(finding.Error, c.Name, b.Environment(), name)
		f.Message = fmt.Sprintf("%s needs %s, which only %s of %s asks for, and the image is installed without it", path.Base(at.File), name, fields[out.Manifest.Ecosystem], out.Manifest.File)
		f.Consequence = consequence
		f.Remedy = "move " + name + " out of that group in " + out.Manifest.File + ", or load it in development alone"
		r.tell(f, at, text, d, out.Omission, out.Manifest.File)
		return
	}
}

// launchers start a program of a package, which is the word behind them.
var launchers = regexp.MustCompile(`(?:^|&&|;|\bexec )\s*(?:bundle exec |poetry run |uv run (?:--\S+ )*|pipenv run )?([\w-]+)`)

// programs finds the programs that start the image.
func (r *run) programs(c *ledger.Component, b *ledger.Build, out packages.LeftOut) {
	own := b.Image().Definition()
	commands := []string{strings.Join(slices.Concat(own.Entrypoint, own.Cmd), " ")}
	at := own.StartAt
	for _, u := range b.Uses {
		if u.Run != nil && u.Environment.IsProduction() {
			argv, _ := u.Run.Command()
			commands = append(commands, strings.Join(argv, " "))
		}
	}
	for _, text := range commands {
		text = strings.TrimPrefix(text, "/bin/sh -c ")
		for _, m := range launchers.FindAllStringSubmatch(text, 8) {
			r.left(c, b, out, []string{m[1]}, at, text, "the container ends at once: "+m[1]+" is not found")
		}
	}
}

// python finds modules that are loaded at start.
func (r *run) python(c *ledger.Component, b *ledger.Build, out packages.LeftOut, ok bool) {
	if !ok {
		if files, omission, ok := r.packages.Requirements(b); ok {
			r.required(c, files, omission, b.Environment(), "the image installs")
		}
		return
	}
	for _, o := range r.packages.PythonImports(c, func(name string) bool { _, known := imports.Distributions(name); return known }) {
		m, _ := imports.Distributions(o.Package)
		if !o.Eager || o.Guarded {
			continue
		}
		if !slices.ContainsFunc(m.Distributions, out.Manifest.Installs) {
			r.left(c, b, out, m.Distributions, o.At, o.Text, "the process ends at start: ModuleNotFoundError")
		}
	}
}

// required finds modules that are loaded at start and that the files of
// requirements do not bring which production installs.
func (r *run) required(c *ledger.Component, files []*manifest.Manifest, omission packages.Omission, environment, installs string) {
	asked := map[string]bool{}
	for _, m := range files {
		if m.Dynamic && path.Base(m.File) == "setup.py" {
			return
		}
		for _, d := range m.Dependencies {
			asked[d.Name] = true
		}
	}
	for _, o := range r.packages.PythonImports(c, func(name string) bool { _, known := imports.Distributions(name); return known }) {
		m, _ := imports.Distributions(o.Package)
		if o.Eager && !o.Guarded && m.Rare && !m.Brings(asked, false) {
			r.elsewhere(c, m, o, files, omission, environment, installs)
		}
	}
}

// elsewhere tells of a module that only a file of requirements brings which
// production does not install.
func (r *run) elsewhere(c *ledger.Component, m imports.Module, o packages.Foreign, files []*manifest.Manifest, omission packages.Omission, environment, installs string) {
	for _, other := range r.packages.Manifests {
		if other.Ecosystem != manifest.Python || slices.Contains(files, other) || path.Ext(other.File) != ".txt" {
			continue
		}
		for _, name := range m.Distributions {
			d, ok := other.Declares(name)
			if !ok || d.Group != manifest.Development {
				continue
			}
			f := doc.Finding(finding.Warning, c.Name, environment, name)
			f.Message = fmt.Sprintf("%s needs %s, which only %s asks for, and %s %s", path.Base(o.At.File), name, other.File, installs, files[0].File)
			f.Consequence = "the process ends at start: ModuleNotFoundError"
			f.Remedy = "move " + name + " to " + files[0].File
			r.tell(f, o.At, o.Text, d, omission, other.File)
			return
		}
	}
}
