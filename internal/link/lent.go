package link

import (
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Others returns the other applications whose code the image of a workload has
// too: a worker is often a folder with a Dockerfile and a start script that
// copies the sources of the server.
func (l *Linker) Others(w *fact.Workload, of Tie) []*project.Component {
	if of.Stage == nil || l.imageOf(of.Stage) == nil || w.Init {
		return nil
	}
	// The images of workspaces of Node.js have most packages for their build alone.
	if language := runtimes[path.Base(Repository(l.base(of.Stage)))]; language != of.Component.Language || language == "javascript" {
		return nil
	}
	context := l.Context(w)
	var found []*project.Component
	for _, c := range l.all {
		if c == of.Component || c.Language == "" || c.Language != of.Component.Language || len(c.Dockerfiles) == 0 || path.Clean(c.Dir) == "." {
			continue
		}
		if source.Under(c.Dir, of.Component.Dir) || source.Under(of.Component.Dir, c.Dir) || !copies(l.imageOf(of.Stage), context, c.Dir) {
			continue
		}
		found = append(found, c)
	}
	return found
}

// copies reports whether a Dockerfile puts a folder, or the sources in it, into
// its image.
func copies(image *fact.Image, context, dir string) bool {
	for _, s := range image.Stages {
		for _, step := range s.Steps {
			if step.Kind != "copy" || step.From != "" {
				continue
			}
			for _, src := range step.Sources {
				from := path.Join(context, src)
				if from == path.Clean(dir) || from == path.Join(dir, "src") || from == path.Join(dir, "app") || from == path.Join(dir, path.Base(dir)) || strings.HasPrefix(from, path.Clean(dir)+"/src/") && path.Ext(from) == "" {
					return true
				}
			}
		}
	}
	return false
}
