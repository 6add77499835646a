package compose

import (
	"maps"

	"rehearse/internal/fact"
)

// overlay lays a service over the one that it extends: a value replaces the
// value, lists follow one another, and what has a name replaces its namesake
// (https://github.com/compose-spec/compose-spec/blob/main/13-merge.md).
func overlay(base, own fact.Workload) fact.Workload {
	w := own
	w.Image = or(own.Image, base.Image)
	w.WorkDir = or(own.WorkDir, base.WorkDir)
	w.User = or(own.User, base.User)
	if own.Build == nil {
		w.Build = base.Build
	}
	if own.Command == nil {
		w.Command = base.Command
	}
	if own.Args == nil {
		w.Args = base.Args
	}
	w.StartAt = first(own.StartAt, base.StartAt)
	if own.ReplicasAt.IsZero() {
		w.Replicas, w.ReplicasAt = base.Replicas, base.ReplicasAt
	}
	if own.Probes == nil {
		w.Probes = base.Probes
	}
	if own.Extends == nil {
		w.Extends = base.Extends
	}
	if own.Networks == nil {
		w.Networks = base.Networks
	}
	w.HostNet = own.HostNet || base.HostNet
	w.Labels = maps.Clone(base.Labels)
	if w.Labels == nil {
		w.Labels = own.Labels
	} else {
		maps.Copy(w.Labels, own.Labels)
	}
	w.Profiles = distinct(follow(base.Profiles, own.Profiles))
	w.DependsOn = distinct(follow(base.DependsOn, own.DependsOn))
	w.Aliases = distinct(follow(base.Aliases, own.Aliases))
	w.Imports = follow(base.Imports, own.Imports)
	w.Ports = named(base.Ports, own.Ports, func(p fact.Port) [2]int { return [2]int{p.Target, p.Published} })
	w.Supplies = named(base.Supplies, own.Supplies, func(s fact.Supply) string { return s.Name })
	w.Mounts = named(base.Mounts, own.Mounts, func(m fact.Mount) string { return m.Path })
	return w
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func follow[T any](a, b []T) []T { return append(append([]T(nil), a...), b...) }

// named returns base and then own, without what is in own again.
func named[T any, K comparable](base, own []T, name func(T) K) []T {
	again := map[K]bool{}
	for _, item := range own {
		again[name(item)] = true
	}
	var all []T
	for _, item := range base {
		if !again[name(item)] {
			all = append(all, item)
		}
	}
	return append(all, own...)
}
