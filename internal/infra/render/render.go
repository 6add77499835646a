// Package render reads blueprints of Render
// (https://render.com/docs/blueprint-spec).
package render

import (
	"context"
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Reader reads blueprints.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "render".
func (Reader) Format() string { return "render" }

// Names reports whether path is render.yaml, or that of an environment.
func (Reader) Names(name string) bool {
	base, ext := path.Base(name), path.Ext(name)
	return (ext == ".yaml" || ext == ".yml") && (strings.HasPrefix(base, "render.") || strings.HasPrefix(base, "render-"))
}

// Read returns a Workload for each service, and a Set for each group of
// variables.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "render"}
	docs, unread, err := infra.YAML(file)
	if err != nil {
		return def, err
	}
	if len(docs) == 0 {
		return def, nil
	}
	r := reader{dir: path.Dir(file.Path), def: &def}
	roots := []*yaml.Node{docs[0].Root}
	for _, project := range docs[0].Root.Get("projects").Items() {
		roots = append(roots, project.Get("environments").Items()...)
	}
	for _, root := range roots {
		for _, g := range root.Get("envVarGroups").Items() {
			supplies, imports := r.variables(g.Get("envVars"))
			def.Sets = append(def.Sets, fact.Set{Kind: group, Name: g.Get("name").Text(), At: g.At, Supplies: supplies, Open: len(imports) > 0})
		}
		for _, s := range root.Get("services").Items() {
			r.service(s)
		}
	}
	if len(def.Workloads)+len(def.Sets) > 0 {
		def.Unread = unread
	}
	return def, nil
}

// group is the kind of the sets that are groups of variables.
const group = "envVarGroup"

type reader struct {
	dir string
	def *fact.Definition
}

func (r *reader) service(s *yaml.Node) {
	kind, name := s.Get("type").Text(), s.Get("name").Text()
	runtime := s.Get("runtime").Text()
	if runtime == "" {
		runtime = s.Get("env").Text() // its name before
	}
	switch {
	case name == "" || kind == "redis" || kind == "keyvalue" || runtime == "static":
		return
	}
	w := fact.Workload{Name: name, Kind: kind, Platform: "render", At: s.Get("name").At, EnvAt: s.KeyAt("envVars"), Once: kind == "cron", Replicas: 1}
	if w.EnvAt.IsZero() {
		w.EnvAt = w.At
	}
	w.Supplies, w.Imports = r.variables(s.Get("envVars"))
	// What is said in the dashboard stays there when a blueprint is applied again.
	w.Imports = append(w.Imports, fact.Import{Ref: fact.Ref{Kind: "Secret", Name: "dashboard of " + name}, At: w.At})
	root := path.Join(r.dir, s.Get("rootDir").Text())
	switch runtime {
	case "image":
		w.Image = s.Get("image", "url").Text()
	case "docker":
		context := path.Join(root, s.Get("dockerContext").Text())
		file := s.Get("dockerfilePath").Text()
		if file == "" {
			file = "Dockerfile"
		}
		w.Build = &fact.BuildFrom{Context: context, Dockerfile: path.Join(root, file), At: w.At}
		if command := s.Get("dockerCommand"); command.Text() != "" {
			w.Args, w.StartAt = []string{"/bin/sh", "-c", command.Text()}, command.At
		}
	default:
		w.Code = root
		if command := s.Get("startCommand"); command.Text() != "" {
			w.Args, w.StartAt = []string{"/bin/sh", "-c", command.Text()}, command.At
		}
	}
	if n, ok := s.Get("numInstances").Int(); ok && n > 1 {
		w.Replicas, w.ReplicasAt = n, s.Get("numInstances").At
	}
	if check := s.Get("healthCheckPath"); check.Text() != "" {
		w.Probes = []fact.Probe{{Kind: "readiness", Scheme: "http", Path: check.Text(), At: check.At}}
	}
	if at := s.Get("disk", "mountPath"); at.Text() != "" {
		w.Mounts = []fact.Mount{{Path: at.Text(), Source: s.Get("disk", "name").Text(), Kind: "volume", Persistent: true, At: at.At}}
	}
	r.def.Workloads = append(r.def.Workloads, w)
}

// variables returns those of a list, and the groups that it takes in whole.
func (r *reader) variables(list *yaml.Node) ([]fact.Supply, []fact.Import) {
	var supplies []fact.Supply
	var imports []fact.Import
	for _, v := range list.Items() {
		if from := v.Get("fromGroup"); from.Text() != "" {
			imports = append(imports, fact.Import{Ref: fact.Ref{Kind: group, Name: from.Text()}, At: from.At})
			continue
		}
		key := v.Get("key")
		if key.Text() == "" {
			continue
		}
		value := fact.Unknowable("it is told on the platform")
		if said := v.Get("value"); said.IsScalar() {
			value = fact.Text(said.Text())
		}
		supplies = append(supplies, fact.Supply{Kind: fact.Variable, Name: key.Text(), At: key.At, Value: value})
	}
	return supplies, imports
}
