package runtimeversion

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/link"
	"rehearse/internal/manifest"
)

// installed are the folders into which packages are installed, which hold what was
// compiled for one version of the runtime, or lie at a path that has it in its name
// (https://nodejs.org/api/n-api.html, https://docs.python.org/3/library/site.html,
// https://bundler.io/man/bundle-install.1.html).
var installed = map[manifest.Ecosystem]*regexp.Regexp{
	manifest.Node:   regexp.MustCompile(`node_modules`),
	manifest.Python: regexp.MustCompile(`site-packages|/\.?venv\b|/usr/local(?:/lib)?/?$|/root/\.local|/opt/venv|/install/?$`),
	manifest.Ruby:   regexp.MustCompile(`/usr/local/bundle|vendor/bundle|/gems\b`),
}

// stages finds packages that one stage of an image installs and another, of another
// version of the runtime, takes over.
func (r *run) stages(b *ledger.Build, component string) {
	all := b.Stages()
	for n, s := range all {
		to, ok := runtimeOf(all, n)
		if !ok || installed[to.Language] == nil {
			continue
		}
		for _, step := range s.Steps {
			m, named := link.StageBefore(all, step.From, n)
			if step.From == "" || !named {
				continue
			}
			from, ok := runtimeOf(all, m)
			if !ok || from.Language != to.Language || !manifest.Differ(to.Language, from.Range, to.Range) || !takes(step, to.Language) {
				continue
			}
			severity := finding.Warning
			if to.Language == manifest.Node {
				severity = finding.Info // only packages that are compiled mind
			}
			f := r.differ(severity, component, b.Environment(), to, from)
			f.Message = fmt.Sprintf("packages are installed with %s %s and run with %s", names[to.Language], from.Range, to.Range)
			f.Consequence = "what was compiled for the one version does not load in the other, or is looked for in another folder"
			r.add(f)
		}
	}
}

// runtimeOf returns the runtime of a stage, or of the stage that it is built on.
func runtimeOf(stages []fact.Stage, n int) (manifest.Runtime, bool) {
	for {
		m, named := link.StageBefore(stages, stages[n].Base, n)
		if !named {
			found, ok := manifest.ImageRuntime(stages[n].Base)
			found.At = stages[n].At
			return found, ok && found.Range != ""
		}
		n = m
	}
}

// takes reports whether a step copies what is installed.
func takes(step fact.Step, e manifest.Ecosystem) bool {
	for _, p := range append([]string{step.Target}, step.Sources...) {
		if installed[e].MatchString(strings.TrimSuffix(path.Clean("/"+p), "/")) {
			return true
		}
	}
	return false
}
