package environment

import (
	"cmp"
	"slices"

	"rehearse/internal/fact"
)

// layered lays definitions over each other, the last on top.
func layered(name, kind string, layers []fact.Definition) *fact.Environment {
	e := &fact.Environment{Name: name, Kind: kind}
	for _, d := range layers {
		e.From = append(e.From, d.File)
		e.Sets = append(e.Sets, d.Sets...)
		e.Services = append(e.Services, d.Services...)
		e.Routes = append(e.Routes, d.Routes...)
		e.Supplies = append(e.Supplies, d.Supplies...)
		e.Volumes = append(e.Volumes, d.Volumes...)
		e.Scalers = append(e.Scalers, d.Scalers...)
		e.Objects = append(e.Objects, d.Objects...)
		e.Mentions = append(e.Mentions, d.Mentions...)
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
	if i < 0 || Pipeline(kind) || platformed[kind] != 0 {
		return append(all, w)
	}
	if kind == Kubernetes {
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
	o.Bounds = append(slices.Clone(w.Bounds), o.Bounds...) // the first of a kind counts
	o.Needs = append(slices.Clone(o.Needs), w.Needs...)
	o.HostNet, o.ReadOnly = o.HostNet || w.HostNet, o.ReadOnly || w.ReadOnly
	if !w.EnvAt.IsZero() && len(w.Supplies) > 0 {
		o.EnvAt = w.EnvAt
	}
	all[i] = o
	return all
}
