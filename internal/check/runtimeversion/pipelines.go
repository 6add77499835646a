package runtimeversion

import (
	"fmt"
	"regexp"
	"slices"

	"rehearse/internal/finding"
	"rehearse/internal/manifest"
)

// pipelines finds pipelines of which every runtime of a language is one that all
// manifests that ask for any refuse.
func (r *run) pipelines() {
	demands := map[manifest.Ecosystem][]manifest.Runtime{}
	for _, m := range r.packages.Manifests {
		for _, d := range m.Runtimes {
			if d.Demand {
				demands[d.Language] = append(demands[d.Language], d)
			}
		}
	}
	for _, p := range r.packages.Pipelines {
		r.newest(p, demands[manifest.Python])
		var told []manifest.Ecosystem
		for _, t := range p.Runtimes {
			asked := demands[t.Language]
			if len(asked) == 0 || !works(p, t.Language) || slices.Contains(told, t.Language) || slices.ContainsFunc(p.Runtimes, func(o manifest.Runtime) bool { return o.Language == t.Language && !refused(o, asked) }) {
				continue
			}
			told = append(told, t.Language)
			d := asked[0]
			f := r.differ(finding.Info, r.ledger.Around(d.At.File), r.ledger.Pipeline(p.File), t, d)
			switch t.Language {
			case manifest.Java, manifest.Ruby, manifest.PHP:
				f.Severity = finding.Warning // nothing is compiled or installed with another
			}
			f.Message = fmt.Sprintf("%s asks for %s %s, and %s uses %s", d.At.File, names[t.Language], d.Range, p.File, t.Range)
			f.Consequence = "the pipeline refuses the runtime, or tests what is never deployed"
			r.add(f)
		}
	}
}

// newest is the command by which uv installs the latest Python, where no file names
// a version (https://docs.astral.sh/uv/guides/install-python/).
var newest = regexp.MustCompile(`(?m)\buv python install[ \t]*(?:$|[;&|#])`)

// newest tells of a pipeline that installs the latest Python, while a manifest asks
// for an earlier one.
func (r *run) newest(p *manifest.Pipeline, asked []manifest.Runtime) {
	if slices.ContainsFunc(r.packages.Runtimes, func(t manifest.Runtime) bool { return t.Language == manifest.Python }) {
		return
	}
	for _, d := range asked {
		latest, known := manifest.Allows(manifest.Python, d.Range, "3.999.0")
		if latest || !known {
			continue
		}
		for _, c := range p.Commands {
			if !newest.MatchString(c.Text) {
				continue
			}
			f := r.differ(finding.Info, r.ledger.Around(d.At.File), r.ledger.Pipeline(p.File), manifest.Runtime{Language: manifest.Python, Range: "the latest", At: c.At, Text: "uv python install"}, d)
			f.Message = fmt.Sprintf("%s asks for Python %s, and %s installs whatever version is newest", d.At.File, d.Range, p.File)
			f.Consequence = "the pipeline tests with a version that is never deployed, from the day on which a newer one is there"
			r.add(f)
			return
		}
	}
}

// working are commands that need the runtime which a manifest asks for.
var working = map[manifest.Ecosystem]*regexp.Regexp{
	manifest.Java:   regexp.MustCompile(`\b(?:mvnw?|gradlew?)\b[^\n]*\b(?:build|test|verify|package|check|assemble|install|compile|bootJar|bootBuildImage|deploy|publish)\b`),
	manifest.Ruby:   regexp.MustCompile(`\b(?:bundle|rails|rake|rspec)\b`),
	manifest.PHP:    regexp.MustCompile(`\bcomposer (?:install|i)\b`),
	manifest.Node:   regexp.MustCompile(`\b(?:npm (?:ci|i|install)|yarn|pnpm (?:i|install))\b`),
	manifest.Python: regexp.MustCompile(`\b(?:pip install -r|pip install \.|poetry install|uv sync|pipenv install|pdm install)`),
	manifest.Rust:   regexp.MustCompile(`\bcargo (?:build|test)\b`),
}

// works reports whether a pipeline does anything for which the version counts.
func works(p *manifest.Pipeline, e manifest.Ecosystem) bool {
	pattern := working[e]
	return pattern != nil && slices.ContainsFunc(p.Commands, func(c manifest.Script) bool { return pattern.MatchString(c.Text) })
}

// refused reports whether a runtime is certain to be none that anything asks for.
func refused(t manifest.Runtime, asked []manifest.Runtime) bool {
	return !slices.ContainsFunc(asked, func(d manifest.Runtime) bool {
		ok, known := manifest.Allows(t.Language, d.Range, t.Range)
		return ok || !known
	})
}
