// Package circleci reads pipelines of CircleCI
// (https://circleci.com/docs/configuration-reference/): what the jobs are given,
// and which images they build. What orbs do is not read.
package circleci

import (
	"context"
	"path"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/pipeline"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Reader reads .circleci/config.yml.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "circleci".
func (Reader) Format() string { return "circleci" }

// Names reports whether path is a YAML file right in a folder .circleci.
func (Reader) Names(name string) bool {
	ext := path.Ext(name)
	return path.Base(path.Dir(name)) == ".circleci" && (ext == ".yml" || ext == ".yaml")
}

// maxSteps bounds the steps of a pipeline that are looked at.
const maxSteps = 1 << 14

// Read returns a Workload for each job, for each container beside it, and for
// each image that it builds.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "circleci"}
	docs, unread, err := infra.YAML(file)
	if err != nil {
		return def, err
	}
	if len(docs) == 0 || !docs[0].Root.Get("jobs").IsMap() {
		return def, nil
	}
	def.Unread = unread
	root := docs[0].Root
	steps := 0
	for _, p := range root.Get("jobs").Pairs() {
		job := p.Value
		executor := job
		if name := job.Get("executor"); name != nil {
			called := name.Text()
			if name.IsMap() {
				called = name.Get("name").Text()
			}
			executor = root.Get("executors", called)
		}
		w := fact.Workload{Name: p.Name(), Kind: "job", Namespace: p.Name(), At: p.Key.At, EnvAt: p.Key.At, Once: true, Replicas: 1}
		if at := job.KeyAt("environment"); !at.IsZero() {
			w.EnvAt = at
		}
		images := executor.Get("docker").Items()
		for i, image := range images {
			if i == 0 {
				w.Image = image.Get("image").Text()
				w.Supplies = append(w.Supplies, variables(image.Get("environment"))...)
				continue
			}
			def.Workloads = append(def.Workloads, fact.Workload{
				Name: image.Get("image").Text(), Kind: "service", Namespace: p.Name(), At: image.At, EnvAt: image.At, Replicas: 1,
				Image: image.Get("image").Text(), Supplies: variables(image.Get("environment")),
			})
		}
		if executor != job {
			w.Supplies = append(w.Supplies, variables(executor.Get("environment"))...)
		}
		w.Supplies = append(w.Supplies, variables(job.Get("environment"))...)
		def.Workloads = append(def.Workloads, w)
		known := map[string]string{}
		for _, s := range w.Supplies {
			known[s.Name] = s.Value.Reveal()
		}
		for _, step := range job.Get("steps").Items() {
			if steps++; steps > maxSteps {
				return def, nil
			}
			run := step.Get("run")
			dir := run.Get("working_directory").Text()
			if run.IsMap() {
				run = run.Get("command")
			}
			at := func(line int) source.Span {
				if run.Literal() {
					return source.Span{File: run.At.File, Line: run.At.Line + line}
				}
				return run.At
			}
			def.Workloads = append(def.Workloads, pipeline.Steps(p.Name(), pipeline.Builds(run.Text(), path.Clean(dir), known), at)...)
		}
	}
	return def, nil
}

// variables returns those of a mapping, or of a list of mappings.
func variables(n *yaml.Node) []fact.Supply {
	var all []fact.Supply
	for _, item := range append([]*yaml.Node{n}, n.Items()...) {
		for _, p := range item.Pairs() {
			all = append(all, fact.Supply{Kind: fact.Variable, Name: p.Name(), At: p.Key.At, Value: fact.Text(p.Value.Text())})
		}
	}
	return all
}
