package kustomize

import (
	"slices"

	"rehearse/internal/yaml"
)

// Trees are never changed: whoever changes one makes another that shares what
// stays the same, for a base is a part of several overlays.

// with returns n with the value of a key.
func with(n *yaml.Node, key string, value *yaml.Node) *yaml.Node {
	pairs := slices.Clone(n.Pairs())
	i := slices.IndexFunc(pairs, func(p yaml.Pair) bool { return p.Name() == key })
	if i < 0 {
		pairs = append(pairs, yaml.Pair{Key: yaml.String(value.At, key), Value: value})
	} else {
		pairs[i].Value = value
	}
	return yaml.Map(n.Place(), pairs...)
}

// without returns n without a key.
func without(n *yaml.Node, key string) *yaml.Node {
	pairs := slices.DeleteFunc(slices.Clone(n.Pairs()), func(p yaml.Pair) bool { return p.Name() == key })
	return yaml.Map(n.Place(), pairs...)
}

// under returns n with the value at a path of keys; mappings that are not there
// are made.
func under(n *yaml.Node, value *yaml.Node, keys ...string) *yaml.Node {
	if len(keys) == 0 {
		return value
	}
	if !n.IsMap() {
		n = yaml.Map(value.At)
	}
	return with(n, keys[0], under(n.Get(keys[0]), value, keys[1:]...))
}

// each returns n with what change makes of each of its scalars, mappings and
// lists, from the outside to the inside. Where it gives the same node back, what
// is in it is looked at; where another, that is taken as it is.
func each(n *yaml.Node, change func(key string, n *yaml.Node) *yaml.Node) *yaml.Node {
	return walk("", n, change)
}

func walk(key string, n *yaml.Node, change func(string, *yaml.Node) *yaml.Node) *yaml.Node {
	if n == nil {
		return nil
	}
	if made := change(key, n); made != n {
		return made
	}
	switch {
	case n.IsMap():
		pairs := slices.Clone(n.Pairs())
		changed := false
		for i := range pairs {
			made := walk(pairs[i].Name(), pairs[i].Value, change)
			changed = changed || made != pairs[i].Value
			pairs[i].Value = made
		}
		if changed {
			return yaml.Map(n.At, pairs...)
		}
	case n.IsList():
		items := slices.Clone(n.Items())
		changed := false
		for i := range items {
			made := walk(key, items[i], change)
			changed = changed || made != items[i]
			items[i] = made
		}
		if changed {
			return yaml.List(n.At, items...)
		}
	}
	return n
}
