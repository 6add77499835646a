package environment

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/project"
)

// group is the definitions of one application in one format.
type group struct {
	format      string
	at          string // the folder of a compose project; "" for a cluster
	definitions []fact.Definition
	deployed    bool // something else says what production is for the same code
	platform    bool // something that is not read deploys it
}

// environments composes definitions into environments: a base and what is laid
// over it give one environment each, for each application of the tree.
// Definitions that name no environment are the base of those that do, or, where
// none does, production. The components that a definition runs are asked of
// runs; elsewhere is what deploys and is not read.
func environments(definitions []fact.Definition, made []infra.Composition, runs func(fact.Definition) []*project.Component, elsewhere []platform) []*fact.Environment {
	var groups []*group
	all := []*fact.Environment{{Name: Local, Kind: Local}}
	for _, d := range definitions {
		if Pipeline(d.Format) {
			all = append(all, layered(pipelineName(d), d.Format, []fact.Definition{d}))
		}
		if d.Format != Compose && d.Format != Kubernetes && platformed[d.Format] == 0 || !declares(d) {
			continue
		}
		// A cluster is one for the whole tree: what refers to a name is often
		// not in the folder of what has it. A compose project is a folder.
		at := ""
		if d.Format != Kubernetes {
			at = application(d.File)
		}
		i := slices.IndexFunc(groups, func(g *group) bool { return g.format == d.Format && g.at == at })
		if i < 0 {
			i, groups = len(groups), append(groups, &group{format: d.Format, at: at})
		}
		groups[i].definitions = append(groups[i].definitions, d)
	}
	markDeployed(groups, made, runs)
	for _, g := range groups {
		g.platform = slices.ContainsFunc(elsewhere, func(p platform) bool { return p.deploys(g.at) })
	}
	var plain []*fact.Environment
	for _, g := range groups {
		switch {
		case g.format == Kubernetes:
			plain = g.compose()
		case platformed[g.format] == 0:
			all = append(all, g.compose()...)
		}
	}
	all = append(all, cluster(plain, made)...)
	all = append(all, hosted(groups, all)...)
	// What runs nothing is no environment: a lone ConfigMap, a chart's leftovers.
	all = slices.DeleteFunc(all, func(e *fact.Environment) bool {
		return e.IsProduction() && len(e.Workloads) == 0
	})
	for _, e := range all {
		for _, d := range definitions {
			if d.Format == Dotenv {
				e.Sets = append(e.Sets, d.Sets...)
			}
		}
	}
	return sortEnvironments(joinLocal(all))
}

// declares reports whether a definition says anything of an environment: many
// files of YAML are asked whether they do, and few do.
func declares(d fact.Definition) bool {
	return len(d.Workloads)+len(d.Sets)+len(d.Services)+len(d.Routes)+len(d.Supplies)+len(d.Volumes)+len(d.Scalers)+len(d.Objects) > 0
}

// markDeployed marks the groups of compose files beside which something else
// deploys the same code: a cluster, or a compose file that names its
// environment. Their nameless files are then the developer's.
func markDeployed(groups []*group, made []infra.Composition, runs func(fact.Definition) []*project.Component) {
	by := map[*project.Component]map[string]bool{} // the formats, or named files, that deploy a component
	for _, m := range made {
		if name := nameOf(m); !m.Whole || name == Local || name == Test {
			continue
		}
		for _, c := range runs(m.Definition) {
			if by[c] == nil {
				by[c] = map[string]bool{}
			}
			by[c][m.Format+m.File] = true
		}
	}
	for _, g := range groups {
		for _, d := range g.definitions {
			name := Of(d.File)
			if g.format == Compose && name == "" || platformed[g.format] == offers || name == Local || name == Test {
				continue
			}
			for _, c := range runs(d) {
				if by[c] == nil {
					by[c] = map[string]bool{}
				}
				by[c][g.format+g.at] = true
			}
			g.deployed = g.deployed || g.format == Compose
		}
	}
	for _, g := range groups {
		for _, d := range g.definitions {
			if g.format == Compose && slices.ContainsFunc(runs(d), func(c *project.Component) bool { return len(by[c]) > 0 }) {
				g.deployed = true
			}
		}
	}
}

// compose makes the environments of one application in one format.
func (g *group) compose() []*fact.Environment {
	var base, overrides []fact.Definition
	named := map[string][]fact.Definition{}
	for _, d := range g.definitions {
		switch name := Of(d.File); {
		case d.Overrides:
			overrides = append(overrides, d)
		case name == "":
			base = append(base, d)
		default:
			named[name] = append(named[name], d)
		}
	}

	var all []*fact.Environment
	baseUsed := false
	for _, name := range sortedKeys(named) {
		layers := named[name]
		if g.format == Kubernetes || layersOver(layers, base) {
			layers = append(slices.Clone(base), layers...)
			baseUsed = baseUsed || name != Test
		}
		all = append(all, layered(name, g.format, layers))
	}
	if len(base) == 0 {
		return all
	}
	_, hasProduction := named[Production]
	if g.format == Kubernetes {
		if !baseUsed || !hasProduction && onlyLocal(named) {
			all = append(all, layered(Production, g.format, base))
		}
		return all
	}
	_, hasLocal := named[Local]
	for _, u := range uses(base) {
		files, overrides, developers := u.files, overrides, g.deployed || forDevelopment(base)
		if u.alone {
			developers = g.deployed || forDevelopment(files)
		}
		if u.other {
			overrides = nil
		}
		if (developers || len(overrides) > 0) && (!hasLocal || len(overrides) > 0) {
			all = append(all, layered(Local, g.format, append(slices.Clone(files), overrides...)))
		}
		// compose -f compose.yaml leaves the override out
		if !developers && !hasProduction && !completed(files, overrides) {
			name := Production
			if g.platform {
				name = Compose // what production is, is not known
			}
			all = append(all, layered(name, g.format, files))
		}
	}
	return all
}

// byFolder parts compose files by their folders: files of several folders are
// not used together without being asked for, those of one are often laid over
// each other.
func byFolder(files []fact.Definition) [][]fact.Definition {
	var parts [][]fact.Definition
	for _, d := range files {
		i := slices.IndexFunc(parts, func(part []fact.Definition) bool { return path.Dir(part[0].File) == path.Dir(d.File) })
		if i < 0 {
			i, parts = len(parts), append(parts, nil)
		}
		parts[i] = append(parts[i], d)
	}
	return parts
}

// layersOver reports whether compose files are written to be laid over base:
// they speak of a service that base declares.
func layersOver(layers, base []fact.Definition) bool {
	declared := map[string]bool{}
	for _, d := range base {
		for _, w := range d.Workloads {
			declared[w.Name] = true
		}
	}
	for _, d := range layers {
		for _, w := range d.Workloads {
			// A service with neither image nor build is an addition to another.
			if declared[w.Name] && (w.Image == "" && w.Build == nil || len(d.Workloads) < len(declared)) {
				return true
			}
		}
	}
	return false
}

// forDevelopment reports whether compose files are those of a developer: no
// service is built here, or one runs the sources of the working tree.
func forDevelopment(base []fact.Definition) bool {
	own := false
	for _, d := range base {
		for _, w := range d.Workloads {
			own = own || w.Build != nil || strings.Contains(w.Image, "/")
			if w.Build == nil {
				continue
			}
			if target := strings.ToLower(w.Build.Target); strings.HasPrefix(target, "dev") {
				return true
			}
			for _, m := range w.Mounts {
				if m.Kind == "bind" && (m.Source == w.Build.Context || m.Source == path.Join(w.Build.Context, "src")) {
					return true
				}
			}
			start := strings.Join(append(slices.Clone(w.Command), w.Args...), " ")
			for _, sign := range []string{"nodemon", "--reload", "run dev", "yarn dev", "runserver", "air ", "watch"} {
				if strings.Contains(start, sign) {
					return true
				}
			}
		}
	}
	return !own
}

func onlyLocal(named map[string][]fact.Definition) bool {
	for name := range named {
		if name != Local && name != Test {
			return false
		}
	}
	return true
}

// joinLocal makes one environment of all that are the developer's machine.
func joinLocal(all []*fact.Environment) []*fact.Environment {
	first := all[0]
	rest := all[:1]
	for _, e := range all[1:] {
		if !e.IsLocal() {
			rest = append(rest, e)
			continue
		}
		first.From = append(first.From, e.From...)
		first.Workloads = append(first.Workloads, e.Workloads...)
		first.Services = append(first.Services, e.Services...)
		first.Sets = append(first.Sets, e.Sets...)
		first.Supplies = append(first.Supplies, e.Supplies...)
		first.Volumes = append(first.Volumes, e.Volumes...)
		first.Objects = append(first.Objects, e.Objects...)
		first.Mentions = append(first.Mentions, e.Mentions...)
	}
	return rest
}

func sortEnvironments(all []*fact.Environment) []*fact.Environment {
	slices.SortStableFunc(all, func(a, b *fact.Environment) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.Name, b.Name), slices.Compare(a.From, b.From))
	})
	return all
}

func rank(e *fact.Environment) int {
	switch {
	case e.IsLocal():
		return 0
	case e.IsProduction():
		return 2
	}
	return 1
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
