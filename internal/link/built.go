package link

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// sameBuild reports whether two builds are of one component, as far as is known.
func (l *Linker) sameBuild(a, b fact.BuildFrom, name string) bool {
	one, known := l.Built(a, name, "")
	other, too := l.Built(b, name, "")
	return !known || !too || one.Component == other.Component
}

// Built links by what an image is built from.
func (l *Linker) Built(from fact.BuildFrom, name, why string) (Tie, bool) {
	dockerfile := from.Dockerfile
	if dockerfile == "" {
		dockerfile = path.Join(from.Context, "Dockerfile")
	}
	found := Tie{Why: why, Dockerfile: dockerfile}
	if image := l.images[dockerfile]; image != nil {
		found.Stage = FinalStage(image, from.Target)
	}
	// What the Dockerfile starts says most; then where it lies; then its context.
	if c := l.starts(found.Stage, from, name, from.Target); c != nil {
		found.Component = c
	} else if c := l.claims(dockerfile); c != nil {
		found.Component = l.behind(c)
		if around := l.around(c, found.Stage, from.Context, name); around != nil {
			found.Component = around
		}
	} else if c := l.in(path.Dir(dockerfile), name); c != nil && (len(c.Dockerfiles) == 0 || path.Base(dockerfile) == "Dockerfile") {
		found.Component = c
	} else if c := l.in(from.Context, name); c != nil {
		found.Component = c
	}
	return found, found.Component != nil
}

// claims returns the one component that a Dockerfile seems to build.
func (l *Linker) claims(dockerfile string) *project.Component {
	var found *project.Component
	for _, c := range l.all {
		if slices.Contains(c.Dockerfiles, dockerfile) {
			if found != nil {
				return nil
			}
			found = c
		}
	}
	return found
}

// starts returns the component of which the image of the stage copies or builds
// the entry. Where it does so of several, the one counts that the stage starts,
// or that one of the names speaks of.
func (l *Linker) starts(stage *fact.Stage, from fact.BuildFrom, names ...string) *project.Component {
	if stage == nil || l.imageOf(stage) == nil {
		return nil
	}
	var text strings.Builder
	for _, s := range l.imageOf(stage).Stages {
		for _, step := range s.Steps {
			text.WriteString(strings.Join(step.Command, " ") + " " + strings.Join(step.Sources, " ") + "\n")
		}
	}
	start := append(slices.Clone(stage.Entrypoint), stage.Cmd...)
	text.WriteString(strings.Join(start, " "))
	if len(start) > 0 {
		names = append([]string{assembly(start), path.Base(start[0])}, names...)
	}
	said, context := argued(text.String(), from.Args), from.Context
	var found []*project.Component
	for _, c := range l.all {
		for _, word := range []string{source.Relative(context, c.Dir), source.Relative(context, firstOf(c.Entry))} {
			if word != "" && word != "." && Mentions(said, word) && !slices.Contains(found, c) {
				found = append(found, c)
			}
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	for _, name := range names {
		for _, c := range found {
			if name != "" && sameName(c.Name, name) {
				return c
			}
		}
	}
	return nil // it speaks of several: it decides nothing
}

// assembly returns the name of the program that the runtime of .NET is told to
// run: of dotnet Shop.Api.dll, Shop.Api
// (https://learn.microsoft.com/dotnet/core/tools/dotnet).
func assembly(start []string) string {
	if path.Base(start[0]) != "dotnet" {
		return ""
	}
	for _, argument := range start[1:] {
		if name, ok := strings.CutSuffix(path.Base(argument), ".dll"); ok {
			return name
		}
	}
	return ""
}

func (l *Linker) imageOf(stage *fact.Stage) *fact.Image {
	return l.images[stage.At.File]
}
