package ledger

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
)

// platformed are the formats by which a platform runs what a project gives it:
// each definition stands by itself, and none is laid over another.
var platformed = map[string]hosting{
	"terraform": deploys, "cloudformation": deploys, "serverless": deploys, "ecs": deploys, "fly": deploys, "app-engine": deploys, "cloud-foundry": deploys,
	"render": offers, "heroku": offers, "railway": offers, "vercel": offers, "systemd": offers, "supervisor": offers,
}

// hosting says how much it means that there is such a definition.
type hosting int

const (
	offers  hosting = iota + 1 // it is often one way of several to run the application
	deploys                    // it is how the application is deployed
)

// hosted makes the environments of the definitions of platforms: one for each
// name, of each application in each format. What names no environment is
// production, unless something else is that already: then it has the name of
// its format.
func hosted(groups []*group, taken []*fact.Environment) []*fact.Environment {
	claimed := slices.ContainsFunc(taken, func(e *fact.Environment) bool { return e.Name == production && len(e.Workloads) > 0 })
	formats := map[string]bool{}
	for _, g := range groups {
		if platformed[g.format] == 0 {
			continue
		}
		for _, d := range g.definitions {
			if name := hostedName(d); len(d.Workloads) > 0 && (name == "" || name == production) {
				formats[g.format] = true
			}
		}
	}
	var all []*fact.Environment
	for _, g := range groups {
		if platformed[g.format] == 0 {
			continue
		}
		named := map[string][]fact.Definition{}
		for _, d := range g.definitions {
			name := hostedName(d)
			if name == "" {
				name = production
				if claimed || len(formats) > 1 {
					name = g.format
				}
			}
			named[name] = append(named[name], d)
		}
		for _, name := range sortedKeys(named) {
			all = append(all, layered(name, g.format, named[name]))
		}
	}
	return all
}

// hostedName returns the name of the environment that a platform's definition
// is for, or "". What is called dev there runs on the platform all the same.
func hostedName(d fact.Definition) string {
	if d.Environment != "" {
		if name := hostedWord(d.Environment, true); name != "" {
			return name
		}
		return strings.ToLower(d.Environment)
	}
	parts := strings.Split(d.File, "/")
	slices.Reverse(parts)
	for i, part := range parts {
		if name := hostedWord(part, i == 0); name != "" {
			return name
		}
	}
	return ""
}

func hostedWord(text string, file bool) string {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune("-_. @", r) }) {
		switch name := environmentWords[w]; {
		case slices.Contains([]string{"dev", "develop", "development"}, w):
			return "dev"
		case file && slices.Contains([]string{"test", "testing"}, w):
			return "test"
		case name != "" && (file || name != testRun):
			return name
		}
	}
	return ""
}

// coded links a workload that names no image by the folder of its code, or by
// the file that it starts in: to the component there, or to the nearest above.
func (l *linker) coded(w *fact.Workload) (link, bool) {
	dir := path.Clean(w.Code)
	if w.Entry != "" {
		dir = path.Dir(w.Entry)
	}
	for {
		if c := l.holding(dir, w); c != nil {
			found := link{component: c, why: "folder of the code"}
			return found, true
		}
		if dir == "." || w.Entry == "" {
			return link{}, false
		}
		dir = path.Dir(dir)
	}
}

// holding returns the component whose folder it is; of several the one that
// has the workload's entry, or its name.
func (l *linker) holding(dir string, w *fact.Workload) *Component {
	if w.Entry != "" {
		var found []*Component
		for _, c := range l.all {
			if path.Clean(c.Dir) == dir && c.entry(w.Entry) != "" {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			return found[0]
		}
	}
	return l.in(dir, w.Name)
}

// sidecars are images that run beside an application for the sake of the
// platform, by owner and name.
var sidecars = []string{
	"datadog/agent", "aws-observability/aws-otel-collector", "amazon/aws-otel-collector", "amazon/aws-for-fluent-bit", "aws-observability/aws-for-fluent-bit",
	"amazon/aws-xray-daemon", "xray/aws-xray-daemon", "amazon/cloudwatch-agent", "fluent/fluent-bit", "newrelic/newrelic-fluentbit-output",
	"newrelic/nri-ecs", "cloud-sql-connectors/cloud-sql-proxy", "cloudsql-docker/gce-proxy", "envoyproxy/envoy", "newrelic/k8s-events-forwarder",
}

// sidecar reports whether an image runs beside an application.
func sidecar(name string) bool {
	return slices.ContainsFunc(sidecars, func(s string) bool { return name == s || strings.HasSuffix(name, "/"+s) })
}

// madeBy returns the one component that is built by a Dockerfile of the name of
// an image: docker/api.Dockerfile and Dockerfile.api build shop-api.
func (l *linker) madeBy(image string) (*Component, string) {
	var found *Component
	var by string
	for _, c := range l.all {
		for _, file := range c.Dockerfiles {
			base := strings.ToLower(path.Base(file))
			words := strings.FieldsFunc(strings.TrimPrefix(strings.TrimSuffix(base, ".dockerfile"), "dockerfile"), func(r rune) bool { return strings.ContainsRune("-_.", r) })
			words = slices.DeleteFunc(words, func(w string) bool { return environmentWords[w] != "" })
			if name := strings.Join(words, "-"); name == "" || name == "dockerfile" || !sameName(name, image) {
				continue
			}
			if found != nil && found != c {
				return nil, ""
			}
			found, by = c, file
		}
	}
	return found, by
}
