package link

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// behind returns the component whose code the image of a folder is made of that
// holds a Dockerfile and nothing else: the nearest one around it, where the
// Dockerfile copies all of its context. c itself where that is not so.
func (l *Linker) behind(c *project.Component) *project.Component {
	if o := l.assembled(c); o != nil {
		return o
	}
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

// settled are the settings of an application of Spring Boot.
var settled = regexp.MustCompile(`/src/main/resources/(config/)?application[^/]*\.(ya?ml|properties)$`)

// assembled returns the one application among the modules below a folder that
// holds a Dockerfile and no code of its own: a build of Maven or of Gradle puts
// the others into it.
func (l *Linker) assembled(c *project.Component) *project.Component {
	if c.Language != "" || len(c.Dockerfiles) == 0 {
		return nil
	}
	var found *project.Component
	for _, o := range l.all {
		if o == c || o.Language != "java" || !source.Under(c.Dir, o.Dir) || !slices.ContainsFunc(o.Files, func(f *project.File) bool { return settled.MatchString("/" + f.Path) }) {
			continue
		}
		if found != nil {
			return nil
		}
		found = o
	}
	return found
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
