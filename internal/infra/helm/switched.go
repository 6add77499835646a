package helm

import (
	"bytes"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// The parts of a chart that its values leave out are rendered once more, with all
// that is off on: what they mount has to be there too.

// maxSwitches bounds the values that are switched on.
const maxSwitches = 2_000

// switched returns the mounts of volumes that pods do not have, and the fields that
// nothing has, once everything of the chart is on, other than those that are told
// of anyway.
func switched(ctx context.Context, c *chart, made []infra.Composition) ([]fact.Flaw, error) {
	if !slices.ContainsFunc(c.templates, func(t source.File) bool { return bytes.Contains(t.Data, []byte("volumeMounts")) }) {
		return nil, nil
	}
	set := setting{}
	values := merge(c, nil)
	// What another chart takes says nothing of this one.
	for _, sub := range c.charts {
		delete(values, sub.name)
	}
	delete(values, "global")
	set.given = switches(values, nil, nil)
	if len(set.given) == 0 || len(set.given) > maxSwitches {
		return nil, nil
	}
	known := map[source.Span]bool{}
	for _, one := range made {
		for _, f := range one.Flaws {
			known[f.At] = true
		}
	}
	var def fact.Definition
	e := newEngine(ctx, c)
	if err := e.render(c, set, &def); err != nil {
		return nil, err
	}
	var flaws []fact.Flaw
	own := strings.TrimPrefix(c.dir+"/", "./")
	for _, f := range def.Flaws {
		rest, inside := strings.CutPrefix(f.At.File, own)
		if f.Kind != fact.Undefined && f.Kind != fact.Strange || known[f.At] || !inside || strings.HasPrefix(rest, "charts/") || claimed(&def, f.Workload) {
			continue
		}
		known[f.At] = true
		f.Fatal, f.Doubt = false, f.Kind == fact.Undefined
		f.What += ", once what the values switch off is on"
		flaws = append(flaws, f)
	}
	return flaws, nil
}

// claimed reports whether a workload may ask for its volumes itself: what it has
// then instead of one of its own is a matter of several values.
func claimed(def *fact.Definition, workload string) bool {
	return slices.ContainsFunc(def.Workloads, func(w fact.Workload) bool { return w.Name == workload && w.Kind == "StatefulSet" })
}

// listedNames are the keys of lists that hold names: what an item of another is, its
// templates alone tell.
var listedNames = regexp.MustCompile(`(?i)(secrets|config_?maps|names)$`)

// switches returns a value for each that is false, or an empty text or list.
func switches(v map[string]any, keys []string, all []given) []given {
	for _, key := range slices.Sorted(maps.Keys(v)) {
		if strings.HasPrefix(key, "existing") {
			continue // it stands in for what another value makes
		}
		here := append(slices.Clone(keys), key)
		switch value := v[key].(type) {
		case map[string]any:
			if len(here) < maxNesting {
				all = switches(value, here, all)
			}
		case bool:
			if !value {
				all = append(all, given{keys: here, value: true})
			}
		case string:
			if value == "" {
				all = append(all, given{keys: here, value: "on"})
			}
		case []any:
			if len(value) == 0 && listedNames.MatchString(key) && !strings.Contains(strings.ToLower(key), "pull") {
				all = append(all, given{keys: here, value: []any{"on"}})
			}
		}
	}
	return all
}
