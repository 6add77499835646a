package helm

import (
	"bytes"
	"cmp"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
)

// findings collects, over all sets of values of a chart, which paths its
// templates read and no values define.
type findings struct {
	chart  *chart
	tree   infra.Tree
	layers []layer // of every set
	given  []given
	reads  []read
	came   map[string]bool // places at which a template was rendered
	failed []failure
	calls  []call          // of templates that are not defined
	own    bool            // templates named after the chart are
	ran    map[string]bool // by name: such a call was come to
	files  map[string]*source.File
	into   map[string]bool // paths that lead into what is not there
	of     map[*source.File]*chart

	functions []fact.Flaw // that templates call and Helm does not have
	astray    []fact.Flaw // what is asked of the wrong dot, and what is written without quotes
}

func placeKey(r read) string { return r.where + "\x00" + strings.Join(r.path, ".") }

// note takes down what one rendering came to.
func (f *findings) note(e *engine) {
	if f.came == nil {
		f.came, f.of, f.ran, f.into = map[string]bool{}, map[*source.File]*chart{}, map[string]bool{}, map[string]bool{}
		f.reads, f.functions, f.files = e.marks.reads, e.flaws, e.files
		for _, c := range f.chart.all() {
			for i := range c.templates {
				f.of[&c.templates[i]] = c
			}
		}
	}
	f.astray = append(append(f.astray, f.strayed(e)...), f.refusable(e)...)
	for _, r := range e.marks.reads {
		if e.come[r.id] {
			f.came[placeKey(r)] = true
		}
	}
	f.failed = append(f.failed, e.failed...)
	for _, c := range e.marks.calls {
		if e.root.Lookup(c.name) != nil {
			f.own = f.own || strings.HasPrefix(c.name, f.chart.name+".")
			continue
		}
		f.calls = append(f.calls, c)
		f.ran[c.name] = f.ran[c.name] || e.come[c.id]
	}
}

// refusing are the keys of manifests that take no nothing: what is rendered
// empty there is refused, or breaks what it names
// (https://kubernetes.io/docs/reference/kubernetes-api/).
var refusing = map[string]bool{
	"image": true, "containerPort": true, "port": true, "targetPort": true, "claimName": true, "mountPath": true, "number": true,
	"storage": true, "schedule": true, "secretName": true, "configMapName": true,
}

// flaws returns what no values define and what suffers by it.
func (f *findings) flaws(ctx context.Context) ([]fact.Flaw, error) {
	flaws := append(f.templates(), f.functions...)
	flaws = append(flaws, worst(f.astray)...)
	if len(f.layers) == 0 {
		return flaws, nil // all of its values are given elsewhere
	}
	flaws = append(flaws, f.twice()...)
	all, handing := leaves(f.layers), f.handing()
	var found []fact.Flaw
	seen := map[string]bool{}
	for _, r := range f.reads {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := f.of[r.file]
		if c == nil || !c.own || c != f.chart || f.ofDependency(r.path) {
			continue // what is given to a chart that others depend on is told where it is rendered by itself
		}
		if handing && f.files[r.in] == nil {
			continue // its callers may hand it values of their own
		}
		missing := f.missing(r.path)
		if missing == 0 || seen[placeKey(r)] {
			continue
		}
		seen[placeKey(r)] = true
		if flaw, ok := f.judge(r, missing, all); ok {
			found = append(found, flaw)
		}
	}
	// A path that many templates read is told of once, where it does most harm.
	slices.SortStableFunc(found, func(a, b fact.Flaw) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(harm(b), harm(a)), a.At.Compare(b.At))
	})
	found = slices.CompactFunc(found, func(a, b fact.Flaw) bool { return a.Name == b.Name })
	for _, flaw := range found {
		if (flaw.Fatal || f.into[flaw.Name] || !f.noted(flaw.Name)) && !f.elsewhere(strings.Split(flaw.Name, ".")) {
			flaws = append(flaws, flaw)
		}
	}
	return flaws, nil
}

// worst returns the flaws, each place once, as it is with the values with which
// it does most harm.
func worst(all []fact.Flaw) []fact.Flaw {
	slices.SortStableFunc(all, func(a, b fact.Flaw) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Name, b.Name), cmp.Compare(harm(b), harm(a)))
	})
	return slices.CompactFunc(all, func(a, b fact.Flaw) bool { return a.At == b.At && a.Name == b.Name })
}

// noted reports whether a comment of a file of values tells of the key, as of one
// that may be set.
func (f *findings) noted(dotted string) bool {
	name := dotted[strings.LastIndexByte(dotted, '.')+1:]
	comment, err := regexp.Compile(`(?m)#[# \t-]*` + regexp.QuoteMeta(name) + `:`)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(f.layers, func(l layer) bool {
		file, err := f.tree.Read(l.file)
		return err == nil && comment.Match(file.Data)
	})
}

// handing reports whether a template makes up what others have for the values of
// the chart: dict "Values" .Values.worker.
func (f *findings) handing() bool {
	return slices.ContainsFunc(f.chart.templates, func(file source.File) bool {
		return bytes.Contains(file.Data, []byte(`"Values"`)) || bytes.Contains(file.Data, []byte(`.Values "`)) && bytes.Contains(file.Data, []byte("mergeOverwrite"))
	})
}

// harm orders flaws of one path.
func harm(f fact.Flaw) int {
	switch {
	case f.Fatal:
		return 3
	case !f.Doubt:
		return 2
	case f.Near != "":
		return 1
	}
	return 0
}

// templates returns the templates that are called and not defined. Where a chart
// that could define them is missing, they are those that bear this chart's name.
func (f *findings) templates() []fact.Flaw {
	partial := slices.ContainsFunc(f.chart.all(), func(c *chart) bool { return c.partial })
	var flaws []fact.Flaw
	told := map[string]bool{}
	for _, c := range f.calls {
		if told[c.name] || partial && !(f.own && strings.HasPrefix(c.name, f.chart.name+".")) {
			continue
		}
		told[c.name] = true
		flaw := fact.Flaw{
			Kind: fact.Undefined, Name: c.name, At: c.at, Fatal: f.ran[c.name], Doubt: !f.ran[c.name],
			What: "no template of that name is defined",
		}
		if flaw.Fatal {
			flaw.What += ", so that the chart cannot be rendered"
		}
		flaws = append(flaws, flaw)
	}
	return flaws
}

// missing returns how many names of a path lead to what no values define; 0
// where they define it, or leave it open.
func (f *findings) missing(keys []string) int {
	for _, g := range f.given {
		n := min(len(g.keys), len(keys))
		if slices.Equal(g.keys[:n], keys[:n]) {
			return 0
		}
	}
	deepest := 0
	for _, l := range f.layers {
		n := l.root
		for i, key := range keys {
			next := n.Get(key)
			if n.KeyAt(key).IsZero() {
				if i > 0 && (len(n.Pairs()) == 0 || !n.IsMap()) {
					return 0 // an empty mapping is there to be filled; into all else no path leads
				}
				deepest = max(deepest, i+1)
				break
			}
			if i == len(keys)-1 {
				return 0
			}
			n = next
		}
	}
	return deepest
}

// isRead reports whether a template reads a path, or takes whole what it is in.
func (f *findings) isRead(keys []string) bool {
	for _, r := range f.reads {
		n := min(len(r.path), len(keys))
		if slices.Equal(r.path[:n], keys[:n]) && (len(r.path) >= len(keys) || r.use != asked) {
			return true
		}
	}
	return false
}

// askedFor reports whether a template asks whether a path is there.
func (f *findings) askedFor(keys []string) bool {
	return slices.ContainsFunc(f.reads, func(r read) bool { return r.use != printed && slices.Equal(r.path, keys) })
}

// judge tells whether the lack of a path is a flaw.
func (f *findings) judge(r read, missing int, all []leaf) (fact.Flaw, bool) {
	dotted := strings.Join(r.path, ".")
	flaw := fact.Flaw{
		Kind: fact.Undefined, Name: dotted, At: r.at,
		What: "no values file of the chart defines " + strings.Join(r.path[:missing], "."),
	}
	came := f.came[placeKey(r)]
	for _, failed := range f.failed {
		if failed.read.where == r.where && slices.Equal(failed.read.path, r.path) && failed.chart == f.chart {
			flaw.Fatal = true
		}
	}
	if flaw.Fatal {
		flaw.What += ", so that the chart cannot be rendered"
	}
	near, ok := f.near(r, missing, all, came)
	if !ok {
		near, ok = f.spare(r, missing, all)
	}
	if ok {
		flaw.Near, flaw.Other = strings.Join(near.path, "."), near.at
		flaw.Doubt = !flaw.Fatal && (!came || r.use != printed || !spelling.Near(near.path[len(near.path)-1], r.path[len(r.path)-1]) && near.path[len(near.path)-1] != r.path[len(r.path)-1])
		return flaw, true
	}
	if told[r.path[len(r.path)-1]] {
		return fact.Flaw{}, false
	}
	if l, ok := f.within(r, missing, all); ok {
		flaw.Near, flaw.Other, flaw.Doubt = strings.Join(l.path, "."), l.at, !flaw.Fatal
		return flaw, true
	}
	if flaw.Fatal {
		// Values of which not even the section is there are most likely handed to it
		// where it is deployed.
		flaw.Doubt = missing == 1 && len(r.path) > 1
		return flaw, true
	}
	if r.use == printed && !came && missing < len(r.path) && missing > 1 && !f.askedFor(r.path[:missing]) && !f.noted(strings.Join(r.path[:missing], ".")) {
		f.into[dotted] = true
		flaw.What += ", so that the chart cannot be rendered where this is come to"
		flaw.Doubt = true
		return flaw, true
	}
	if r.use != printed || !came {
		return fact.Flaw{}, false
	}
	s := slotOf(r.file.Data, r.pos)
	switch {
	case s.name != "" && s.whole:
		flaw.What += ", so that " + s.name + " is empty"
		flaw.Variable = s.name
	case refusing[s.key]:
		flaw.What += ", so that " + s.key + " lacks it"
	default:
		return fact.Flaw{}, false
	}
	flaw.Doubt = true
	return flaw, true
}

// told are the names of what is told when a chart is installed, as the image
// that a pipeline has just built is: that no file has them says nothing.
var told = map[string]bool{
	"tag": true, "repository": true, "sha": true, "digest": true, "version": true, "commit": true, "revision": true, "build": true,
	"registry": true, "deployTime": true, "timestamp": true, "releaseTime": true, "buildNumber": true, "imageTag": true, "image": true,
}

// elsewhere reports whether something else in the tree speaks of the path as of
// a value that it sets: a script, a pipeline, another tool's file.
func (f *findings) elsewhere(keys []string) bool {
	dotted := []byte(strings.Join(keys, "."))
	for _, t := range speaking(f.tree) {
		if strings.HasPrefix(t.name, path.Join(f.chart.dir, "templates")+"/") {
			continue
		}
		for data := t.text; ; {
			i := bytes.Index(data, dotted)
			if i < 0 {
				break
			}
			after := byte('\n')
			if i+len(dotted) < len(data) {
				after = data[i+len(dotted)]
			}
			before := byte('\n')
			if i > 0 {
				before = data[i-1]
			}
			if len(keys) > 1 && before != '.' && strings.IndexByte("=\"'` :|\n[", after) >= 0 || after == '=' && strings.IndexByte(" ,\"'", before) >= 0 {
				return true
			}
			data = data[i+len(dotted):]
		}
	}
	return false
}
