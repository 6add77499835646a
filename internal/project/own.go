package project

import (
	"slices"
	"strings"
)

// own divides the files among the components.
func (d *discovery) own() {
	byDir := map[string][]*Component{}
	for _, c := range d.found {
		byDir[rootless(c.Dir)] = append(byDir[rootless(c.Dir)], c)
	}
	owners := map[string][]*Component{} // of a folder: the components of the nearest one above
	var nearest func(dir string) []*Component
	nearest = func(dir string) []*Component {
		if found, ok := owners[dir]; ok {
			return found
		}
		found := byDir[dir]
		if len(found) == 0 && dir != "" {
			found = nearest(dirOf(dir))
		}
		owners[dir] = found
		return found
	}
	imported := map[string][]*Component{} // by Go file
	for c, files := range d.goFiles {
		for _, file := range files {
			imported[file] = append(imported[file], c)
		}
	}
	own := map[*Component][]*File{}
	for _, f := range d.Files {
		language := Language(f.Path)
		if language == "go" {
			for _, c := range imported[f.Path] {
				own[c] = append(own[c], f)
			}
			continue
		}
		candidates := nearest(dirOf(f.Path))
		// A library beside what runs (a package.json for the assets of a site)
		// keeps nothing to itself.
		spoken := language != "" && slices.ContainsFunc(candidates, func(c *Component) bool {
			return c.Language == language && (!c.Library || len(candidates) == 1)
		})
		for _, c := range candidates {
			if !spoken || c.Language == language {
				own[c] = append(own[c], f)
			}
		}
	}
	for _, c := range d.found {
		c.Files = slices.Clone(own[c])
		for _, l := range d.libraries(c) {
			c.Files = append(c.Files, own[l]...)
		}
		slices.SortFunc(c.Files, func(a, b *File) int { return strings.Compare(a.Path, b.Path) })
		c.Files = slices.Compact(c.Files)
	}
}

// libraries returns the packages of the project that c depends on, and those
// that these depend on.
func (d *discovery) libraries(c *Component) []*Component {
	var found []*Component
	queue := []*Component{c}
	for len(queue) > 0 {
		asks := queue[0]
		queue = queue[1:]
		for _, l := range d.found {
			if l == c || l.Package == "" || l.Language != c.Language || slices.Contains(found, l) {
				continue
			}
			if slices.Contains(asks.depends, l.Package) {
				found = append(found, l)
				queue = append(queue, l)
			}
		}
	}
	return found
}
