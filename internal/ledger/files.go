package ledger

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// Why is a reason, and the line that gives it.
type Why struct {
	What string
	At   source.Span
}

// Lacks reports whether a file of the working tree is certain not to be in the
// image of the run, and why. What is not known is not lacking: an image that is
// not built here, a Dockerfile that is not understood, a volume over the place.
func (r *Run) Lacks(file string) (Why, bool) {
	if r.Stage == nil || r.Workload == nil {
		return Why{}, false
	}
	for _, m := range r.Workload.Mounts {
		if path.Base(m.Path) == path.Base(file) || strings.HasPrefix(r.Stage.WorkDir+"/", strings.TrimSuffix(m.Path, "/")+"/") {
			return Why{}, false
		}
	}
	context := path.Dir(r.Dockerfile)
	if r.Workload.Build != nil {
		context = r.Workload.Build.Context
	} else if r.context != "" {
		context = r.context
	}
	inContext := source.Relative(context, file)
	if inContext == "" {
		return Why{"it is outside of the build context " + context, r.Stage.At}, true
	}
	if r.ignored != nil {
		if why, ok := r.ignored(context, inContext); ok {
			return why, true
		}
	}
	for _, step := range r.Stage.Steps {
		if step.Kind == "run" || step.From != "" {
			continue
		}
		for _, from := range step.Sources {
			if matches(from, inContext) {
				return Why{}, false
			}
		}
	}
	if slices.ContainsFunc(r.Stage.Steps, func(s fact.Step) bool { return s.From != "" && !strings.Contains(path.Base(s.Target), ".") && broad(s) }) {
		return Why{}, false // what another stage hands on is not followed here
	}
	return Why{"nothing copies it", r.Stage.At}, true
}

// broad reports whether a copy may bring along files that it does not name.
func broad(s fact.Step) bool {
	return slices.ContainsFunc(s.Sources, func(from string) bool {
		base := path.Base(from)
		return strings.ContainsAny(from, "*?") || strings.HasSuffix(from, "/") || from == "." || base == "app" || base == "src"
	})
}

// matches reports whether a source of a COPY covers a file of the context.
func matches(from, file string) bool {
	from = strings.TrimPrefix(path.Clean(from), "/")
	if from == "." || from == "" || from == file || strings.HasPrefix(file, from+"/") {
		return true
	}
	ok, err := path.Match(from, file)
	if ok || err != nil {
		return true
	}
	first, _, _ := strings.Cut(file, "/")
	ok, _ = path.Match(from, first)
	return ok
}
