package pattern

import (
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// exports returns the names under which the file gives all variables to other
// modules.
func (g *Reading) exports() []fact.Accessor {
	var found []fact.Accessor
	for _, m := range g.found["export"] {
		set, ok := g.objects[m.Node("object").ID()]
		if ok && set["phase"] == "" && len(found) < maxAccessors {
			found = append(found, fact.Accessor{Name: m.Node("name").Text(), Module: module(g.File.Tree.File.Path), Variable: -1, Default: -1})
		}
	}
	return found
}

// imports takes what the file imports from such modules for all variables.
func (g *Reading) imports(accessors []fact.Accessor) {
	for _, m := range g.found["import"] {
		source := m.Node("source").Text()
		if !strings.Contains(source, "/") {
			continue // a package
		}
		for _, a := range accessors {
			if a.Module == "" || a.Module != module(source) || a.Name != m.Node("name").Text() {
				continue
			}
			if g.objects == nil {
				g.objects = map[syntax.ID]map[string]string{}
			}
			g.objects[m.Node("local").ID()] = map[string]string{}
		}
	}
}

// module is the name by which others import a file: that of the file without its
// ending, of an index that of its folder.
func module(file string) string {
	base := path.Base(file)
	for _, ending := range []string{".ts", ".js", ".tsx", ".jsx", ".mjs", ".cjs", ".mts", ".cts"} {
		if name, ok := strings.CutSuffix(base, ending); ok {
			base = name
			break
		}
	}
	if dir := path.Dir(file); base == "index" && dir != "." {
		return path.Base(dir)
	}
	return base
}
