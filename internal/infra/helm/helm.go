// Package helm reads charts: the templates are rendered with each set of values
// that the tree tells of, in this process, without anything from outside of the
// chart, and what they make is read as manifests are, each line at the place of
// the template that made it.
package helm

import (
	"context"
	"errors"
	"path"
	"regexp"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/kube"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Composer reads charts.
type Composer struct{}

var _ infra.Composer = Composer{}

// Format returns "helm".
func (Composer) Format() string { return "helm" }

// Begins reports whether the path is that of a Chart.yaml.
func (Composer) Begins(name string) bool { return path.Base(name) == "Chart.yaml" }

// Compose renders the chart with each of its sets of values. A chart of
// templates alone (a library) makes up nothing.
func (Composer) Compose(ctx context.Context, tree infra.Tree, root source.File) ([]infra.Composition, error) {
	l := loader{ctx: ctx, tree: tree}
	c, err := l.load(root, 0)
	if err != nil || c == nil {
		return nil, err
	}
	made := infra.Composition{Whole: true, Cluster: true, Definition: fact.Definition{File: root.Path, Format: "helm"}}
	for _, each := range c.all() {
		made.Parts = append(made.Parts, each.parts...)
		for _, values := range each.layers {
			made.Parts = append(made.Parts, values.file)
		}
		made.Unread = append(made.Unread, each.unread...)
	}
	if c.library {
		return []infra.Composition{made}, nil
	}
	sets, unread := l.settings(c)
	made.Unread = append(made.Unread, unread...)
	seen := findings{chart: c, tree: tree, layers: c.layers}
	for _, set := range sets {
		seen.layers = append(seen.layers, set.layers...)
		seen.given = append(seen.given, set.given...)
	}
	var all []infra.Composition
	for _, set := range sets {
		one := made
		one.Environment = set.name
		one.Parts = append(one.Parts[:len(one.Parts):len(one.Parts)], set.parts()...)
		one.Unread = append([]source.Unread(nil), made.Unread...)
		made.Unread = nil // said once
		e := newEngine(ctx, c)
		if err := e.render(c, set, &one.Definition); err != nil {
			return nil, err
		}
		one.Unread = append(one.Unread, e.unread...)
		seen.note(e)
		all = append(all, one)
	}
	flaws, err := seen.flaws(ctx)
	if err == nil {
		var off []fact.Flaw
		off, err = switched(ctx, c, all)
		flaws = append(flaws, off...)
	}
	if len(all) > 0 {
		all[0].Flaws = append(all[0].Flaws, flaws...)
	}
	return all, err
}

// maxGiven is how many missing values are filled in, one after the other, so
// that the rest of the chart can be read.
const maxGiven = 40

// render adds what the chart makes with a set of values to def.
func (e *engine) render(c *chart, set setting, def *fact.Definition) error {
	values := merge(c, set.layers)
	for _, g := range set.given {
		if v, ok := at(values, g.keys); !ok || v == nil || !g.guess {
			give(values, g.keys, g.value)
		}
	}
	var stopped error
	filled := 0
	layers := append(append([]layer(nil), c.layers...), set.layers...)
	e.walk(c, c.name, e.top(c, values, c.name), func(in *chart, name string, file *source.File, data map[string]any) bool {
		for {
			s, err := e.execute(e.root.Lookup(name), data)
			if err == nil {
				e.read(rendered{file: file, stands: in.stands, text: []byte(clean(s.out.String())), lines: s.lines(&e.marks)}, layers, def)
				return true
			}
			e.sheets, e.budget.depth = nil, 0
			if ctx := e.budget.ctx.Err(); ctx != nil {
				stopped = ctx
				return false
			}
			if errors.Is(err, errBound) || errors.Is(err, errDepth) {
				reason := errBound
				if errors.Is(err, errDepth) {
					reason = errDepth
				}
				e.unread = append(e.unread, source.Unread{At: e.placeOf(err, file), Reason: reason.Error(), Broken: true})
				return false // what is left of the bounds is not enough for the rest
			}
			inner, _ := data["Values"].(map[string]any)
			if filled++; filled > maxGiven || !e.fill(in, err, inner) {
				e.unread = append(e.unread, source.Unread{At: e.placeOf(err, file), Reason: "the template cannot be rendered with the values of the tree"})
				return true
			}
		}
	})
	hide(def)
	return stopped
}

// located is where an error of text/template says that it is: the last of those
// in one another is the innermost.
var located = regexp.MustCompile(`template: (\S+?):(\d+)(?::(\d+))?:(?: executing|)`)

// location returns the place that an error tells, as text/template has it.
func location(err error) (name string, line int, where string) {
	found := located.FindAllStringSubmatch(err.Error(), -1)
	if len(found) == 0 {
		return "", 0, ""
	}
	m := found[len(found)-1]
	line, _ = strconv.Atoi(m[2]) // the pattern says that it is a number
	where = m[1] + ":" + m[2]
	if m[3] != "" {
		where += ":" + m[3]
	}
	return m[1], line, where
}

func placeOf(err error, file *source.File) source.Span {
	_, line, _ := location(err)
	return source.Span{File: file.Path, Line: line}
}

func (e *engine) placeOf(err error, file *source.File) source.Span {
	name, line, _ := location(err)
	if in := e.files[name]; in != nil {
		return source.Span{File: in.Path, Line: line}
	}
	return source.Span{File: file.Path}
}

// fill gives the value for the lack of which a template could not be rendered,
// so that the rest of it can. It is false where that is not the reason.
func (e *engine) fill(c *chart, err error, values map[string]any) bool {
	_, _, where := location(err)
	for i := range e.marks.reads {
		r := &e.marks.reads[i]
		if r.where != where && !strings.HasPrefix(r.where, where+":") {
			continue
		}
		if e.lack(c, r, values) {
			return true
		}
	}
	// The error may stand at the function that the value was handed to.
	node, line := -1, 0
	if name, l, _ := location(err); e.files[name] != nil {
		line = l
		for i := range e.marks.reads {
			r := &e.marks.reads[i]
			if r.file == e.files[name] && r.at.Line == line && (node < 0 || r.id == node) && e.lack(c, r, values) {
				return true
			}
		}
	}
	return false
}

// lack fills in the first part of the path of a read that is not there.
func (e *engine) lack(c *chart, r *read, values map[string]any) bool {
	for i := 1; i <= len(r.path); i++ {
		if v, _ := at(values, r.path[:i]); v != nil {
			continue
		}
		var stand any = madeUp
		if i < len(r.path) {
			stand = map[string]any{}
			e.failed = append(e.failed, failure{read: *r, chart: c, missing: i})
		}
		return give(values, r.path[:i], stand)
	}
	return false
}

// failure is a read that made the rendering fail.
type failure struct {
	read    read
	chart   *chart
	missing int // how many names of the path lead to what is not there
}

// read adds the objects of a rendered file to def.
func (e *engine) read(r rendered, layers []layer, def *fact.Definition) {
	if strings.TrimSpace(string(r.text)) == "" {
		return
	}
	at := func(line int) source.Span {
		if line >= 1 && line <= len(r.lines) && !r.lines[line-1].at.IsZero() {
			return r.lines[line-1].at
		}
		if !r.stands.IsZero() {
			return r.stands
		}
		return source.Span{File: r.file.Path}
	}
	defer func(before int) {
		if !r.stands.IsZero() {
			e.unread = e.unread[:before] // what its templates lack is none of the tree's
		}
	}(len(e.unread))
	docs, err := yaml.ParseAt(source.File{Path: r.file.Path, Data: r.text}, at)
	if err != nil {
		place := source.Span{File: r.file.Path}
		var broken *yaml.Error
		if errors.As(err, &broken) {
			place = broken.At
		}
		e.unread = append(e.unread, source.Unread{At: place, Reason: "what the template makes is no YAML"})
		return
	}
	workloads, sets := len(def.Workloads), len(def.Sets)
	for _, doc := range docs {
		if !strings.Contains(doc.Root.Get("metadata", "annotations", "helm.sh/hook").Text(), "test") {
			kube.Object(def, doc.Root)
		}
	}
	for i := range def.Workloads[workloads:] {
		e.trace(def.Workloads[workloads+i].Supplies, layers, r.stands)
	}
	for i := range def.Sets[sets:] {
		e.trace(def.Sets[sets+i].Supplies, layers, r.stands)
	}
}

// trace places variables whose names a template takes from the values where
// these say them.
func (e *engine) trace(supplies []fact.Supply, layers []layer, stands source.Span) {
	for i := range supplies {
		s := &supplies[i]
		if !stands.IsZero() {
			if at, _ := said(layers, s.Name); !at.IsZero() {
				s.At = at
			}
			continue
		}
		var line string
		for _, file := range e.files {
			if file.Path == s.At.File {
				line = file.Line(s.At.Line)
				break
			}
		}
		if strings.Contains(line, s.Name) || !strings.Contains(line, "{{") {
			continue
		}
		if at, ok := said(layers, s.Name); ok {
			s.At = at
		}
	}
}

// hide marks the values that are made up when the chart is installed.
func hide(def *fact.Definition) {
	cover := func(supplies []fact.Supply) {
		for i := range supplies {
			if strings.Contains(supplies[i].Value.Reveal(), madeUp) {
				supplies[i].Value = fact.Unknowable("it is given or made up when the chart is installed")
			}
		}
	}
	for i := range def.Workloads {
		cover(def.Workloads[i].Supplies)
	}
	for i := range def.Sets {
		cover(def.Sets[i].Supplies)
	}
}
