package terraform

import (
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
)

// publishedModules are modules of the public registry whose arguments say all
// that they run, by the beginning of their source (registry.terraform.io).
var publishedModules = []struct {
	source string
	make   maker
}{
	{"terraform-aws-modules/lambda/aws", lambdaModule},
	{"terraform-aws-modules/ecs/aws//modules/service", ecsModule},
	{"cloudposse/ecs-container-definition/aws", containerModule},
}

// published returns what reads a module of the registry, nil where it is not
// known.
func published(from string) maker {
	for _, p := range publishedModules {
		if from == p.source || strings.HasPrefix(from, p.source+"/") || strings.HasSuffix(from, "github.com/"+p.source) {
			return p.make
		}
	}
	if from != "" && !isLocal(from) {
		return anyModule
	}
	return nil
}

// What modules from elsewhere call the variables that they hand on, and the
// image and the name of what they run.
var (
	variableArguments = []string{"environment_variables", "environment", "env_vars", "container_environment", "app_settings", "lambda_environment", "env", "envs"}
	imageArguments    = []string{"image_uri", "container_image", "image", "docker_image", "image_url"}
	nameArguments     = []string{"function_name", "service_name", "container_name", "app_name", "name"}
)

// anyModule reads a module that is not in the tree by what it is handed: it may
// add variables of its own.
func anyModule(r *resource, def *fact.Definition) {
	w := r.workload("", "module", nameArguments...)
	for _, key := range variableArguments {
		n := r.said.Get(key)
		switch {
		case n.IsMap():
			given(&w, n, r.said.KeyAt(key))
		case n.IsList():
			supplies, more := n.Named("name", "value")
			w.Supplies, w.Imports, w.EnvAt = append(w.Supplies, supplies...), append(w.Imports, more...), r.said.KeyAt(key)
		}
	}
	secrets, more := r.said.Get("secrets").Named("name", "valueFrom")
	w.Supplies, w.Imports = append(w.Supplies, hidden(secrets)...), append(w.Imports, more...)
	if len(w.Supplies) == 0 {
		return
	}
	for _, key := range imageArguments {
		if w.Image == "" {
			w.Image = image(r.said.Get(key))
		}
	}
	if w.Image == "" {
		w.Image = "${image}"
	}
	w.Imports = append(w.Imports, fact.Import{Ref: fact.Ref{Kind: "Secret", Name: "of the module " + r.name}, At: r.at})
	def.Workloads = append(def.Workloads, w)
}

func lambdaModule(r *resource, def *fact.Definition) {
	w := r.workload("lambda", "function", "function_name")
	given(&w, r.said.Get("environment_variables"), r.said.KeyAt("environment_variables"))
	by := r.made()
	for _, p := range r.said.Get("environment_variables").Pairs() {
		w.Uses = append(w.Uses, r.use(p.Key, p.At, p.Value, by, false)...)
	}
	if uri := r.said.Get("image_uri"); !uri.IsNull() {
		w.Image = image(uri)
	} else if from := r.said.Get("source_path"); from.IsScalar() {
		cloud.Function(&w, cloud.Source(strings.TrimSuffix(from.Text(), "/")), r.said.Get("handler").Text(), r.said.Get("runtime").Text())
	}
	if w.Image != "" || w.Code != "" {
		def.Workloads = append(def.Workloads, w)
	}
}

func ecsModule(r *resource, def *fact.Definition) {
	name := r.workload("ecs", "task", "name").Name
	for _, p := range r.said.Get("container_definitions").Pairs() {
		c := p.Value
		w := fact.Workload{Name: name, Kind: "task", Platform: "ecs", Container: p.Key, At: p.At, Replicas: 1, Image: image(c.Get("image"))}
		w.EnvAt = firstAt(c.KeyAt("environment"), p.At)
		w.Supplies, w.Imports = c.Get("environment").Named("name", "value")
		secrets, more := c.Get("secrets").Named("name", "valueFrom")
		w.Supplies, w.Imports = append(w.Supplies, hidden(secrets)...), append(w.Imports, more...)
		w.Args, w.StartAt = c.Get("command").Texts(), c.KeyAt("command")
		def.Workloads = append(def.Workloads, w)
	}
}

func containerModule(r *resource, def *fact.Definition) {
	w := fact.Workload{Name: r.said.Get("container_name").Text(), Kind: "task", Platform: "ecs", At: r.at, EnvAt: r.at, Replicas: 1, Image: image(r.said.Get("container_image"))}
	if w.Name == "" {
		w.Name = r.name
	}
	w.Supplies, w.Imports = r.said.Get("environment").Named("name", "value")
	given(&w, r.said.Get("map_environment"), r.at)
	secrets, more := r.said.Get("secrets").Named("name", "valueFrom")
	w.Supplies, w.Imports = append(w.Supplies, hidden(secrets)...), append(w.Imports, more...)
	secrets, more = r.said.Get("map_secrets").Variables()
	w.Supplies, w.Imports = append(w.Supplies, hidden(secrets)...), append(w.Imports, more...)
	w.EnvAt = firstAt(r.said.KeyAt("environment"), r.said.KeyAt("map_environment"), r.at)
	w.Command, w.Args = r.said.Get("entrypoint").Texts(), r.said.Get("command").Texts()
	w.StartAt = firstAt(r.said.KeyAt("command"), r.said.KeyAt("entrypoint"))
	def.Workloads = append(def.Workloads, w)
}
