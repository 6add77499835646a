package helm

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// setting is one set of values that a chart is installed with.
type setting struct {
	name   string // of what tells the environment; "" for the chart's own values
	layers []layer
	given  []given
}

// given is a value that a command line sets.
type given struct {
	keys  []string
	value any
	guess bool // what it is told is not in the tree
}

func (s setting) parts() []string {
	var files []string
	for _, l := range s.layers {
		files = append(files, l.file)
	}
	return files
}

// settings returns the sets of values of a chart: its own, each file of values
// beside them, and what commands and definitions of releases in the tree name.
func (l *loader) settings(c *chart) ([]setting, []source.Unread) {
	before := len(c.unread)
	commands := l.commands(c)
	var all []setting
	claimed := map[string]bool{}
	for _, command := range commands {
		for _, file := range command.files {
			claimed[file] = true
		}
	}
	for _, name := range l.valuesFiles(c) {
		if claimed[name] {
			continue
		}
		root := l.values(c, name)
		if root == nil || !related(c, root) {
			continue
		}
		all = append(all, setting{name: environmentOf(c, name), layers: []layer{{name, root}}})
	}
	var given []given
	for _, command := range commands {
		given = append(given, command.given...)
		if len(command.files) == 0 {
			continue
		}
		s := setting{name: environmentOf(c, command.files[len(command.files)-1])}
		for _, file := range command.files {
			if root := l.values(c, file); root != nil {
				s.layers = append(s.layers, layer{file, root})
			}
		}
		same := func(o setting) bool { return slices.Equal(o.parts(), s.parts()) }
		if len(s.layers) > 0 && !slices.ContainsFunc(all, same) {
			all = append(all, s)
		}
	}
	if len(all) > maxSettings {
		all = all[:maxSettings]
		c.unread = append(c.unread, source.Unread{At: c.rootAt, Reason: "has more than 24 files of values, of which the others are not read"})
	}
	if !slices.ContainsFunc(all, func(s setting) bool { return s.name == "" }) {
		all = append([]setting{{}}, all...)
	}
	for i := range all {
		all[i].given = given
	}
	unread := slices.Clone(c.unread[before:])
	return all, unread
}

// maxSettings is how many sets of values a chart is rendered with.
const maxSettings = 24

// beside are the names of files of values, around what names the environment.
var beside = regexp.MustCompile(`^(?:values[-._]?(.*)|(.+)[-._]values)\.ya?ml$`)

// valueFolders are the folders of a chart, or beside one, whose files are files
// of values, and those in each of whose folders is one.
var valueFolders = map[string]bool{
	"values": true, "env": true, "envs": true, "environments": true, "environment": true, "overrides": true, "config": true, "configs": true,
}

// valuesFiles returns the files that by their names are values for the chart,
// without its own.
func (l *loader) valuesFiles(c *chart) []string {
	var found []string
	look := func(dir string, deep bool) {
		for _, name := range l.tree.Under(dir) {
			inside := below(dir, name)
			folder, base := path.Dir(inside), path.Base(inside)
			if ext := path.Ext(base); ext != ".yaml" && ext != ".yml" {
				continue
			}
			parts := strings.Split(folder, "/")
			switch {
			case slices.Contains([]string{"templates", "charts", "crds", "ci", "examples", "tests"}, parts[0]):
			case inside == "values.yaml" || inside == "values.yml" || base == "Chart.yaml" || strings.Contains(base, "example"):
			case folder == "." && beside.MatchString(base):
				found = append(found, name)
			case deep && valueFolders[parts[0]] && len(parts) <= 2 && (beside.MatchString(base) || len(parts) == 1):
				found = append(found, name)
			case deep && len(parts) == 1 && beside.MatchString(base) && !l.tree.Has(path.Join(dir, folder, "Chart.yaml")):
				found = append(found, name)
			}
		}
	}
	look(c.dir, true)
	if parent := path.Dir(c.dir); c.dir != "." && !l.tree.Has(path.Join(parent, "Chart.yaml")) {
		for _, name := range l.tree.Under(parent) {
			inside := below(parent, name)
			dir, base := path.Dir(inside), path.Base(inside)
			of := strings.Contains(inside, path.Base(c.dir)) // many charts may share the folder
			if (dir == "." || valueFolders[dir] && of) && beside.MatchString(base) && base != "values.yaml" && !strings.Contains(base, "example") {
				found = append(found, name)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// related reports whether a file gives values that the chart has: one of its
// keys at least.
func related(c *chart, root *yaml.Node) bool {
	if len(c.layers) == 0 {
		return true
	}
	for _, pair := range root.Pairs() {
		if !c.layers[0].root.KeyAt(pair.Name()).IsZero() {
			return true
		}
		for _, sub := range c.charts {
			if sub.name == pair.Name() {
				return true
			}
		}
	}
	return false
}

// environmentOf returns what names the environment of a file of values: what
// stands beside the word in its name, or its folder.
func environmentOf(c *chart, name string) string {
	base := path.Base(name)
	if m := beside.FindStringSubmatch(base); m != nil {
		if word := m[1] + m[2]; word != "" {
			return word
		}
		return path.Base(path.Dir(name))
	}
	return strings.TrimSuffix(base, path.Ext(base))
}
