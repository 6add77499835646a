// Package gitlab reads pipelines of GitLab
// (https://docs.gitlab.com/ci/yaml/): what the jobs and their services are
// given, and which images they build.
package gitlab

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/pipeline"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Composer reads .gitlab-ci.yml with the files of the tree that it includes.
type Composer struct{}

var _ infra.Composer = Composer{}

// Format returns "gitlab-ci".
func (Composer) Format() string { return "gitlab-ci" }

// Begins reports whether path is .gitlab-ci.yml.
func (Composer) Begins(name string) bool {
	base := path.Base(name)
	return base == ".gitlab-ci.yml" || base == ".gitlab-ci.yaml"
}

// The bounds on a pipeline.
const (
	maxFiles = 64
	maxDepth = 16      // jobs that extend one another
	maxHeld  = 1 << 16 // variables that jobs take over
)

// Compose returns a Workload for each job, for each of its services, and for
// each image that it builds.
func (Composer) Compose(_ context.Context, tree infra.Tree, root source.File) ([]infra.Composition, error) {
	r := reader{tree: tree, jobs: map[string]yaml.Pair{}, def: fact.Definition{File: root.Path, Format: "gitlab-ci"}}
	if err := r.file(root); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(r.jobs)) {
		if !strings.HasPrefix(name, ".") {
			r.job(name)
		}
	}
	return []infra.Composition{{Definition: r.def, Parts: r.parts}}, nil
}

type reader struct {
	tree  infra.Tree
	roots []*yaml.Node
	jobs  map[string]yaml.Pair
	parts []string
	held  int
	def   fact.Definition
}

// file reads a file and those that it includes; what stands in it goes before
// what it includes.
func (r *reader) file(file source.File) error {
	r.parts = append(r.parts, file.Path)
	docs, unread, err := infra.YAML(file)
	if err != nil {
		return err
	}
	r.def.Unread = append(r.def.Unread, unread...)
	if len(docs) == 0 {
		return nil
	}
	root := docs[len(docs)-1].Root // before it stands the header of a component
	for _, p := range root.Pairs() {
		if _, known := r.jobs[p.Name()]; !known && isJob(p) {
			r.jobs[p.Name()] = p
		}
	}
	r.roots = append(r.roots, root)
	for _, name := range included(root.Get("include")) {
		name = strings.TrimPrefix(name, "/")
		if len(r.parts) == maxFiles || slices.Contains(r.parts, name) || strings.Contains(name, "*") {
			continue
		}
		if in, err := r.tree.Read(name); err == nil {
			if err := r.file(in); err != nil {
				r.def.Unread = append(r.def.Unread, source.Unread{At: source.Span{File: name}, Reason: err.Error(), Broken: true})
			}
		}
	}
	return nil
}

// keywords are the keys of a pipeline that are no jobs.
var keywords = []string{"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script", "after_script", "spec", "pages"}

func isJob(p yaml.Pair) bool {
	return p.Value.IsMap() && !slices.Contains(keywords, p.Name())
}

func included(n *yaml.Node) []string {
	items := n.Items()
	if !n.IsList() && !n.IsNull() {
		items = []*yaml.Node{n}
	}
	var names []string
	for _, item := range items {
		switch local := item.Get("local"); {
		case local.IsScalar():
			names = append(names, local.Text())
		case item.IsScalar() && !strings.Contains(item.Text(), "://"):
			names = append(names, item.Text())
		}
	}
	return names
}

// get returns what a job says under a key, or what the nearest job says that it
// extends.
func (r *reader) get(job *yaml.Node, key string, depth int) *yaml.Node {
	if n := job.Get(key); n != nil || depth > maxDepth {
		return n
	}
	bases := job.Get("extends").Texts()
	if name := job.Get("extends").Text(); name != "" {
		bases = []string{name}
	}
	for _, name := range slices.Backward(bases) {
		if n := r.get(r.jobs[name].Value, key, depth+1); n != nil {
			return n
		}
	}
	return nil
}

// variables returns those that a job has: of the pipeline, of the jobs that it
// extends, its own.
func (r *reader) variables(job *yaml.Node, depth int) []fact.Supply {
	var all []fact.Supply
	if depth > maxDepth {
		return nil
	}
	bases := job.Get("extends").Texts()
	if name := job.Get("extends").Text(); name != "" {
		bases = []string{name}
	}
	for _, name := range bases {
		all = cloud.Over(all, r.variables(r.jobs[name].Value, depth+1))
	}
	return cloud.Over(all, variables(job.Get("variables")))
}

func variables(n *yaml.Node) []fact.Supply {
	var all []fact.Supply
	for _, p := range n.Pairs() {
		text := p.Value
		if text.IsMap() {
			text = text.Get("value")
		}
		value := fact.Text(text.Text())
		if strings.Contains(text.Text(), "$") {
			value = fact.Unknowable("it is made of other variables")
		}
		all = append(all, fact.Supply{Kind: fact.Variable, Name: p.Name(), At: p.Key.At, Value: value})
	}
	return all
}

func (r *reader) job(name string) {
	p := r.jobs[name]
	var shared []fact.Supply
	for _, root := range slices.Backward(r.roots) {
		shared = cloud.Over(shared, variables(root.Get("variables")))
	}
	supplies := cloud.Over(shared, r.variables(p.Value, 0))
	if r.held += len(supplies); r.held > maxHeld {
		return
	}
	w := fact.Workload{Name: name, Kind: "job", Namespace: name, At: p.Key.At, EnvAt: p.Key.At, Once: true, Replicas: 1, Supplies: supplies}
	if at := p.Value.KeyAt("variables"); !at.IsZero() {
		w.EnvAt = at
	}
	image := r.get(p.Value, "image", 0)
	for _, root := range r.roots {
		for _, n := range []*yaml.Node{root.Get("image"), root.Get("default", "image")} {
			if image == nil {
				image = n
			}
		}
	}
	w.Image = imageOf(image)
	r.def.Workloads = append(r.def.Workloads, w)
	for _, s := range r.get(p.Value, "services", 0).Items() {
		service := fact.Workload{Name: imageOf(s), Kind: "service", Namespace: name, At: s.At, EnvAt: s.At, Replicas: 1, Image: imageOf(s), Supplies: variables(s.Get("variables"))}
		if alias := s.Get("alias").Text(); alias != "" {
			service.Name = alias
		}
		r.def.Workloads = append(r.def.Workloads, service)
	}
	known := map[string]string{}
	for _, s := range supplies {
		if s.Value.Origin == fact.Literal {
			known[s.Name] = s.Value.Reveal()
		}
	}
	for _, script := range lines(r.get(p.Value, "script", 0)) {
		at := func(line int) source.Span {
			if script.Literal() {
				return source.Span{File: script.At.File, Line: script.At.Line + line}
			}
			return script.At
		}
		r.def.Workloads = append(r.def.Workloads, pipeline.Steps(name, pipeline.Builds(script.Text(), ".", known), at)...)
	}
}

func imageOf(n *yaml.Node) string {
	if n.IsMap() {
		return n.Get("name").Text()
	}
	return n.Text()
}

// maxLines bounds the lines of a job that are looked at.
const maxLines = 1024

// lines returns the lines of a script: a text, a list, or lists in a list.
func lines(n *yaml.Node) []*yaml.Node {
	if n.IsScalar() {
		return []*yaml.Node{n}
	}
	var all []*yaml.Node
	for _, item := range n.Items() {
		if item.IsScalar() {
			all = append(all, item)
		}
		all = append(all, item.Items()...)
		if len(all) > maxLines {
			break
		}
	}
	return all
}
