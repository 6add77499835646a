package link

import (
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/project"
)

// stageOf returns the stage that a component's own Dockerfile ends in.
func (l *Linker) stageOf(c *project.Component, from *fact.BuildFrom) (*fact.Stage, string) {
	dockerfile, target := "", ""
	if len(c.Dockerfiles) > 0 {
		dockerfile = c.Dockerfiles[max(0, slices.IndexFunc(c.Dockerfiles, func(file string) bool { return !environment.ForDevelopers(file) }))]
	}
	if from != nil {
		dockerfile, target = from.Dockerfile, from.Target
	} else if dockerfile == "" {
		dockerfile = l.lone(c)
	}
	if image := l.images[dockerfile]; image != nil {
		return FinalStage(image, target), dockerfile
	}
	return nil, dockerfile
}

// lone returns the one Dockerfile below the folder of a component that may build
// it: none that is for developers, nor one of another application.
func (l *Linker) lone(c *project.Component) string {
	found := ""
	for file := range l.images {
		if c.Dir != "." && !strings.HasPrefix(file, c.Dir+"/") || environment.ForDevelopers(file) {
			continue
		}
		if other := l.claims(file); other != nil && other != c && other.Language != "" {
			continue
		}
		if found != "" {
			return ""
		}
		found = file
	}
	return found
}

// FinalStage returns the stage that a target names, or the last; nil where there
// is none.
func FinalStage(image *fact.Image, target string) *fact.Stage {
	for i := range image.Stages {
		if target != "" && image.Stages[i].Name == target {
			return &image.Stages[i]
		}
	}
	if len(image.Stages) == 0 {
		return nil
	}
	return &image.Stages[len(image.Stages)-1]
}

// StageBefore returns the number of the stage before n that a name or number
// means.
func StageBefore(stages []fact.Stage, name string, n int) (int, bool) {
	for i := n - 1; i >= 0; i-- {
		if stages[i].Name != "" && strings.EqualFold(stages[i].Name, name) {
			return i, true
		}
	}
	i, err := strconv.Atoi(name)
	return i, err == nil && i >= 0 && i < n
}
