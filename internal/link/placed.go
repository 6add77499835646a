package link

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// coded links a workload that names no image by the folder of its code, or by
// the file that it starts in: to the component there, or to the nearest above.
func (l *Linker) coded(w *fact.Workload) (Tie, bool) {
	dir := path.Clean(w.Code)
	if w.Entry != "" {
		dir = path.Dir(w.Entry)
	}
	for {
		if c := l.holding(dir, w); c != nil {
			found := Tie{Component: c, Why: "folder of the code"}
			return found, true
		}
		if dir == "." || w.Entry == "" {
			return Tie{}, false
		}
		dir = path.Dir(dir)
	}
}

// holding returns the component whose folder it is; of several the one that
// has the workload's entry, or its name.
func (l *Linker) holding(dir string, w *fact.Workload) *project.Component {
	if w.Entry != "" {
		var found []*project.Component
		for _, c := range l.all {
			if path.Clean(c.Dir) == dir && c.Module(w.Entry) != "" {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			return found[0]
		}
	}
	return l.in(dir, w.Name)
}

// madeBy returns the one component that is built by a Dockerfile of the name of
// an image: docker/api.Dockerfile and Dockerfile.api build shop-api.
func (l *Linker) madeBy(image string) (*project.Component, string) {
	var found *project.Component
	var by string
	for _, c := range l.all {
		for _, file := range c.Dockerfiles {
			base := strings.ToLower(path.Base(file))
			words := strings.FieldsFunc(strings.TrimPrefix(strings.TrimSuffix(base, ".dockerfile"), "dockerfile"), func(r rune) bool { return strings.ContainsRune("-_.", r) })
			words = slices.DeleteFunc(words, func(w string) bool { return environment.Word(w) })
			if name := strings.Join(words, "-"); name == "" || name == "dockerfile" || !sameName(name, image) {
				continue
			}
			if found != nil && found != c {
				return nil, ""
			}
			found, by = c, file
		}
	}
	return found, by
}

// closer reports whether a Dockerfile that is none of the component's lies nearer to
// the definition of a workload than the component: that of a page for maintenance,
// beside its manifests.
func (l *Linker) closer(w *fact.Workload, c *project.Component) bool {
	for dir := path.Dir(w.At.File); source.Under(c.Dir, dir) && path.Clean(c.Dir) != dir; dir = path.Dir(dir) {
		for file := range l.images {
			if path.Dir(file) == dir && !slices.Contains(c.Dockerfiles, file) {
				return true
			}
		}
	}
	return false
}
