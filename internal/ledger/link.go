package ledger

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// linker knows what ties a workload to the component whose code it runs.
type linker struct {
	all        []*Component
	images     map[string]*fact.Image      // by the path of the Dockerfile
	builds     map[string]build            // by the name of an image, without its tag
	shared     map[string]bool             // names of images that several things are built into, under different tags
	configured map[project.Workload]string // file, kind and name, to the component's name
	strangers  map[string]map[string]bool  // by format: images with an owner that nothing ties to a component
	formats    map[string]string           // of the files of definitions
	made       map[*Component]bool         // those of which a definition builds an image
	services   map[string]fact.BuildFrom   // what services of compose files are built from, by their names
}

// build is what a definition says of how an image is made.
type build struct {
	from fact.BuildFrom
	why  string
}

func newLinker(components []*Component, definitions []fact.Definition, configured map[project.Workload]string) *linker {
	l := &linker{all: components, images: map[string]*fact.Image{}, builds: map[string]build{}, shared: map[string]bool{}, configured: configured, strangers: map[string]map[string]bool{}, formats: map[string]string{}, made: map[*Component]bool{}}
	for i := range definitions {
		for j := range definitions[i].Images {
			image := &definitions[i].Images[j]
			l.images[image.Dockerfile] = image
		}
	}
	for _, d := range definitions {
		l.formats[d.File] = d.Format
		for _, w := range d.Workloads {
			if l.formats[w.At.File] == "" {
				l.formats[w.At.File] = d.Format // one of several files of a composition
			}
			if w.Build == nil || w.Image == "" {
				continue
			}
			why := "image name, built by " + d.File
			if d.Format == formatCompose {
				why = "image name, as in " + d.File
			}
			name := repository(w.Image)
			if known := l.builds[name]; known.why != "" && !l.sameBuild(known.from, *w.Build, w.Name) {
				l.shared[name] = true
			}
			if l.builds[name].why == "" || pipeline(d.Format) {
				l.builds[name] = build{*w.Build, why}
			}
		}
	}
	l.services = services(definitions, l.sameBuild)
	for _, d := range definitions {
		for i := range d.Workloads {
			if w := &d.Workloads[i]; w.Build != nil {
				if found, ok := l.link(w); ok {
					l.made[found.component] = true
				}
			}
		}
	}
	for _, d := range definitions {
		for i := range d.Workloads {
			w := &d.Workloads[i]
			if _, ok := l.link(w); !ok && !pipeline(d.Format) && w.Build == nil && (strings.Contains(w.Image, "/") || platformed[d.Format] == deploys && strings.HasPrefix(w.Image, "${")) {
				if l.strangers[d.Format] == nil {
					l.strangers[d.Format] = map[string]bool{}
				}
				l.strangers[d.Format][repository(w.Image)] = true
			}
		}
	}
	return l
}

// link is the component whose code a workload runs, and why that is thought.
type link struct {
	component  *Component
	why        string
	stage      *fact.Stage
	dockerfile string
}

// configuredLink is why a workload runs a component where the project says so.
const configuredLink = "rehearse.yaml"

// components returns the components whose code the workloads of a definition
// run.
func (l *linker) components(d fact.Definition) []*Component {
	var found []*Component
	for i := range d.Workloads {
		if link, ok := l.link(&d.Workloads[i]); ok {
			found = append(found, link.component)
		}
	}
	return found
}

// link returns nothing where nothing ties w to a component.
func (l *linker) link(w *fact.Workload) (link, bool) {
	found, ok := l.tie(w)
	if ok && found.why != configuredLink {
		found = l.spoken(found)
	}
	return found, ok
}

func (l *linker) tie(w *fact.Workload) (link, bool) {
	for _, kind := range []string{w.Kind, ""} {
		name, ok := l.configured[project.Workload{File: w.At.File, Kind: kind, Name: w.Name}]
		if !ok {
			continue
		}
		for _, c := range l.all {
			if c.Name == name {
				found := link{component: c, why: configuredLink}
				found.stage, found.dockerfile = l.stageOf(c, w.Build)
				return found, true
			}
		}
	}
	if w.Build != nil && !strings.Contains(w.Build.Dockerfile+w.Build.Context, "$") {
		return l.built(*w.Build, w.Name, "build context")
	}
	if w.Image == "" && w.Build == nil {
		if w.Code != "" || w.Entry != "" {
			return l.coded(w)
		}
		return link{}, false
	}
	name := repository(w.Image)
	if b, ok := l.builds[name]; ok && !l.shared[name] {
		return l.built(b.from, path.Base(name), b.why)
	}
	if public(name) && w.Build == nil {
		if c := l.mounted(w, path.Base(name)); c != nil {
			return link{component: c, why: "mounted sources"}, true
		}
		return link{}, false
	}
	hints := []struct{ name, why string }{
		{plainName(path.Base(name)), "image name"},
		{plainName(w.Name), "workload name"},
		{plainName(w.Container), "container name"},
	}
	for _, hint := range hints {
		if from, ok := l.services[hint.name]; ok && l.formats[w.At.File] != formatCompose {
			found, ok := l.built(from, hint.name, hint.why)
			if ok && ForDevelopers(found.dockerfile) {
				found.stage, found.dockerfile = l.stageOf(found.component, nil) // a cluster runs what is made for it
			}
			return found, ok
		}
	}
	if dockerfile := l.tagged(w); dockerfile != "" {
		return l.built(fact.BuildFrom{Context: ".", Dockerfile: dockerfile}, w.Name, "tag of the image")
	}
	for _, hint := range hints {
		if c := l.named(hint.name); c != nil {
			found := link{component: l.behind(c), why: hint.why}
			found.stage, found.dockerfile = l.stageOf(c, nil)
			return found, true
		}
	}
	if c, dockerfile := l.madeBy(plainName(path.Base(name))); c != nil {
		found := link{component: c, why: "name of the Dockerfile", dockerfile: dockerfile}
		if image := l.images[dockerfile]; image != nil {
			found.stage = finalStage(image, "")
		}
		return found, true
	}
	if c := l.only(); c != nil && len(c.Workloads) == 0 && l.strangers[l.formats[w.At.File]][name] && len(l.strangers[l.formats[w.At.File]]) == 1 {
		found := link{component: c, why: "the only application with a Dockerfile, the only image of an unknown name"}
		found.stage, found.dockerfile = l.stageOf(c, nil)
		return found, true
	}
	if c := l.begins(w); c != nil {
		found := link{component: c, why: "what its command starts"}
		found.stage, found.dockerfile = l.stageOf(c, nil)
		return found, true
	}
	if c := l.shortened(plainName(path.Base(name))); c != nil {
		found := link{component: c, why: "end of the name"}
		found.stage, found.dockerfile = l.stageOf(c, nil)
		return found, true
	}
	return link{}, false
}

// sameBuild reports whether two builds are of one component, as far as is known.
func (l *linker) sameBuild(a, b fact.BuildFrom, name string) bool {
	one, known := l.built(a, name, "")
	other, too := l.built(b, name, "")
	return !known || !too || one.component == other.component
}

// built links by what an image is built from.
func (l *linker) built(from fact.BuildFrom, name, why string) (link, bool) {
	dockerfile := from.Dockerfile
	if dockerfile == "" {
		dockerfile = path.Join(from.Context, "Dockerfile")
	}
	found := link{why: why, dockerfile: dockerfile}
	if image := l.images[dockerfile]; image != nil {
		found.stage = finalStage(image, from.Target)
	}
	// What the Dockerfile starts says most; then where it lies; then its context.
	if c := l.starts(found.stage, from, name, from.Target); c != nil {
		found.component = c
	} else if c := l.claims(dockerfile); c != nil {
		found.component = l.behind(c)
		if around := l.around(c, found.stage, from.Context, name); around != nil {
			found.component = around
		}
	} else if c := l.in(path.Dir(dockerfile), name); c != nil && (len(c.Dockerfiles) == 0 || path.Base(dockerfile) == "Dockerfile") {
		found.component = c
	} else if c := l.in(from.Context, name); c != nil {
		found.component = c
	}
	return found, found.component != nil
}

// claims returns the one component that a Dockerfile seems to build.
func (l *linker) claims(dockerfile string) *Component {
	var found *Component
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
func (l *linker) starts(stage *fact.Stage, from fact.BuildFrom, names ...string) *Component {
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
	var found []*Component
	for _, c := range l.all {
		for _, word := range []string{source.Relative(context, c.Dir), source.Relative(context, firstOf(c.Entry))} {
			if word != "" && word != "." && mentions(said, word) && !slices.Contains(found, c) {
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

func (l *linker) imageOf(stage *fact.Stage) *fact.Image {
	return l.images[stage.At.File]
}

// in returns the component whose folder it is; where several share it, the one
// of that name.
func (l *linker) in(dir, name string) *Component {
	var found []*Component
	for _, c := range l.all {
		if path.Clean(c.Dir) == path.Clean(dir) {
			found = append(found, c)
		}
	}
	switch {
	case len(found) == 1:
		return found[0]
	case len(found) > 1:
		for _, c := range found {
			if sameName(c.Name, name) {
				return c
			}
		}
	}
	return nil
}

// named returns the one component of that name.
func (l *linker) named(name string) *Component {
	if name == "" {
		return nil
	}
	var all, built []*Component
	for _, c := range l.all {
		if sameName(c.Name, name) && !partOfOther(c, name) {
			all = append(all, c)
			if len(c.Dockerfiles) > 0 {
				built = append(built, c)
			}
		}
	}
	switch {
	case len(all) == 1:
		return all[0]
	case len(built) == 1:
		return built[0] // shop-app is an image of app, not of the folder around it
	case len(all) > 0:
		return nil
	}
	for _, c := range l.all {
		if len(c.Dockerfiles) > 0 && kin(c.Name, name) {
			all = append(all, c)
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return nil
}

// only returns the one component that an image is built of, as its Dockerfile
// or a definition says.
func (l *linker) only() *Component {
	var found *Component
	for _, c := range l.all {
		if (len(c.Dockerfiles) == 0 || c.Language == "" && len(l.made) > 0) && !l.made[c] {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	return found
}
