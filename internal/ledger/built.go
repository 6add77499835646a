package ledger

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/link"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Stages returns the stages of the build's Dockerfile; none where it has no such
// file.
func (b *Build) Stages() []fact.Stage {
	if b.definition == nil {
		return nil
	}
	return b.definition.Stages
}

// With returns the model of the image with one more step at its end.
func (b *Build) With(step fact.Step) *image.Image {
	i := b.Image()
	if i == nil || b.definition == nil {
		return nil
	}
	own := i.Definition()
	definition := *b.definition
	definition.Stages = slices.Clone(definition.Stages)
	for n := range definition.Stages {
		if s := &definition.Stages[n]; s.At == own.At {
			step.Env = append(slices.Clone(s.Env), step.Env...)
			s.Steps = append(slices.Clone(s.Steps), step)
		}
	}
	m, err := image.Model(definition, b.Target, nil, b.yard.context(b.Context, b.Dockerfile))
	if err != nil {
		return nil
	}
	return m
}

// Whole returns the whole project as a folder that an image is built in; nil
// where it cannot be told what belongs to it.
func Whole(p *project.Project) *image.Context { return newYard(p).context(".", "") }

// ForTests reports whether an image is built for tests or for developers, as
// its name tells.
func (b *Build) ForTests() bool {
	if e := environment.Of(b.Dockerfile); e == environment.Local || e == environment.Test {
		return true
	}
	if e := environment.Of(b.Target); e == environment.Local || e == environment.Test {
		return true
	}
	if f := b.yard.project.File(b.Dockerfile); f == nil || f.Flags&(project.Test|project.Example|project.Docs|project.Vendored) != 0 || strings.HasPrefix(b.Dockerfile, ".devcontainer/") || strings.Contains(b.Dockerfile, "/.devcontainer/") {
		return true
	}
	return len(b.Uses) > 0 && !slices.ContainsFunc(b.Uses, func(u Use) bool { return u.Environment.IsProduction() }) && b.Target != ""
}

// Environment returns the name of the environment that an image is built for.
func (b *Build) Environment() string {
	for _, u := range b.Uses {
		if u.Environment.IsProduction() {
			return u.Environment.Name
		}
	}
	if len(b.Uses) > 0 {
		return b.Uses[0].Environment.Name
	}
	return environment.Production
}

// Takes reports whether an image has the code of a component: a step names its
// folder or its package, or all of the folder that it is built in is copied and
// no other component is known to be what it is for.
func (b *Build) Takes(c *Component) bool {
	dir := source.Relative(b.Context, c.Dir)
	if b.Owner == c || b.definition == nil || dir == "" {
		return b.Owner == c
	}
	for _, s := range b.definition.Stages {
		for _, step := range s.Steps {
			text := strings.Join(step.Command, " ")
			if step.Kind != "run" && step.From == "" {
				text = strings.Join(step.Sources, " ")
				if (b.Owner == nil || b.Owner.Language == "") && slices.ContainsFunc(step.Sources, func(from string) bool { return path.Clean("/"+from) == "/" }) {
					return true
				}
			}
			if dir != "." && link.Mentions(text, dir) || c.Package != "" && link.Mentions(text, c.Package) {
				return true
			}
		}
		if c.Package != "" && link.Mentions(strings.Join(append(slices.Clone(s.Entrypoint), s.Cmd...), " "), c.Package) {
			return true
		}
	}
	return false
}

// Started returns the files of the tree that the image starts: those that the
// words of its command mean, wherever they were copied from.
func (b *Build) Started() []string {
	img := b.Image()
	if img == nil {
		return nil
	}
	var all []string
	argv, _, _ := img.Start()
	dir := img.WorkDir()
	for _, word := range strings.Fields(strings.Join(argv, " ")) {
		if !slices.Contains(project.ModuleEndings, path.Ext(word)) || strings.ContainsAny(word, "$*'\"") {
			continue
		}
		if !path.IsAbs(word) {
			word = path.Join(dir, word)
		}
		if a := img.Path(word); path.IsAbs(word) && a.State == image.Present && a.From != "" {
			all = append(all, b.Source(a.From))
		}
	}
	return all
}
