package helm

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// layer is one file of values, or what a command line sets: of two layers the
// later counts.
type layer struct {
	file string
	root *yaml.Node
}

func reflectOf(v any) reflect.Value { return reflect.ValueOf(v) }

// plain returns a node as templates see it.
func plain(n *yaml.Node) any {
	switch {
	case n.IsNull():
		return nil
	case n.IsMap():
		m := make(map[string]any, len(n.Pairs()))
		for _, pair := range n.Pairs() {
			m[pair.Name()] = plain(pair.Value)
		}
		return m
	case n.IsList():
		list := make([]any, 0, len(n.Items()))
		for _, item := range n.Items() {
			list = append(list, plain(item))
		}
		return list
	}
	return scalar(n)
}

// scalar returns a number as floating: Helm reads YAML by way of JSON.
func scalar(n *yaml.Node) any {
	text := n.Text()
	switch n.Tag() {
	case "!!bool":
		return strings.EqualFold(text, "true")
	case "!!int":
		if i, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 0, 64); err == nil {
			return float64(i)
		}
	case "!!float":
		if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return f
		}
	}
	return text
}

// decode returns the value that a text of YAML has; nil where it is none.
func decode(text string) any {
	docs, err := yaml.Parse(source.File{Path: "-", Data: []byte(text)})
	if err != nil || len(docs) == 0 || docs[0].Root.Size() > maxWeight {
		return nil
	}
	return plain(docs[0].Root)
}

// overlay lays from over into, as Helm does: mappings are merged, null takes a
// key away, all else replaces
// (https://helm.sh/docs/chart_template_guide/values_files/).
func overlay(into, from map[string]any) map[string]any {
	for key, value := range from {
		if value == nil {
			if _, was := into[key]; was {
				delete(into, key)
			} else {
				into[key] = nil
			}
			continue
		}
		below, isMap := into[key].(map[string]any)
		above, toMap := value.(map[string]any)
		if isMap && toMap {
			into[key] = overlay(below, above)
			continue
		}
		into[key] = value
	}
	return into
}

// underlay gives into what defaults has and it lacks.
func underlay(into, defaults map[string]any) {
	for key, value := range defaults {
		given, is := into[key]
		if !is {
			into[key] = clone(value)
			continue
		}
		below, isMap := given.(map[string]any)
		above, toMap := value.(map[string]any)
		if isMap && toMap {
			underlay(below, above)
		}
	}
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, value := range v {
			m[key] = clone(value)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = clone(v[i])
		}
		return list
	}
	return v
}

// at returns what stands at a path, and whether there is anything, null too.
func at(v any, keys []string) (any, bool) {
	for _, key := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[key]; !ok {
			return nil, false
		}
	}
	return v, true
}

// give sets the value at a path, where the path leads through nothing but
// mappings and what is not there.
func give(m map[string]any, keys []string, value any) bool {
	for i, key := range keys {
		if i == len(keys)-1 {
			m[key] = value
			return true
		}
		next, is := m[key].(map[string]any)
		if !is {
			if m[key] != nil {
				return false
			}
			next = map[string]any{}
			m[key] = next
		}
		m = next
	}
	return false
}

// leaf is a key of the values of a chart, wherever it stands in them.
type leaf struct {
	path []string
	at   source.Span
	node *yaml.Node
}

// leaves returns the keys of all layers, each where the last layer says it.
func leaves(layers []layer) []leaf {
	var all []leaf
	index := map[string]int{}
	var walk func(n *yaml.Node, path []string)
	walk = func(n *yaml.Node, path []string) {
		if len(all) > maxWeight || len(path) > maxNesting {
			return
		}
		for _, pair := range n.Pairs() {
			below := append(slices.Clone(path), pair.Name())
			name := strings.Join(below, "\x00")
			found := leaf{path: below, at: pair.Key.At, node: pair.Value}
			if i, known := index[name]; known {
				all[i] = found
			} else {
				index[name] = len(all)
				all = append(all, found)
			}
			walk(pair.Value, below)
		}
	}
	for _, l := range layers {
		walk(l.root, nil)
	}
	return all
}

// said returns where the values say a variable: a key of that name, or an item
// of a list whose name is it; only where there is one such place.
func said(layers []layer, name string) (source.Span, bool) {
	var found []source.Span
	var walk func(n *yaml.Node, depth int)
	walk = func(n *yaml.Node, depth int) {
		if depth > maxNesting || len(found) > 1 {
			return
		}
		for _, pair := range n.Pairs() {
			if pair.Name() == name {
				found = append(found, pair.Key.At)
			} else if pair.Name() == "name" && pair.Value.Text() == name {
				found = append(found, pair.Value.At)
			}
			walk(pair.Value, depth+1)
		}
		for _, item := range n.Items() {
			walk(item, depth+1)
		}
	}
	for _, l := range slices.Backward(layers) {
		found = nil
		walk(l.root, 0)
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return source.Span{}, false
}
