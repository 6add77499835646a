package link

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/project"
)

// unfilled are the parts of a name that whoever deploys fills in, with what
// parts them from the rest: the ${TAG} of api-${TAG}, the $(env) of $(env)-api.
var unfilled = regexp.MustCompile(`[-_.]?(?:\$\{\{?[^}]*\}\}?|\$\([^)]*\)|\$[A-Za-z_]\w*|<[^>]*>|\{\{[^}]*\}\})[-_.]?`)

// plainName returns a name without the parts that are filled in: a name of
// which they are the middle is none.
func plainName(name string) string {
	if !strings.ContainsAny(name, "$<{") {
		return name
	}
	parts := slices.DeleteFunc(unfilled.Split(name, -1), func(part string) bool { return part == "" })
	if len(parts) != 1 {
		return ""
	}
	return parts[0]
}

// services are the builds of the services of compose files by their names. A
// cluster often gives the same name to what runs the same code.
func services(definitions []fact.Definition, same func(a, b fact.BuildFrom, name string) bool) map[string]fact.BuildFrom {
	found, several := map[string]fact.BuildFrom{}, map[string]bool{}
	for _, d := range definitions {
		if d.Format != environment.Compose {
			continue
		}
		for _, w := range d.Workloads {
			if w.Build == nil || strings.Contains(w.Build.Dockerfile+w.Build.Context, "$") {
				continue
			}
			if known, ok := found[w.Name]; ok && !same(known, *w.Build, w.Name) {
				several[w.Name] = true
			}
			found[w.Name] = *w.Build
		}
	}
	for name := range several {
		delete(found, name)
	}
	return found
}

// shortened returns the one component with a Dockerfile of which the name is the
// end: an image storefront is of shop-storefront.
func (l *Linker) shortened(name string) *project.Component {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	if len(name) < 4 || slices.Contains(roles, "-"+name) {
		return nil
	}
	var found *project.Component
	for _, c := range l.all {
		if c.Language == "" || len(c.Dockerfiles) == 0 || !strings.HasSuffix(strings.ReplaceAll(strings.ToLower(c.Name), "_", "-"), "-"+name) {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	return found
}

// around returns the component in the folder of the context, where a Dockerfile
// in a folder without code puts all of the context into its image.
func (l *Linker) around(c *project.Component, stage *fact.Stage, context, name string) *project.Component {
	if c.Language != "" || stage == nil || l.imageOf(stage) == nil || path.Clean(context) == path.Clean(c.Dir) {
		return nil
	}
	for _, s := range l.imageOf(stage).Stages {
		for _, step := range s.Steps {
			if step.Kind == "copy" && step.From == "" && slices.ContainsFunc(step.Sources, func(src string) bool { return path.Clean(src) == "." }) {
				return l.in(context, name)
			}
		}
	}
	return nil
}

// argued fills the arguments of a build into the text of its steps: cmd/${component}.
func argued(text string, args []fact.Supply) string {
	for _, a := range args {
		if a.Value.Origin == fact.Literal && a.Value.Reveal() != "" && len(a.Value.Reveal()) < 100 {
			text = strings.ReplaceAll(text, "${"+a.Name+"}", a.Value.Reveal())
			text = strings.ReplaceAll(text, "$"+a.Name+"\n", a.Value.Reveal()+"\n")
			text = strings.ReplaceAll(text, "$"+a.Name+" ", a.Value.Reveal()+" ")
			text = strings.ReplaceAll(text, "$"+a.Name+"/", a.Value.Reveal()+"/")
		}
	}
	return text
}

// modular is a module that Python is told to run: python -m app.jobs.nightly.
var modular = regexp.MustCompile(`(?:^|\s)-m\s+([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)(?:\s|$)`)

// begins returns the one component that has the module which the command of a
// workload starts, where its name is of at least two parts.
func (l *Linker) begins(w *fact.Workload) *project.Component {
	m := modular.FindStringSubmatch(strings.Join(append(slices.Clone(w.Command), w.Args...), " "))
	if m == nil {
		return nil
	}
	file := "/" + strings.ReplaceAll(m[1], ".", "/")
	var found *project.Component
	for _, c := range l.all {
		if c.Language != "python" || !slices.ContainsFunc(c.Files, func(f *project.File) bool {
			return strings.HasSuffix("/"+f.Path, file+".py") || strings.HasSuffix("/"+f.Path, file+"/__main__.py")
		}) {
			continue
		}
		if found != nil && (len(found.Dockerfiles) > 0) == (len(c.Dockerfiles) > 0) {
			return nil
		}
		if found == nil || len(c.Dockerfiles) > 0 {
			found = c
		}
	}
	return found
}

// runtimes are the images that have a language and no program of their own, and
// the language of what they run.
var runtimes = map[string]string{"node": "javascript", "python": "python", "golang": "go", "ruby": "ruby", "php": "php"}

// mounted returns the component whose folder is mounted into a container of
// nothing but a language, which a command starts there.
func (l *Linker) mounted(w *fact.Workload, image string) *project.Component {
	language, ok := runtimes[image]
	if !ok || len(w.Command)+len(w.Args) == 0 {
		return nil
	}
	var found *project.Component
	for _, m := range w.Mounts {
		if m.Kind != "bind" {
			continue
		}
		c := l.in(m.Source, w.Name)
		if c == nil || c.Language != language {
			continue
		}
		if found != nil && found != c {
			return nil
		}
		found = c
	}
	return found
}

// partOfOther reports whether a component is a program of a service in a folder
// of its own, as publication/cmd/api is, and the name, of which its own is the
// end, speaks of another: shop-api.
func partOfOther(c *project.Component, name string) bool {
	service, _, inside := strings.Cut(path.Clean(c.Dir), "/cmd/")
	if !inside || strings.EqualFold(c.Name, name) {
		return false
	}
	word, _, _ := strings.Cut(strings.ToLower(path.Base(service)), "-")
	return !strings.Contains(strings.ToLower(name), word)
}

// spoken returns the component of the language that the image has, where the
// folder holds two: scripts of Node.js that make the assets lie beside a server
// in Python.
func (l *Linker) spoken(found Tie) Tie {
	if found.Component.Language == "" {
		return found
	}
	if found.Stage == nil {
		if len(found.Component.Dockerfiles) > 0 || found.Dockerfile != "" {
			return found
		}
		if other := l.beside(found.Component, func(c *project.Component) bool { return c.Language != "" && len(c.Dockerfiles) > 0 }); other != nil {
			found.Component = other
			found.Stage, found.Dockerfile = l.stageOf(other, nil)
		}
		return found
	}
	language := runtimes[path.Base(Repository(l.base(found.Stage)))]
	if language == "" || language == found.Component.Language {
		return found
	}
	if other := l.beside(found.Component, func(c *project.Component) bool { return c.Language == language }); other != nil {
		found.Component = other
	}
	return found
}

// base returns the image that a stage begins with, by way of those before it.
func (l *Linker) base(stage *fact.Stage) string {
	base, image := stage.Base, l.imageOf(stage)
	if image == nil {
		return base
	}
	n := slices.IndexFunc(image.Stages, func(s fact.Stage) bool { return s.At == stage.At })
	for n >= 0 {
		base = image.Stages[n].Base
		from, ok := StageBefore(image.Stages, base, n)
		if !ok {
			break
		}
		n = from
	}
	return base
}

// beside returns the one other component of a folder of which something holds.
func (l *Linker) beside(c *project.Component, holds func(*project.Component) bool) *project.Component {
	var found *project.Component
	for _, o := range l.all {
		if o == c || path.Clean(o.Dir) != path.Clean(c.Dir) || !holds(o) {
			continue
		}
		if found != nil {
			return nil
		}
		found = o
	}
	return found
}
