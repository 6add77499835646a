package ledger

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/link"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// join ties every workload to the component whose code it runs, and gives each
// component its runs.
func join(l *Ledger, p *project.Project, links *link.Linker) {
	ignored := dockerignores(p)
	for _, c := range l.Components {
		c.Runs = []*Run{{Environment: l.Environments[0]}}
	}
	reasons := map[*Component][]string{}
	for _, e := range l.Environments {
		for i := range e.Workloads {
			w := &e.Workloads[i]
			tie, ok := links.Of(w)
			if !ok || strings.HasPrefix(e.Name, "ci:") {
				continue
			}
			c := l.of(tie.Component)
			r := &Run{Environment: e, Workload: w, Stage: tie.Stage, Dockerfile: tie.Dockerfile, ignored: ignored}
			if w.Build == nil {
				r.context = links.Context(w)
			}
			r.layer()
			if w.Entry != "" {
				r.reach, r.entry = reachable(p, c, w.Entry), c.Module(w.Entry)
			}
			if e.IsLocal() {
				// The developer's own compose file: what it supplies is there locally.
				c.composed = append(c.composed, r)
				local := c.Runs[0]
				local.layers = append(local.layers, r.layers...)
				local.unknown = append(local.unknown, r.unknown...)
			} else {
				c.Runs = append(c.Runs, r)
				for _, other := range links.Others(w, tie) {
					c := l.of(other)
					c.Lent = append(c.Lent, r)
				}
			}
			reasons[c] = append(reasons[c], tie.Why)
		}
	}
	for _, c := range l.Components {
		c.Runs[0].dotenv(p.LocalDotenvs(c.Component))
		c.Runs[0].layers = append(c.Runs[0].layers, layer{supplies: c.Start.Local.Env, at: c.Start.Local.At})
		for _, e := range p.Config.Environments {
			if e.Name == environment.Local && len(e.Env) > 0 {
				c.Runs[0].layers = append(c.Runs[0].layers, layer{supplies: e.Env, at: e.At})
			}
		}
		c.told = told(c)
		slices.SortStableFunc(c.Runs[1:], func(a, b *Run) int {
			return cmp.Or(cmp.Compare(a.Environment.Name, b.Environment.Name), a.Workload.At.Compare(b.Workload.At))
		})
		c.settle(p)
		followParts(p, c)
		slices.Sort(reasons[c])
		c.LinkedBy = strings.Join(slices.Compact(reasons[c]), ", ")
	}
}

// layer collects the supplies that reach a workload, the strongest last: those
// of its image, the sets that it takes in whole, its own.
// (Docker documentation, "Environment variables precedence"; Kubernetes API
// reference, Container.envFrom: "Values defined by an Env with a duplicate key
// will take precedence".)
func (r *Run) layer() {
	if r.Stage != nil {
		r.layers = append(r.layers, layer{supplies: r.Stage.Env, at: r.Stage.At, image: true})
	}
	for _, in := range r.Workload.Imports {
		s := r.set(in.Ref)
		switch {
		case s == nil && in.Ref.Optional:
			continue
		case s == nil:
			r.unknown = append(r.unknown, Opaque{fmt.Sprintf("the %s %s, which is not in the tree", in.Ref.Kind, in.Ref.Name), in.At, in.Ref.Kind})
			continue
		case s.Open:
			r.unknown = append(r.unknown, Opaque{fmt.Sprintf("the %s %s, which may have more keys than the tree tells", in.Ref.Kind, in.Ref.Name), in.At, in.Ref.Kind})
		}
		supplies := s.Supplies
		if in.Prefix != "" {
			supplies = slices.Clone(supplies)
			for i := range supplies {
				supplies[i].Name = in.Prefix + supplies[i].Name
			}
		}
		r.layers = append(r.layers, layer{supplies: supplies, at: in.At})
	}
	for _, m := range r.Workload.Mounts {
		// A .env file that is put into the container: the program reads it there.
		if name := path.Base(m.Source); m.Kind == "bind" && (strings.HasPrefix(name, ".env") || strings.HasSuffix(name, ".env")) {
			r.unknown = append(r.unknown, Opaque{"the file " + m.Source + ", which is mounted", m.At, environment.Dotenv})
		}
	}
	r.layers = append(r.layers, layer{supplies: r.Workload.Supplies, at: r.Workload.EnvAt})
}

// told returns what the .env files for readers say that lie where those of the
// component's developer would.
func told(c *Component) []fact.Supply {
	var all []fact.Supply
	folders := []string{".", path.Clean(c.Start.Local.Dir), path.Clean(c.Dir)}
	for _, s := range c.Runs[0].Environment.Sets {
		if s.Kind == environment.Example && slices.Contains(folders, path.Dir(s.Name)) {
			all = append(all, s.Supplies...)
		}
	}
	return all
}

// dotenv adds the .env files that the component's developer has, the strongest
// last.
func (r *Run) dotenv(files []project.Dotenv) {
	for _, file := range files {
		for i := range r.Environment.Sets {
			if s := &r.Environment.Sets[i]; s.Kind == environment.Dotenv && s.Name == file.File.Path {
				r.layers = append(r.layers, layer{supplies: s.Supplies, at: s.At})
			}
		}
	}
}

// dockerignores returns a function that tells whether a file is kept out of a
// build context: by git, since what is built in a pipeline is built from a
// clean clone, or by the context's .dockerignore.
func dockerignores(p *project.Project) func(context, file string) (Why, bool) {
	type ignore struct {
		matcher *patternmatcher.PatternMatcher
		file    string
	}
	known := map[string]ignore{}
	return func(context, file string) (Why, bool) {
		full := path.Join(context, file)
		if f := p.File(full); f != nil && f.Flags&project.Ignored != 0 {
			return Why{"git ignores it, so a clean clone does not have it", source.Span{File: full}}, true
		}
		in, seen := known[context]
		if !seen {
			in.file = path.Join(context, ".dockerignore")
			if f := p.File(in.file); f != nil {
				if data, err := p.Read(f); err == nil {
					if patterns, err := ignorefile.ReadAll(bytes.NewReader(data.Data)); err == nil {
						in.matcher, _ = patternmatcher.New(patterns) // a broken pattern ignores nothing
					}
				}
			}
			known[context] = in
		}
		if in.matcher == nil {
			return Why{}, false
		}
		if kept, err := in.matcher.MatchesOrParentMatches(file); err == nil && kept {
			return Why{in.file + " keeps it out", source.Span{File: in.file}}, true
		}
		return Why{}, false
	}
}
