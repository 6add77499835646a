package ledger

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/source"
)

// bake lays the .env files that production has itself below what its
// definitions supply: one that is mounted, that the image was built with, or
// that is written when the container starts. Frameworks of PHP load it, and let
// a variable that is there already be
// (https://laravel.com/docs/configuration#environment-file-security,
// https://symfony.com/doc/current/configuration.html#configuring-environment-variables-in-env-files).
func bake(l *Ledger) {
	for _, c := range l.Components {
		names := c.loads()
		if len(names) == 0 {
			continue
		}
		for _, r := range c.everyRun() {
			if r.Workload != nil {
				for _, name := range names {
					r.bake(c, name)
				}
			}
		}
	}
}

// loads returns the names of the .env files that the code of a component in PHP
// loads where it is deployed.
func (c *Component) loads() []string {
	if c.Language != "php" {
		return nil
	}
	var names []string
	if slices.ContainsFunc(c.Entry, func(e string) bool { return path.Base(e) == "artisan" || strings.HasSuffix(e, "bin/console") }) {
		names = append(names, ".env", ".env.local", ".env.prod")
	}
	for _, n := range c.Of(fact.Dotenv) {
		if name := path.Base(n.Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (r *Run) bake(c *Component, name string) {
	for _, m := range r.Workload.Mounts {
		if path.Base(m.Path) != name {
			continue
		}
		if s := r.file(m.Source); s != nil {
			r.below(s)
		} else {
			r.unknown = append(r.unknown, Opaque{What: "the file " + name + ", which is mounted", At: m.At})
		}
		return
	}
	if r.written(c, name) || r.build == nil {
		return
	}
	img := r.Image()
	if img == nil || img.WorkDir() == "" {
		return
	}
	a := img.Path(path.Join(img.WorkDir(), name))
	switch s := r.file(r.build.Source(a.From)); {
	case a.From != "" && s != nil:
		r.below(s)
	case a.From == "" && a.State == image.Present:
		r.unknown = append(r.unknown, Opaque{What: "the file " + name + " of the image", At: a.At})
	}
}

// written takes in a file that is written when the container starts, and
// reports whether one is.
func (r *Run) written(c *Component, name string) bool {
	at := source.Span{}
	for _, n := range c.Needs {
		if n.Kind == fact.Writing && path.Base(n.Name) == name && r.woken[n.At.File] {
			at = n.At
		}
	}
	if r.build == nil {
		return false
	}
	for _, o := range r.build.Occasions() {
		if o.Moment != Starting || o.Use == nil || o.Use.Run != r {
			continue
		}
		for _, call := range o.Calls {
			if len(call.Args) < 2 || !slices.Contains([]string{"cp", "ln", "mv", "tee", "touch", "install", "envsubst"}, call.Args[0].Text) {
				continue
			}
			if last := call.Args[len(call.Args)-1]; path.Base(last.Text) == name {
				at = call.At
				for _, a := range call.Args[1 : len(call.Args)-1] {
					if s := r.file(r.build.Source(path.Base(a.Text))); s != nil && call.Args[0].Text == "cp" {
						r.below(s)
						return true
					}
				}
			}
		}
	}
	if at.IsZero() {
		return false
	}
	r.unknown = append(r.unknown, Opaque{What: "the file " + name + ", which is written when the container starts", At: at})
	return true
}

// file returns the variables of a file of the tree; nil where it is none.
func (r *Run) file(name string) *fact.Set {
	for i := range r.Environment.Sets {
		if s := &r.Environment.Sets[i]; s.Name == name && (s.Kind == environment.Dotenv || s.Kind == environment.Example) {
			return s
		}
	}
	return nil
}

// below lays a file of variables under all that reaches the run.
func (r *Run) below(s *fact.Set) {
	r.layers = append([]layer{{supplies: s.Supplies, at: s.At, image: true}}, r.layers...)
}
