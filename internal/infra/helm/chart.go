package helm

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// chart is a folder with a Chart.yaml (https://helm.sh/docs/topics/charts/).
type chart struct {
	name      string // under which its parent gives it values: its own name, or an alias
	dir       string
	root      *yaml.Node // of Chart.yaml
	rootAt    source.Span
	tree      infra.Tree
	own       bool // written for this project, as far as the tree tells
	library   bool
	leans     bool             // it depends on the library chart common, which is not in the tree
	stands    source.Span      // of what stands for a chart that is not in the tree: where its values are given
	partial   bool             // something that it is made of is not in the tree, or cannot be read
	templates []source.File    // below templates/, partials too
	layers    []layer          // values.yaml
	twice     []yaml.Duplicate // keys that its files of values give again
	charts    []*chart
	condition []string // dotted paths of which the first that is there switches it on or off
	parts     []string
	unread    []source.Unread
}

const (
	maxCharts = 200 // in one another, all of them
	maxDeep   = 10
)

// loader reads a chart with those that it depends on.
type loader struct {
	ctx   context.Context
	tree  infra.Tree
	count int
}

func (l *loader) load(root source.File, depth int) (*chart, error) {
	docs, _, err := infra.YAML(root)
	if err != nil {
		return nil, err
	}
	if len(docs) == 0 || docs[0].Root.Get("name").Text() == "" {
		return nil, nil
	}
	l.count++
	c := &chart{
		tree: l.tree, name: docs[0].Root.Get("name").Text(), dir: path.Dir(root.Path), root: docs[0].Root,
		rootAt: source.Span{File: root.Path}, library: docs[0].Root.Get("type").Text() == "library", own: true, parts: []string{root.Path},
	}
	if err := l.files(c); err != nil {
		return nil, err
	}
	return c, l.dependencies(c, depth)
}

// files reads what lies in the chart's folder: its templates and its values.
func (l *loader) files(c *chart) error {
	ignored := helmignore(l.tree, c.dir)
	for _, name := range l.tree.Under(c.dir) {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		inside := below(c.dir, name)
		top, _, _ := strings.Cut(inside, "/")
		switch {
		case ignored(inside):
		case inside == "values.yaml" || inside == "values.yml":
			if root := l.values(c, name); root != nil {
				c.layers = append(c.layers, layer{name, root})
			}
		case top == "templates" && inside != top:
			c.parts = append(c.parts, name)
			if !isTemplate(inside) {
				continue
			}
			file, err := l.tree.Read(name)
			switch {
			case err != nil:
				c.partial = true
				c.unread = append(c.unread, source.Unread{At: source.Span{File: name}, Reason: err.Error()})
			case len(file.Data) > maxText:
				c.unread = append(c.unread, source.Unread{At: source.Span{File: name}, Reason: "is a template larger than 1 MiB"})
			default:
				c.templates = append(c.templates, file)
			}
		case top == "crds", inside == "Chart.lock", inside == "requirements.yaml", inside == "requirements.lock":
			c.parts = append(c.parts, name)
		case top == "charts" && strings.HasSuffix(inside, ".tgz"):
			c.partial = true
			c.unread = append(c.unread, source.Unread{At: source.Span{File: name}, Reason: "is a chart in an archive, which is not read"})
		}
	}
	return nil
}

// isTemplate reports whether Helm renders a file of templates/, or takes
// definitions from it. The notes are for people.
func isTemplate(inside string) bool {
	base := path.Base(inside)
	if base == "NOTES.txt" || strings.HasPrefix(base, ".") || strings.HasPrefix(inside, "templates/tests/") {
		return false
	}
	switch path.Ext(base) {
	case ".yaml", ".yml", ".tpl", ".json":
		return true
	}
	return false
}

// values reads a file of values; nil where it is none.
func (l *loader) values(c *chart, name string) *yaml.Node {
	file, err := l.tree.Read(name)
	if err != nil {
		c.unread = append(c.unread, source.Unread{At: source.Span{File: name}, Reason: err.Error()})
		return nil
	}
	docs, unread, err := infra.YAML(file)
	if err != nil {
		at := source.Span{File: name}
		if broken, ok := err.(*infra.Error); ok {
			at = broken.At
		}
		c.unread = append(c.unread, source.Unread{At: at, Reason: err.Error(), Broken: true})
		return nil
	}
	c.unread = append(c.unread, unread...)
	if len(docs) == 0 {
		return yaml.Map(source.Span{File: name})
	}
	c.twice = append(c.twice, docs[0].Duplicates...)
	if !docs[0].Root.IsMap() || docs[0].Root.Size() > maxWeight {
		return nil
	}
	return docs[0].Root
}

// dependencies loads the charts that c depends on, as far as they are in the
// tree: in its folder charts, or where a file:// says. Others are listed.
func (l *loader) dependencies(c *chart, depth int) error {
	if depth >= maxDeep {
		return &infra.Error{At: c.rootAt, Reason: "its charts are in one another too deep"}
	}
	wanted := c.root.Get("dependencies").Items()
	if old := path.Join(c.dir, "requirements.yaml"); len(wanted) == 0 && l.tree.Has(old) {
		if file, err := l.tree.Read(old); err == nil {
			if docs, _, err := infra.YAML(file); err == nil && len(docs) > 0 {
				wanted = docs[0].Root.Get("dependencies").Items()
			}
		}
	}
	var used []string
	for _, d := range wanted {
		name, repository := d.Get("name").Text(), d.Get("repository").Text()
		if name == "" {
			continue
		}
		dir := l.find(c, name)
		local, isLocal := strings.CutPrefix(repository, "file://")
		if dir == "" && isLocal {
			dir = path.Join(c.dir, local)
		}
		root := path.Join(dir, "Chart.yaml")
		if dir == "" || !l.tree.Has(root) {
			c.partial = true
			c.leans = c.leans || name == "common"
			c.unread = append(c.unread, source.Unread{At: d.At, Reason: "depends on the chart " + name + ", which is not in the tree"})
			if sub := l.standIn(c, name, repository); sub != nil {
				sub.name = cmp.Or(d.Get("alias").Text(), name)
				sub.condition = splitConditions(d.Get("condition").Text())
				c.charts = append(c.charts, sub)
			}
			continue
		}
		used = append(used, dir)
		sub, err := l.sub(root, depth)
		if err != nil {
			return err
		}
		if sub == nil {
			continue
		}
		if alias := d.Get("alias").Text(); alias != "" {
			sub.name = alias
		}
		sub.condition = splitConditions(d.Get("condition").Text())
		sub.own = c.own && (repository == "" || isLocal)
		c.charts = append(c.charts, sub)
	}
	for _, name := range l.tree.Under(path.Join(c.dir, "charts")) {
		inside := below(path.Join(c.dir, "charts"), name)
		dir := path.Dir(name)
		if path.Base(inside) != "Chart.yaml" || strings.Count(inside, "/") != 1 || slices.Contains(used, dir) {
			continue
		}
		sub, err := l.sub(name, depth)
		if err != nil {
			return err
		}
		if sub != nil {
			sub.own = c.own
			c.charts = append(c.charts, sub)
		}
	}
	return nil
}

func (l *loader) sub(root string, depth int) (*chart, error) {
	if l.count >= maxCharts {
		return nil, &infra.Error{At: source.Span{File: root}, Reason: "is one of more than 200 charts of a chart"}
	}
	file, err := l.tree.Read(root)
	if err != nil {
		return nil, &infra.Error{At: source.Span{File: root}, Reason: err.Error()}
	}
	return l.load(file, depth+1)
}

// find returns the folder of a chart of that name in the folder charts.
func (l *loader) find(c *chart, name string) string {
	dir := path.Join(c.dir, "charts", name)
	if l.tree.Has(path.Join(dir, "Chart.yaml")) {
		return dir
	}
	return ""
}

func splitConditions(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// all returns the chart and those that it depends on.
func (c *chart) all() []*chart {
	charts := []*chart{c}
	for _, sub := range c.charts {
		charts = append(charts, sub.all()...)
	}
	return charts
}

// below returns a file as seen from a folder that it is in.
func below(dir, name string) string {
	if dir == "." {
		return name
	}
	return strings.TrimPrefix(name, dir+"/")
}

// helmignore returns what a chart's .helmignore leaves out. Its patterns are
// those of the shell; of the rest (negations) nothing is left out
// (https://helm.sh/docs/chart_template_guide/helm_ignore_file/).
func helmignore(tree infra.Tree, dir string) func(string) bool {
	var patterns []string
	if name := path.Join(dir, ".helmignore"); tree.Has(name) {
		if file, err := tree.Read(name); err == nil {
			for line := range strings.Lines(string(file.Data)) {
				if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line[0] != '!' {
					patterns = append(patterns, strings.Trim(line, "/"))
				}
			}
		}
	}
	return func(inside string) bool {
		for at := inside; at != "."; at = path.Dir(at) {
			for _, p := range patterns {
				whole, _ := path.Match(p, at)
				base, _ := path.Match(p, path.Base(at))
				if whole || base && !strings.Contains(p, "/") {
					return true
				}
			}
		}
		return false
	}
}
