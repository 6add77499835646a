package environment

import (
	"path"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// configured makes the environments what rehearse.yaml says that they are made
// of. Where it only gives variables, the environment that was found has them
// besides. What it names and nothing was made of is listed.
func configured(found []*fact.Environment, made []infra.Composition, config *project.Config, definitions []fact.Definition) ([]*fact.Environment, []source.Unread) {
	var unread []source.Unread
	for _, want := range config.Environments {
		e, missing := compose(want, made, definitions)
		for _, m := range missing {
			unread = append(unread, source.Unread{At: want.At, Reason: "environments." + want.Name + " names " + m + ", of which nothing is understood", Broken: true})
		}
		if e != nil {
			found = slices.DeleteFunc(found, func(o *fact.Environment) bool { return o.Name == want.Name && !o.IsLocal() })
			found = append(found, e)
		}
		given := slices.Clone(want.Env)
		for _, file := range want.Dotenv {
			given = append(supplies(definitions, file), given...)
		}
		for _, o := range found {
			for i := range o.Workloads {
				if o.Name == want.Name && len(given) > 0 {
					w := &o.Workloads[i]
					w.Supplies = append(slices.Clone(given), w.Supplies...)
				}
			}
		}
	}
	return sortEnvironments(found), unread
}

// piece is a definition that rehearse.yaml names for an environment.
type piece struct {
	name     string
	composed func(infra.Composition) bool
	plain    func(fact.Definition) bool // where nothing is composed of it
}

// pieces returns the definitions that rehearse.yaml names, in its order.
func pieces(want project.Environment) []piece {
	is := func(format string, files ...string) func(infra.Composition) bool {
		return func(c infra.Composition) bool {
			return c.Format == format && !slices.ContainsFunc(files, func(f string) bool { return !slices.Contains(c.Parts, f) })
		}
	}
	at := func(dir string, is func(infra.Composition) bool) func(infra.Composition) bool {
		return func(c infra.Composition) bool { return is(c) && (path.Dir(c.File) == dir || c.File == dir) }
	}
	var all []piece
	for _, dir := range want.Kubernetes {
		dir = path.Clean(dir)
		all = append(all, piece{dir, at(dir, is("kustomize")), func(d fact.Definition) bool { return d.Format == Kubernetes && source.Under(dir, d.File) }})
	}
	for _, file := range want.Compose {
		file = path.Clean(file)
		all = append(all, piece{file, at(file, is(Compose)), func(d fact.Definition) bool { return d.Format == Compose && d.File == file }})
	}
	for _, dir := range want.Terraform {
		all = append(all, piece{dir, at(path.Clean(dir), is("terraform")), nil})
	}
	if want.Chart != "" {
		var values []string
		for _, v := range want.Values {
			values = append(values, path.Clean(v))
		}
		all = append(all, piece{want.Chart, at(path.Clean(want.Chart), is("helm", values...)), nil})
	}
	return all
}

// compose makes an environment of the definitions that rehearse.yaml names for
// it, nil where it names none. What is not to be found among them is told.
func compose(want project.Environment, made []infra.Composition, definitions []fact.Definition) (e *fact.Environment, missing []string) {
	var roots []root
	var layers []fact.Definition
	add := func(e *fact.Environment) {
		roots = append(roots, root{by: map[string][]*fact.Environment{want.Name: {e}}})
	}
	for _, p := range pieces(want) {
		var best *infra.Composition
		for i, c := range made {
			// Of several ways to compose it that which takes the fewest files besides.
			if p.composed(c) && (best == nil || len(c.Parts) < len(best.Parts)) {
				best = &made[i]
			}
		}
		if best != nil {
			add(environmentFrom(*best, want.Name))
			continue
		}
		n := len(layers)
		for _, d := range definitions {
			if p.plain != nil && p.plain(d) && declares(d) {
				layers = append(layers, d)
			}
		}
		if len(layers) == n {
			missing = append(missing, p.name)
		}
	}
	if len(layers) > 0 {
		add(layered(want.Name, layers[0].Format, layers))
	}
	if len(roots) == 0 {
		return nil, missing
	}
	e = joined(roots)[0]
	for _, d := range definitions {
		if d.Format == Dotenv {
			e.Sets = append(e.Sets, d.Sets...)
		}
	}
	return e, missing
}

// supplies returns what a .env file says.
func supplies(definitions []fact.Definition, file string) []fact.Supply {
	for _, d := range definitions {
		for _, s := range d.Sets {
			if s.Kind == Dotenv && s.Name == path.Clean(file) {
				return s.Supplies
			}
		}
	}
	return nil
}
