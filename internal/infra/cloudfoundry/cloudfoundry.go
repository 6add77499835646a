// Package cloudfoundry reads the manifests of applications on Cloud Foundry
// (https://docs.cloudfoundry.org/devguide/deploy-apps/manifest-attributes.html).
package cloudfoundry

import (
	"context"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Reader reads manifest.yml.
type Reader struct{}

var _ infra.Reader = Reader{}

// format is the name of the format and of the platform.
const format = "cloud-foundry"

// Format returns "cloud-foundry".
func (Reader) Format() string { return format }

// Names reports whether path is manifest.yml or that of an environment:
// manifest-production.yml, manifest.staging.yml.
func (Reader) Names(name string) bool {
	base, ext := path.Base(name), path.Ext(name)
	if ext != ".yml" && ext != ".yaml" {
		return false
	}
	stem := strings.TrimSuffix(base, ext)
	return stem == "manifest" || strings.HasPrefix(stem, "manifest-") || strings.HasPrefix(stem, "manifest_") || strings.HasPrefix(stem, "manifest.")
}

// Read returns a Workload for each process of each application.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: format}
	docs, unread, err := infra.YAML(file)
	if err != nil || len(docs) == 0 {
		return def, nil // any file may be called so
	}
	root := docs[0].Root
	apps := root.Get("applications")
	if !apps.IsList() || !root.Get("apiVersion").IsNull() {
		return def, nil
	}
	def.Unread = unread
	for _, app := range apps.Items() {
		if app.IsMap() && app.Get("name").Text() != "" {
			def.Workloads = append(def.Workloads, processes(file.Path, app)...)
		}
	}
	return def, nil
}

// processes returns what runs of an application: itself where it names no
// processes, else each of these.
func processes(file string, app *yaml.Node) []fact.Workload {
	shared := application(file, app)
	list := app.Get("processes").Items()
	if len(list) == 0 {
		web := shared
		run(&web, app)
		return []fact.Workload{web}
	}
	var all []fact.Workload
	for _, p := range list {
		w := shared
		kind := p.Get("type").Text()
		w.Supplies = slices.Clone(shared.Supplies)
		w.At = p.At
		if kind != "web" {
			w.Name, w.Ports = w.Name+"-"+kind, nil
		}
		run(&w, p)
		all = append(all, w)
	}
	return all
}

// folders hold manifests of the application above them.
var folders = []string{"manifests", "manifest", "deploy", "deployment", "cf", ".cloudgov", "cloudgov", "paas", "config", "infra", "ops"}

// application returns what every process of an application has.
func application(file string, app *yaml.Node) fact.Workload {
	dir := path.Dir(file)
	for slices.Contains(folders, path.Base(dir)) {
		dir = path.Dir(dir)
	}
	w := fact.Workload{
		Name: plain(app.Get("name").Text()), Kind: "app", Platform: format, At: app.Get("name").At, EnvAt: app.KeyAt("env"), Code: dir, Replicas: 1,
		// What cf set-env says, and what bound services give, is in no file.
		Imports: []fact.Import{{Ref: fact.Ref{Kind: "Secret", Name: "variables that cf set-env gives"}, At: app.Get("name").At}},
	}
	if w.EnvAt.IsZero() {
		w.EnvAt = w.At
	}
	if at := app.Get("path"); at.Text() != "" && !strings.Contains(at.Text(), "((") {
		if said := path.Join(path.Dir(file), at.Text()); !strings.HasPrefix(said, "../") && path.Ext(said) == "" {
			w.Code = said
		}
	}
	if image := app.Get("docker", "image"); image.Text() != "" {
		w.Code, w.Image = "", plain(image.Text())
	}
	for _, p := range app.Get("env").Pairs() {
		w.Supplies = append(w.Supplies, fact.Supply{Kind: fact.Variable, Name: p.Name(), At: p.Key.At, Value: value(p.Value)})
	}
	if app.Get("no-route").Text() != "true" && app.Get("health-check-type").Text() != "process" {
		// https://docs.cloudfoundry.org/devguide/deploy-apps/environment-variable.html#PORT
		w.Ports = []fact.Port{{Number: 8080, At: w.At}}
	}
	return w
}

// run reads what an application and a process of it can both say.
func run(w *fact.Workload, n *yaml.Node) {
	if command := n.Get("command"); command.Text() != "" && command.Text() != "null" {
		w.Args, w.StartAt = []string{"/bin/sh", "-c", command.Text()}, command.At
	}
	if instances, ok := n.Get("instances").Int(); ok && instances > 1 {
		w.Replicas, w.ReplicasAt = instances, n.Get("instances").At
	}
	if n.Get("health-check-type").Text() == "process" {
		w.Ports = nil
	}
	if at := n.Get("health-check-http-endpoint"); at.Text() != "" && len(w.Ports) > 0 {
		w.Probes = []fact.Probe{{Kind: "liveness", Scheme: "http", Path: at.Text(), Port: w.Ports[0].Number, At: at.At}}
	}
}

// plain returns a name without what is filled in when it is pushed.
func plain(name string) string {
	for {
		before, rest, found := strings.Cut(name, "((")
		_, after, closed := strings.Cut(rest, "))")
		if !found || !closed {
			return strings.Trim(name, "-_")
		}
		name = before + after
	}
}

// value returns what a variable has; one that is filled in when it is pushed is
// not known.
func value(n *yaml.Node) fact.Value {
	if text := n.Text(); strings.Contains(text, "((") || strings.Contains(text, "{{") || strings.Contains(text, "${") {
		return fact.Unknowable("it is filled in when it is pushed")
	}
	return fact.Text(n.Text())
}
