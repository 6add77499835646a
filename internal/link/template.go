package link

import (
	"path"
	"regexp"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/project"
)

// templated are files that templates of OpenShift stand in: what builds an
// application and what deploys it lie in two of one beginning, api.bc.yaml and
// api.dc.yaml.
var templated = regexp.MustCompile(`^_?(.+?)[-._](?:dc|bc|deploy|deployment|build|buildconfig|build-config|deploymentconfig|deployment-config)(?:[-._]template)?\.(?:ya?ml|json)$`)

// stem returns the beginning; "" where the file is none of them.
func stem(file string) string {
	m := templated.FindStringSubmatch(path.Base(file))
	if m == nil || environment.Word(m[1]) {
		return ""
	}
	return m[1]
}

// built takes in the images that definitions build without saying what runs them.
func (l *Linker) built(definitions []fact.Definition) {
	several := map[string]bool{}
	for _, d := range definitions {
		for _, b := range d.Builds {
			if name := Repository(b.Image); plainName(name) != "" {
				if known := l.builds[name]; known.why != "" && !l.sameBuild(known.from, b.From, name) {
					l.shared[name] = true
				}
				if l.builds[name].why == "" {
					l.builds[name] = build{b.From, "image name, built by " + d.File}
				}
			}
			if begin := stem(b.From.At.File); begin != "" {
				if known, ok := l.stems[begin]; ok && !l.sameBuild(known, b.From, begin) {
					several[begin] = true
				}
				l.stems[begin] = b.From
			}
		}
	}
	for begin := range several {
		delete(l.stems, begin)
	}
}

// beginning links a workload whose image has no name before it is filled in by
// the file that it stands in: to what its sister builds, or to the component of
// that name.
func (l *Linker) beginning(w *fact.Workload) (Tie, bool) {
	begin := stem(w.At.File)
	if begin == "" || w.Init || plainName(strings.TrimSpace(path.Base(Repository(w.Image)))) != "" && w.Kind != "DeploymentConfig" || strings.Contains(Repository(w.Image), "/") {
		return Tie{}, false
	}
	if from, ok := l.stems[begin]; ok {
		found, ok := l.Built(from, begin, "file of the template")
		if ok {
			return found, true
		}
		if c := l.first(from.Context); c != nil {
			found.Component = c
			found.Stage, found.Dockerfile = l.stageOf(c, nil)
			return found, true
		}
	}
	if c := l.named(begin); c != nil {
		found := Tie{Component: l.behind(c), Why: "file of the template"}
		found.Stage, found.Dockerfile = l.stageOf(c, nil)
		return found, true
	}
	return Tie{}, false
}

// first returns, of several components in a folder, the one that the others are
// named after: of backend and backend-migrate, backend.
func (l *Linker) first(dir string) *project.Component {
	var found *project.Component
	for _, c := range l.all {
		if path.Clean(c.Dir) == path.Clean(dir) && (found == nil || strings.HasPrefix(found.Name, c.Name)) {
			found = c
		}
	}
	for _, c := range l.all {
		if path.Clean(c.Dir) == path.Clean(dir) && !strings.HasPrefix(c.Name, found.Name) {
			return nil
		}
	}
	return found
}
