// Package serverless reads the configurations of the Serverless Framework
// (https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml):
// once for each stage that it tells apart.
package serverless

import (
	"context"
	"path"
	"slices"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Composer reads serverless.yml with the files that it takes in.
type Composer struct{}

var _ infra.Composer = Composer{}

// Format returns "serverless".
func (Composer) Format() string { return "serverless" }

// Begins reports whether path is serverless.yml or serverless.yaml.
func (Composer) Begins(name string) bool {
	base := path.Base(name)
	return base == "serverless.yml" || base == "serverless.yaml"
}

// maxStages bounds the stages that are told apart.
const maxStages = 16

// Compose returns a definition for each stage by which something is chosen, or
// one where nothing is.
func (Composer) Compose(ctx context.Context, tree infra.Tree, root source.File) ([]infra.Composition, error) {
	docs, unread, err := infra.YAML(root)
	if err != nil || len(docs) == 0 || !docs[0].Root.IsMap() {
		return nil, err
	}
	if docs[0].Root.Get("provider").IsNull() {
		return nil, nil // of Serverless Components, or of something else
	}
	first := read(tree, root, docs[0].Root, "")
	stages := first.stages
	for _, key := range []string{"params", "stages"} {
		for _, p := range docs[0].Root.Get(key).Pairs() {
			if p.Name() != "default" {
				stages = append(stages, p.Name())
			}
		}
	}
	slices.Sort(stages)
	stages = slices.Compact(stages)
	if len(stages) == 0 || len(stages) > maxStages {
		first.def.Unread = append(unread, first.def.Unread...)
		return []infra.Composition{{Definition: first.def, Parts: first.parts}}, nil
	}
	var all []infra.Composition
	for _, stage := range stages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := read(tree, root, docs[0].Root, stage)
		r.def.Environment = stage
		r.def.Unread = append(r.def.Unread, unread...)
		all = append(all, infra.Composition{Definition: r.def, Environment: stage, Parts: r.parts})
	}
	return all, nil
}

// reader reads one configuration for one stage.
type reader struct {
	tree   infra.Tree
	dir    string
	root   *yaml.Node
	stage  string // "" where none is chosen
	parts  []string
	stages []string // the keys of mappings of which the stage chooses one
	files  map[string]*yaml.Node
	steps  int
	def    fact.Definition
}

func read(tree infra.Tree, file source.File, root *yaml.Node, stage string) *reader {
	r := &reader{
		tree: tree, dir: path.Dir(file.Path), root: root, stage: stage, parts: []string{file.Path}, files: map[string]*yaml.Node{},
		def: fact.Definition{File: file.Path, Format: "serverless"},
	}
	provider := r.node(root.Get("provider"), 0)
	shared := provider.Get("environment")
	lists := []*cloud.Node{r.node(root.Get("functions"), 0)}
	if lists[0].IsList() {
		lists = lists[0].Items()
	}
	for _, functions := range lists {
		for _, p := range functions.Pairs() {
			r.function(p, provider, shared)
		}
		if functions.IsUnknown() {
			r.unread(functions.At, "functions that are computed")
		}
	}
	r.undefined()
	return r
}

func (r *reader) unread(at source.Span, reason string) {
	if at.IsZero() {
		at.File = r.def.File
	}
	r.def.Unread = append(r.def.Unread, source.Unread{At: at, Reason: reason})
}

func (r *reader) function(p cloud.Pair, provider, shared *cloud.Node) {
	f := p.Value
	w := fact.Workload{
		Name: p.Key, Kind: "function", Platform: platforms[provider.Get("name").Text()], At: p.At, Replicas: 1,
		EnvAt: p.At, StartAt: f.KeyAt("handler"),
	}
	for _, n := range []*cloud.Node{shared, f.Get("environment")} {
		supplies, more := n.Variables()
		w.Supplies, w.Imports = cloud.Over(w.Supplies, supplies), append(w.Imports, more...)
		if n.IsMap() && !n.At.IsZero() {
			w.EnvAt = n.At
		}
	}
	if image := f.Get("image"); !image.IsNull() {
		r.image(&w, image, provider)
	} else {
		runtime := f.Get("runtime")
		if runtime == nil {
			runtime = provider.Get("runtime")
		}
		cloud.Function(&w, cloud.Source(r.dir), f.Get("handler").Text(), runtime.Text())
	}
	if w.Image == "" && w.Build == nil && len(w.Args) == 0 {
		return // what it starts is not known
	}
	r.def.Workloads = append(r.def.Workloads, w)
}

// image says what a function of an image runs: an image by its address, or one
// that the provider's part builds.
func (r *reader) image(w *fact.Workload, image, provider *cloud.Node) {
	name := image
	if image.IsMap() {
		name = image.Get("name")
		w.Args = image.Get("command").Texts()
		if uri := image.Get("uri"); uri != nil {
			w.Image = uri.Shown()
			return
		}
	}
	built := provider.Get("ecr", "images").Get(name.Text())
	if context := built.Get("path"); context.IsScalar() {
		dir := path.Join(r.dir, context.Text())
		file := built.Get("file").Text()
		if file == "" {
			file = "Dockerfile"
		}
		w.Build = &fact.BuildFrom{Context: dir, Dockerfile: path.Join(dir, file), At: built.At}
		return
	}
	w.Image = name.Shown()
}

// platforms are what runs the functions of a provider.
var platforms = map[string]string{"aws": "lambda", "google": "cloud-functions", "azure": "app-service"}
