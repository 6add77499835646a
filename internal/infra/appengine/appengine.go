// Package appengine reads the configurations of services on Google App Engine
// (https://cloud.google.com/appengine/docs/standard/reference/app-yaml).
package appengine

import (
	"context"
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Reader reads app.yaml.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "app-engine".
func (Reader) Format() string { return "app-engine" }

// Names reports whether path is app.yaml or that of an environment:
// app.staging.yaml, app-prod.yaml.
func (Reader) Names(name string) bool {
	base, ext := path.Base(name), path.Ext(name)
	return (ext == ".yaml" || ext == ".yml") && (strings.HasPrefix(base, "app.") || strings.HasPrefix(base, "app-"))
}

// Read returns one Workload: the service that the file deploys.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "app-engine"}
	docs, unread, err := infra.YAML(file)
	if err != nil || len(docs) == 0 {
		return fact.Definition{}, nil // any file may be called so
	}
	root := docs[0].Root
	runtime := root.Get("runtime")
	if !runtime.IsScalar() || !root.Get("apiVersion").IsNull() || !root.Get("services").IsNull() {
		return def, nil
	}
	def.Unread = unread
	dir := path.Dir(file.Path)
	w := fact.Workload{
		Name: root.Get("service").Text(), Kind: "service", Platform: "app-engine", At: runtime.At, EnvAt: runtime.At, Code: dir, Replicas: 1,
	}
	if w.Name == "" {
		w.Name = "default"
	}
	if at := root.KeyAt("env_variables"); !at.IsZero() {
		w.EnvAt = at
	}
	for _, p := range root.Get("env_variables").Pairs() {
		w.Supplies = append(w.Supplies, fact.Supply{Kind: fact.Variable, Name: p.Name(), At: p.Key.At, Value: value(p.Value)})
	}
	if in := root.Get("includes"); !in.IsNull() {
		// What is secret is most often kept in a file that git ignores.
		w.Imports = append(w.Imports, fact.Import{Ref: fact.Ref{Kind: "Secret", Name: "included by " + file.Path}, At: in.At})
	}
	if command := root.Get("entrypoint"); command.Text() != "" {
		w.Args, w.StartAt = []string{"/bin/sh", "-c", command.Text()}, command.At
	}
	if runtime.Text() == "custom" {
		w.Code, w.Build = "", &fact.BuildFrom{Context: dir, Dockerfile: path.Join(dir, "Dockerfile"), At: runtime.At}
	}
	if n, ok := root.Get("manual_scaling", "instances").Int(); ok && n > 1 {
		w.Replicas, w.ReplicasAt = n, root.Get("manual_scaling", "instances").At
	}
	for _, kind := range []string{"liveness", "readiness"} {
		if check := root.Get(kind+"_check", "path"); check.Text() != "" {
			w.Probes = append(w.Probes, fact.Probe{Kind: kind, Scheme: "http", Path: check.Text(), At: check.At})
		}
	}
	def.Workloads = []fact.Workload{w}
	return def, nil
}

// value returns what a variable has; one that a pipeline fills in is not known.
func value(n *yaml.Node) fact.Value {
	if text := n.Text(); strings.Contains(text, "$") || strings.Contains(text, "{{") {
		return fact.Unknowable("it is filled in before it is deployed")
	}
	return fact.Text(n.Text())
}
