package packages

import (
	"path"
	"strings"

	"rehearse/internal/ledger"
	"rehearse/internal/project"
)

// Started returns the files of the tree that the images of a component start.
func (ps *Packages) Started(c *ledger.Component) []string {
	var all []string
	for _, b := range ps.Images(c) {
		all = append(all, b.Started()...)
	}
	return all
}

// dormant returns the file of a test that an import of code means, which is then
// code like any other: a controller that makes its data with what the tests use.
func (ps *Packages) dormant(f *codeFile, name string, index map[string]*codeFile) *codeFile {
	if !strings.HasPrefix(name, ".") {
		return nil
	}
	target := path.Join(path.Dir(f.path), name)
	for _, ending := range sourceEndings {
		file := ps.project.File(target + ending)
		if file == nil || file.Link != "" || !codeEndings[path.Ext(file.Path)] || file.Flags != project.Test {
			continue
		}
		m := ps.Nearest(file.Path)
		if m == nil {
			return nil
		}
		found := &codeFile{path: file.Path, manifest: m, trial: true}
		index[file.Path] = found
		ps.aliasesOf(m.Dir())
		ps.scan(found)
		return found
	}
	return nil
}
