package link

import (
	"path"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// byImage are the reasons of a link that speak of the image, and not of the
// workload alone: a container beside the application has an image of its own.
var byImage = []string{"rehearse.yaml", "image name", "the only application with a Dockerfile, the only image of an unknown name"}

// From returns how the image of a workload is built, as far as the tree
// says it or its name tells; nil where it is not built here.
func (l *Linker) From(w *fact.Workload) *fact.BuildFrom {
	if w.Build != nil {
		return w.Build
	}
	if b, ok := l.builds[Repository(w.Image)]; ok && w.Image != "" {
		return &b.from
	}
	if found, ok := l.Of(w); ok && found.Stage != nil && found.Dockerfile != "" && slices.Contains(byImage, found.Why) {
		if target, ok := targetOf(l.images[found.Dockerfile], w); ok {
			return &fact.BuildFrom{Dockerfile: found.Dockerfile, Target: target}
		}
	}
	return nil
}

// targetOf returns the stage of a Dockerfile that a workload runs: the last where
// all others lead to it; of several that nothing is made of, the one that a name of
// the workload speaks of. It is false where none does.
func targetOf(image *fact.Image, w *fact.Workload) (target string, ok bool) {
	if image == nil {
		return "", true
	}
	used := map[int]bool{}
	for n, s := range image.Stages {
		if i, ok := StageBefore(image.Stages, s.Base, n); ok {
			used[i] = true
		}
		for _, step := range s.Steps {
			if i, ok := StageBefore(image.Stages, step.From, n); ok && step.From != "" {
				used[i] = true
			}
			for _, m := range step.Mounts {
				if i, ok := StageBefore(image.Stages, m.From, n); ok && m.From != "" {
					used[i] = true
				}
			}
		}
	}
	ends := 0
	for n, s := range image.Stages {
		if used[n] {
			continue
		}
		ends++
		for _, name := range []string{path.Base(Repository(w.Image)), w.Name, w.Container} {
			if s.Name != "" && sameName(s.Name, plainName(name)) {
				target = s.Name
			}
		}
	}
	return target, ends < 2 || target != ""
}

// Context returns the folder that the image of a workload is built in, as far as
// a definition says it.
func (l *Linker) Context(w *fact.Workload) string {
	if w.Build != nil {
		return w.Build.Context
	}
	return l.builds[Repository(w.Image)].from.Context
}

// Image returns what a Dockerfile says; nil where it was not read.
func (l *Linker) Image(dockerfile string) *fact.Image { return l.images[dockerfile] }

// Coded reports whether a component with code lies in a folder or below it.
func (l *Linker) Coded(dir string) bool {
	return slices.ContainsFunc(l.all, func(c *project.Component) bool {
		return source.Under(dir, c.Dir) && (c.Language != "" || len(c.Entry) > 0)
	})
}
