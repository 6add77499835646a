// Package link tells which component's code a workload runs: by the build
// context, the names of images, workloads and Dockerfiles, and what is started.
package link

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/project"
)

// Linker knows what ties a workload to the component whose code it runs.
type Linker struct {
	all        []*project.Component
	images     map[string]*fact.Image      // by the path of the Dockerfile
	builds     map[string]build            // by the name of an image, without its tag
	shared     map[string]bool             // names of images that several things are built into, under different tags
	configured map[project.Workload]string // file, kind and name, to the component's name
	strangers  map[string]map[string]bool  // by format: images with an owner that nothing ties to a component
	formats    map[string]string           // of the files of definitions
	made       map[*project.Component]bool // those of which a definition builds an image
	stems      map[string]fact.BuildFrom   // what templates build, by the beginnings of their files
	services   map[string]fact.BuildFrom   // what services of compose files are built from, by their names
}

// build is what a definition says of how an image is made.
type build struct {
	from fact.BuildFrom
	why  string
}

// New returns what ties the workloads of the definitions to the components.
func New(components []*project.Component, definitions []fact.Definition) *Linker {
	l := &Linker{all: components, images: map[string]*fact.Image{}, builds: map[string]build{}, shared: map[string]bool{}, configured: workloadsOf(components), strangers: map[string]map[string]bool{}, formats: map[string]string{}, made: map[*project.Component]bool{}, stems: map[string]fact.BuildFrom{}}
	for i := range definitions {
		for j := range definitions[i].Images {
			image := &definitions[i].Images[j]
			l.images[image.Dockerfile] = image
		}
	}
	for _, d := range definitions {
		if len(d.Workloads) > 0 || l.formats[d.File] == "" { // else it is a part of another one
			l.formats[d.File] = d.Format
		}
		for _, w := range d.Workloads {
			if l.formats[w.At.File] == "" {
				l.formats[w.At.File] = d.Format // one of several files of a composition
			}
			if w.Build == nil || w.Image == "" {
				continue
			}
			why := "image name, built by " + d.File
			if d.Format == environment.Compose {
				why = "image name, as in " + d.File
			}
			name := Repository(w.Image)
			if known := l.builds[name]; known.why != "" && !l.sameBuild(known.from, *w.Build, w.Name) {
				l.shared[name] = true
			}
			if l.builds[name].why == "" || environment.Pipeline(d.Format) {
				l.builds[name] = build{*w.Build, why}
			}
		}
	}
	l.built(definitions)
	l.services = services(definitions, l.sameBuild)
	for _, d := range definitions {
		for i := range d.Workloads {
			if w := &d.Workloads[i]; w.Build != nil {
				if found, ok := l.Of(w); ok {
					l.made[found.Component] = true
				}
			}
		}
	}
	for _, d := range definitions {
		for i := range d.Workloads {
			w := &d.Workloads[i]
			if _, ok := l.Of(w); !ok && !environment.Pipeline(d.Format) && w.Build == nil && (strings.Contains(w.Image, "/") || (environment.Deploys(d.Format) || d.Format == "helm") && strings.HasPrefix(w.Image, "${")) {
				if l.strangers[d.Format] == nil {
					l.strangers[d.Format] = map[string]bool{}
				}
				l.strangers[d.Format][Repository(w.Image)] = true
			}
		}
	}
	return l
}

// Tie is the component whose code a workload runs, and why that is thought.
type Tie struct {
	Component  *project.Component
	Why        string
	Stage      *fact.Stage // of the image that it runs; nil where that is not known
	Dockerfile string
}

// configuredLink is why a workload runs a component where the project says so.
const configuredLink = "rehearse.yaml"

// Components returns the components whose code the workloads of a definition
// run.
func (l *Linker) Components(d fact.Definition) []*project.Component {
	var found []*project.Component
	for i := range d.Workloads {
		if link, ok := l.Of(&d.Workloads[i]); ok {
			found = append(found, link.Component)
		}
	}
	return found
}

// Of returns what ties w to a component; false where nothing does.
func (l *Linker) Of(w *fact.Workload) (Tie, bool) {
	found, ok := l.tie(w)
	if ok && found.Why != configuredLink {
		found = l.spoken(found)
	}
	return found, ok
}

func (l *Linker) tie(w *fact.Workload) (Tie, bool) {
	for _, kind := range []string{w.Kind, ""} {
		name, ok := l.configured[project.Workload{File: w.At.File, Kind: kind, Name: w.Name}]
		if !ok {
			continue
		}
		for _, c := range l.all {
			if c.Name == name {
				found := Tie{Component: c, Why: configuredLink}
				found.Stage, found.Dockerfile = l.stageOf(c, w.Build)
				return found, true
			}
		}
	}
	if w.Build != nil && !strings.Contains(w.Build.Dockerfile+w.Build.Context, "$") {
		return l.Built(*w.Build, w.Name, "build context")
	}
	if w.Image == "" && w.Build == nil {
		if w.Code != "" || w.Entry != "" {
			return l.coded(w)
		}
		return Tie{}, false
	}
	name := Repository(w.Image)
	if b, ok := l.builds[name]; ok && !l.shared[name] {
		return l.Built(b.from, path.Base(name), b.why)
	}
	if stream := w.Kind == "DeploymentConfig" && !strings.Contains(name, "/"); public(name) && w.Build == nil && !stream {
		if c := l.mounted(w, path.Base(name)); c != nil {
			return Tie{Component: c, Why: "mounted sources"}, true
		}
		return Tie{}, false
	}
	hints := []struct{ name, why string }{
		{plainName(path.Base(name)), "image name"},
		{plainName(w.Name), "workload name"},
		{plainName(w.Container), "container name"},
	}
	for _, hint := range hints {
		from, ok := l.services[hint.name]
		if !ok {
			from, ok = l.services[strings.ReplaceAll(hint.name, "_", "-")]
		}
		if ok && l.formats[w.At.File] != environment.Compose {
			found, ok := l.Built(from, hint.name, hint.why)
			if ok && environment.ForDevelopers(found.Dockerfile) {
				found.Stage, found.Dockerfile = l.stageOf(found.Component, nil) // a cluster runs what is made for it
			}
			return found, ok
		}
	}
	if dockerfile := l.tagged(w); dockerfile != "" {
		return l.Built(fact.BuildFrom{Context: ".", Dockerfile: dockerfile}, w.Name, "tag of the image")
	}
	for _, hint := range hints {
		if c := l.named(hint.name); c != nil {
			found := Tie{Component: l.behind(c), Why: hint.why}
			found.Stage, found.Dockerfile = l.stageOf(c, nil)
			return found, true
		}
	}
	if found, ok := l.beginning(w); ok {
		return found, true
	}
	if c, dockerfile := l.madeBy(plainName(path.Base(name))); c != nil {
		found := Tie{Component: c, Why: "name of the Dockerfile", Dockerfile: dockerfile}
		if image := l.images[dockerfile]; image != nil {
			found.Stage = FinalStage(image, "")
		}
		return found, true
	}
	if c := l.only(name); c != nil && len(c.Workloads) == 0 && l.strangers[l.formats[w.At.File]][name] && len(l.strangers[l.formats[w.At.File]]) == 1 && !w.Init && !l.closer(w, c) {
		found := Tie{Component: c, Why: "the only application with a Dockerfile, the only image of an unknown name"}
		found.Stage, found.Dockerfile = l.stageOf(c, nil)
		return found, true
	}
	if c := l.begins(w); c != nil {
		found := Tie{Component: c, Why: "what its command starts"}
		found.Stage, found.Dockerfile = l.stageOf(c, nil)
		return found, true
	}
	if c := l.shortened(plainName(path.Base(name))); c != nil {
		found := Tie{Component: c, Why: "end of the name"}
		found.Stage, found.Dockerfile = l.stageOf(c, nil)
		return found, true
	}
	return Tie{}, false
}

// in returns the component whose folder it is; where several share it, the one
// of that name.
func (l *Linker) in(dir, name string) *project.Component {
	var found []*project.Component
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
func (l *Linker) named(name string) *project.Component {
	if name == "" {
		return nil
	}
	var all, built []*project.Component
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
// or a definition says: of several, the one that has code, where the image shares a
// word with it.
func (l *Linker) only(image string) *project.Component {
	var all, spoken []*project.Component
	for _, c := range l.all {
		if (len(c.Dockerfiles) == 0 || c.Language == "" && len(l.made) > 0) && !l.made[c] {
			continue
		}
		all = append(all, c)
		if c.Language != "" {
			spoken = append(spoken, c)
		}
	}
	switch {
	case len(all) == 1:
		return all[0]
	case len(spoken) == 1 && (plainName(path.Base(image)) == "" || shares(spoken[0].Name, image)):
		return spoken[0]
	}
	return nil
}

// shares reports whether an image has one of the words of a name.
func shares(name, image string) bool {
	words := func(text string) []string {
		return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune("-_./", r) })
	}
	theirs := words(image)
	return slices.ContainsFunc(words(name), func(w string) bool { return len(w) > 2 && slices.Contains(theirs, w) })
}

// workloadsOf returns which component each workload runs, as far as
// rehearse.yaml says.
func workloadsOf(components []*project.Component) map[project.Workload]string {
	said := map[project.Workload]string{}
	for _, c := range components {
		for _, w := range c.Workloads {
			said[project.Workload{File: w.File, Kind: w.Kind, Name: w.Name}] = c.Name
		}
	}
	return said
}
