package ledger

import (
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// lend gives the run of a workload to the other applications whose code its
// image has, too: a worker is often a folder with a Dockerfile and a start
// script that copies the sources of the server.
func (l *linker) lend(r *Run, of link) {
	if of.stage == nil || l.imageOf(of.stage) == nil || r.Workload.Init {
		return
	}
	// The images of workspaces of Node.js have most packages for their build alone.
	if language := runtimes[path.Base(repository(l.base(of.stage)))]; language != of.component.Language || language == "javascript" {
		return
	}
	context := r.context
	if r.Workload.Build != nil {
		context = r.Workload.Build.Context
	}
	for _, c := range l.all {
		if c == of.component || c.Language == "" || c.Language != of.component.Language || len(c.Dockerfiles) == 0 || path.Clean(c.Dir) == "." {
			continue
		}
		if source.Under(c.Dir, of.component.Dir) || source.Under(of.component.Dir, c.Dir) || !copies(l.imageOf(of.stage), context, c.Dir) {
			continue
		}
		c.Lent = append(c.Lent, r)
	}
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
