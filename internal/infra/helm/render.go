package helm

import (
	"context"
	"errors"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// engine renders the templates of a chart, as Helm does
// (https://helm.sh/docs/chart_template_guide/), and notes where each line that
// it makes comes from.
type engine struct {
	budget budget
	marks  marks
	root   *template.Template
	files  map[string]*source.File // by the name of the template
	unread []source.Unread
	sheets []*sheet
	come   map[int]bool // the nodes that were come to, by their mark
	failed []failure
	flaws  []fact.Flaw
}

// rendered is what one file of templates made.
type rendered struct {
	file   *source.File
	stands source.Span // where what stands for another chart is placed
	text   []byte
	lines  []line
}

var errDepth = errors.New("its templates call each other more than 200 deep")

func newEngine(ctx context.Context, c *chart) *engine {
	e := &engine{budget: budget{ctx: ctx}, files: map[string]*source.File{}, come: map[int]bool{}}
	functions := e.budget.functions()
	functions[mark] = e.mark
	functions["nothing_of_rehearse"] = func() any { return nil }
	functions["include"] = e.include
	functions["tpl"] = e.tpl
	functions["required"] = func(_ string, v any) any {
		if v == nil || v == "" {
			return madeUp // it is given when the chart is installed
		}
		return v
	}
	functions["fail"] = func(string) string { return "" } // as helm lint does
	e.root = template.New("").Option("missingkey=zero").Funcs(functions)
	// The templates of a chart go before those of the same name that it depends on.
	e.parse(c, c.name)
	for _, one := range c.all() {
		e.lean(one)
	}
	return e
}

// parse reads the templates of the chart and of those that it depends on: the
// deeper first, so that the others replace them.
func (e *engine) parse(c *chart, prefix string) {
	for _, sub := range c.charts {
		e.parse(sub, path.Join(prefix, "charts", sub.name))
	}
	for i := range c.templates {
		file := &c.templates[i]
		name := path.Join(prefix, below(c.dir, file.Path))
		before := map[string]*template.Template{}
		trees := map[string]any{}
		for _, t := range e.root.Templates() {
			before[t.Name()], trees[t.Name()] = t, t.Tree
		}
		if _, err := e.root.New(name).Parse(string(file.Data)); err != nil {
			if m := noFunction.FindStringSubmatch(err.Error()); m != nil && c.own {
				e.flaws = append(e.flaws, fact.Flaw{
					Kind: fact.Undefined, Name: m[1], At: placeOf(err, file), Fatal: true,
					What: "the template calls a function of that name, which Helm does not have, so that the chart cannot be rendered",
				})
				continue
			}
			e.unread = append(e.unread, source.Unread{At: placeOf(err, file), Reason: "is no template that Helm can parse", Broken: true})
			continue
		}
		e.files[name] = file
		for _, t := range e.root.Templates() {
			if _, known := before[t.Name()]; !known || trees[t.Name()] != t.Tree {
				said := file
				if !c.stands.IsZero() {
					said = nil // its lines stand in no file of the tree
				}
				e.marks.instrument(t, said)
			}
		}
	}
}

// noFunction is what text/template says of a function that there is none of.
var noFunction = regexp.MustCompile(`function "(\w+)" not defined`)

func (e *engine) mark(id int) (string, error) {
	e.come[id] = true
	e.sheets[len(e.sheets)-1].mark(id)
	return "", e.budget.step(1)
}

// execute runs a template onto a sheet of its own.
func (e *engine) execute(t *template.Template, data any) (*sheet, error) {
	if e.budget.depth >= maxIncludes {
		return nil, errDepth
	}
	e.budget.depth++
	s := &sheet{budget: &e.budget}
	e.sheets = append(e.sheets, s)
	err := t.Execute(s, data)
	e.sheets = e.sheets[:len(e.sheets)-1]
	e.budget.depth--
	return s, err
}

func (e *engine) include(name string, data any) (string, error) {
	t := e.root.Lookup(name)
	if t == nil {
		return "", nil // it is of a chart that is not in the tree
	}
	s, err := e.execute(t, data)
	if err != nil {
		return "", err
	}
	if above := len(e.sheets) - 1; above >= 0 && len(e.sheets[above].events) > 0 {
		last := &e.sheets[above].events[len(e.sheets[above].events)-1]
		last.included = append(last.included, s.lines(&e.marks)...)
	}
	return clean(s.out.String()), nil
}

// tpl runs a text as a template.
func (e *engine) tpl(text string, data any) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	if err := e.budget.step(500 + len(text)); err != nil {
		return "", err
	}
	copied, err := e.root.Clone()
	if err != nil {
		return "", err
	}
	t, err := copied.New("tpl").Parse(text)
	if err != nil {
		return "", errors.New("a value is no template")
	}
	e.marks.instrument(t, nil)
	s, err := e.execute(t, data)
	if err != nil {
		return "", err
	}
	return clean(s.out.String()), nil
}

// clean takes away what text/template writes for what is not there, as Helm
// does.
func clean(text string) string { return strings.ReplaceAll(text, "<no value>", "") }

// top returns what the templates of a chart see.
func (e *engine) top(c *chart, values map[string]any, release string) map[string]any {
	info := map[string]any{}
	for _, pair := range c.root.Pairs() {
		name := pair.Name()
		if name == "" {
			continue
		}
		info[strings.ToUpper(name[:1])+name[1:]] = text(plain(pair.Value))
	}
	info["IsRoot"] = true
	return map[string]any{
		"Chart":  info,
		"Values": values,
		"Release": map[string]any{
			"Name": release, "Namespace": "default", "IsInstall": true, "IsUpgrade": false, "Revision": 1, "Service": "Helm",
		},
		"Capabilities": capabilities(),
		"Files":        folder{c},
		"Subcharts":    map[string]any{},
	}
}

// text makes texts of the numbers of a Chart.yaml: a version is none.
func text(v any) any {
	if f, ok := v.(float64); ok {
		return toYAML(f)
	}
	return v
}

// walk renders every template of the chart and of those that it depends on and
// that are switched on.
func (e *engine) walk(c *chart, prefix string, top map[string]any, each func(*chart, string, *source.File, map[string]any) bool) bool {
	values, _ := top["Values"].(map[string]any)
	for i := range c.templates {
		file := &c.templates[i]
		if strings.HasPrefix(path.Base(file.Path), "_") || c.library || path.Ext(file.Path) == ".tpl" {
			continue
		}
		name := path.Join(prefix, below(c.dir, file.Path))
		data := maps.Clone(top)
		data["Template"] = map[string]any{"Name": name, "BasePath": path.Join(prefix, "templates")}
		if e.files[name] != nil && !each(c, name, file, data) {
			return false
		}
	}
	release, _ := at(top, []string{"Release", "Name"})
	for _, sub := range c.charts {
		if !enabled(sub.condition, values) {
			continue
		}
		own, _ := values[sub.name].(map[string]any)
		name, _ := release.(string)
		if !e.walk(sub, path.Join(prefix, "charts", sub.name), e.top(sub, own, name), each) {
			return false
		}
	}
	return true
}

// enabled reports whether a chart is switched on: the first path of its
// condition that is a boolean says so.
func enabled(condition []string, values map[string]any) bool {
	for _, c := range condition {
		if v, ok := at(values, strings.Split(c, ".")); ok {
			if on, isBool := v.(bool); isBool {
				return on
			}
		}
	}
	return true
}

// merge returns the values that a chart is rendered with: those of the layers
// over its own, with what they say for the charts that it depends on.
func merge(c *chart, layers []layer) map[string]any {
	values := map[string]any{}
	for _, l := range append(slices.Clone(c.layers), layers...) {
		if m, ok := plain(l.root).(map[string]any); ok {
			values = overlay(values, m)
		}
	}
	coalesce(c, values)
	return values
}

func coalesce(c *chart, values map[string]any) {
	global, _ := values["global"].(map[string]any)
	for _, sub := range c.charts {
		own, ok := values[sub.name].(map[string]any)
		if !ok {
			own = map[string]any{}
			values[sub.name] = own
		}
		for _, l := range sub.layers {
			if m, ok := plain(l.root).(map[string]any); ok {
				underlay(own, m)
			}
		}
		if global != nil {
			below, ok := own["global"].(map[string]any)
			if !ok {
				below = map[string]any{}
				own["global"] = below
			}
			overlay(below, clone(global).(map[string]any))
		} else if own["global"] == nil {
			own["global"] = map[string]any{}
		}
		coalesce(sub, own)
	}
	if values["global"] == nil {
		values["global"] = map[string]any{}
	}
}
