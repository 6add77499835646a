package link

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/project"
)

// behind returns the component whose code the image of a folder is made of that
// holds a Dockerfile and nothing else: the nearest one around it, where the
// Dockerfile copies all of its context. c itself where that is not so.
func (l *Linker) behind(c *project.Component) *project.Component {
	if c.Language != "" || len(c.Dockerfiles) == 0 || slices.ContainsFunc(c.Files, func(f *project.File) bool { return !strings.Contains(path.Base(f.Path), "ocker") }) {
		return c
	}
	stage, _ := l.stageOf(c, nil)
	if stage == nil || l.imageOf(stage) == nil || !slices.ContainsFunc(l.imageOf(stage).Stages, copiesContext) {
		return c
	}
	for dir := path.Dir(path.Clean(c.Dir)); ; dir = path.Dir(dir) {
		for _, o := range l.all {
			if path.Clean(o.Dir) == dir && o.Language != "" {
				return o // where several lie there, the language of the image tells
			}
		}
		if dir == "." || dir == "/" {
			return c
		}
	}
}

// copiesContext reports whether a stage copies all of its context.
func copiesContext(s fact.Stage) bool {
	return slices.ContainsFunc(s.Steps, func(step fact.Step) bool {
		return step.Kind == "copy" && step.From == "" && slices.ContainsFunc(step.Sources, func(src string) bool { return path.Clean(src) == "." })
	})
}

// tagged returns the Dockerfile of another program, of which a workload runs an
// image that is told from its sisters in one repository by the beginning of its
// tag: shop:worker-1.2 and Dockerfile.worker.
func (l *Linker) tagged(w *fact.Workload) string {
	tag := strings.TrimPrefix(strings.TrimPrefix(w.Image, Repository(w.Image)), ":")
	for _, name := range []string{w.Name, w.Container} {
		if len(name) < 4 || !strings.HasPrefix(tag, name+"-") {
			continue
		}
		for file := range l.images {
			base := path.Base(file)
			if base == "Dockerfile."+name || base == name+".Dockerfile" || base == "Dockerfile-"+name {
				return file
			}
		}
	}
	return ""
}
