package ledger

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
)

// kinds of definitions, by what they say of where they are used.
const (
	formatCompose    = "compose"
	formatKubernetes = "kubernetes"
	formatActions    = "github-actions"
	formatDotenv     = "dotenv"
	formatDockerfile = "dockerfile"
)

// environments composes definitions into environments: a base and what is laid
// over it give one environment each, for each application of the tree.
// Definitions that name no environment are the base of those that do, or, where
// none does, production.
func environments(definitions []fact.Definition) []*fact.Environment {
	byApplication := map[string][]fact.Definition{}
	var pipelines, envFiles []fact.Definition
	for _, d := range definitions {
		switch d.Format {
		case formatCompose, formatKubernetes:
			// A cluster is one for the whole tree: what refers to a name is often
			// not in the folder of what has it. A compose project is a folder.
			at := ""
			if d.Format == formatCompose {
				at = application(d.File)
			}
			key := d.Format + "\x00" + at
			byApplication[key] = append(byApplication[key], d)
		case formatActions:
			pipelines = append(pipelines, d)
		case formatDotenv:
			envFiles = append(envFiles, d)
		}
	}

	deployed := map[string]bool{} // applications with a deployment other than a nameless compose file
	for key, group := range byApplication {
		format, at, _ := strings.Cut(key, "\x00")
		for _, d := range group {
			if format != formatCompose {
				deployed[""] = true
			} else if name := environmentOf(d.File); name != "" && name != local && name != testing {
				deployed[at] = true
			}
		}
	}

	all := []*fact.Environment{{Name: local, Kind: local}}
	for key, group := range byApplication {
		format, at, _ := strings.Cut(key, "\x00")
		all = append(all, compose(format, group, deployed[""] || deployed[at])...)
	}
	for _, d := range pipelines {
		name := "ci:" + strings.TrimSuffix(path.Base(d.File), path.Ext(d.File))
		all = append(all, layered(name, formatActions, []fact.Definition{d}))
	}
	for _, e := range all {
		for _, d := range envFiles {
			e.Sets = append(e.Sets, d.Sets...)
		}
	}
	return sortEnvironments(joinLocal(all))
}

// compose makes the environments of one application in one format. Where
// deployed is set, something else says what production is, so that a compose
// file without a name is the developer's.
func compose(format string, group []fact.Definition, deployed bool) []*fact.Environment {
	var base, overrides []fact.Definition
	named := map[string][]fact.Definition{}
	for _, d := range group {
		switch name := environmentOf(d.File); {
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
		if format == formatKubernetes || layersOver(layers, base) {
			layers = append(slices.Clone(base), layers...)
			baseUsed = baseUsed || name != testing
		}
		all = append(all, layered(name, format, layers))
	}
	if len(base) == 0 {
		return all
	}
	_, hasProduction := named[production]
	switch {
	case format == formatKubernetes:
		if !baseUsed || (!hasProduction && onlyLocal(named)) {
			all = append(all, layered(production, format, base))
		}
	case len(overrides) > 0 || deployed || forDevelopment(base):
		if _, done := named[local]; !done || len(overrides) > 0 {
			all = append(all, layered(local, format, append(slices.Clone(base), overrides...)))
		}
		if !deployed && len(overrides) > 0 && !forDevelopment(base) {
			all = append(all, layered(production, format, base)) // compose -f compose.yaml leaves the override out
		}
	case !hasProduction:
		all = append(all, layered(production, format, base))
	}
	return all
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
		if name != local && name != testing {
			return false
		}
	}
	return true
}

// layered lays definitions over each other, the last on top.
func layered(name, kind string, layers []fact.Definition) *fact.Environment {
	e := &fact.Environment{Name: name, Kind: kind}
	for _, d := range layers {
		e.From = append(e.From, d.File)
		e.Sets = append(e.Sets, d.Sets...)
		e.Services = append(e.Services, d.Services...)
		e.Routes = append(e.Routes, d.Routes...)
		e.Supplies = append(e.Supplies, d.Supplies...)
		for _, w := range d.Workloads {
			e.Workloads = mergeWorkload(e.Workloads, w, kind)
		}
	}
	return e
}

// mergeWorkload lays w over the workload of the same name, as compose does
// (Compose specification, "Merge"): single values are replaced, lists and maps
// are added to, the command is replaced whole.
func mergeWorkload(all []fact.Workload, w fact.Workload, kind string) []fact.Workload {
	i := slices.IndexFunc(all, func(o fact.Workload) bool {
		return o.Name == w.Name && o.Kind == w.Kind && o.Container == w.Container && o.Namespace == w.Namespace
	})
	if i < 0 || kind == formatActions {
		return append(all, w)
	}
	if kind == formatKubernetes {
		// The same object under two names of environments is a variant, not a layer.
		all[i] = w
		return all
	}
	o := all[i]
	o.Image = cmp.Or(w.Image, o.Image)
	if w.Build != nil {
		o.Build = w.Build
	}
	if w.Command != nil {
		o.Command, o.StartAt = w.Command, w.StartAt
	}
	if w.Args != nil {
		o.Args, o.StartAt = w.Args, w.StartAt
	}
	o.WorkDir = cmp.Or(w.WorkDir, o.WorkDir)
	o.User = cmp.Or(w.User, o.User)
	if !w.ReplicasAt.IsZero() {
		o.Replicas, o.ReplicasAt = w.Replicas, w.ReplicasAt
	}
	o.Ports = append(slices.Clone(o.Ports), w.Ports...)
	o.Supplies = append(slices.Clone(o.Supplies), w.Supplies...)
	o.Imports = append(slices.Clone(o.Imports), w.Imports...)
	o.Mounts = append(slices.Clone(o.Mounts), w.Mounts...)
	o.DependsOn = append(slices.Clone(o.DependsOn), w.DependsOn...)
	o.Networks = append(slices.Clone(o.Networks), w.Networks...)
	o.Aliases = append(slices.Clone(o.Aliases), w.Aliases...)
	o.Probes = append(slices.Clone(o.Probes), w.Probes...)
	o.HostNet = o.HostNet || w.HostNet
	if !w.EnvAt.IsZero() && len(w.Supplies) > 0 {
		o.EnvAt = w.EnvAt
	}
	all[i] = o
	return all
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
