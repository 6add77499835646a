package terraform

import (
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
)

// platforms are the resources of smaller clouds
// (registry.terraform.io: heroku/heroku, render-oss/render, digitalocean/digitalocean, scaleway/scaleway).
var platforms = map[string]maker{
	"heroku_app":                    configVars("heroku", "name", "config_vars", "sensitive_config_vars"),
	"heroku_app_config_association": configVars("heroku", "app_id", "vars", "sensitive_vars"),
	"render_web_service":            render,
	"render_private_service":        render,
	"render_background_worker":      render,
	"render_cron_job":               render,
	"digitalocean_app":              digitalOcean,
	"scaleway_container":            configVars("scaleway", "name", "environment_variables", "secret_environment_variables"),
	"scaleway_function":             configVars("scaleway", "name", "environment_variables", "secret_environment_variables"),
}

// configVars reads an application whose variables stand in two mappings. Its
// platform may know others.
func configVars(platform, name, open, secret string) maker {
	return func(r *resource, def *fact.Definition) {
		w := r.workload(platform, "app", name)
		given(&w, r.said.Get(open), r.said.KeyAt(open))
		secrets, more := r.said.Get(secret).Variables()
		w.Supplies, w.Imports = append(w.Supplies, hidden(secrets)...), append(w.Imports, more...)
		w.Image = image(r.said.Get("registry_image"))
		if w.Image == "" {
			w.Image = unnamed
		}
		w.Imports = append(w.Imports, fact.Import{Ref: fact.Ref{Kind: "Secret", Name: r.address}, At: r.at})
		def.Workloads = append(def.Workloads, w)
	}
}

func render(r *resource, def *fact.Definition) {
	w := r.workload("render", "service", "name")
	variables := r.said.Get("env_vars")
	for _, p := range variables.Pairs() {
		value := fact.Unknowable("it is generated")
		if said := p.Value.Get("value"); said != nil {
			value = said.Value()
		}
		w.Supplies = append(w.Supplies, fact.Supply{Kind: fact.Variable, Name: p.Key, At: p.At, Value: value})
	}
	w.Imports = append(w.Imports, variables.More()...)
	w.EnvAt = firstAt(r.said.KeyAt("env_vars"), r.at)
	w.Image = image(r.said.Get("runtime_source").Get("image").Get("image_url"))
	if w.Image == "" {
		w.Image = unnamed
	}
	w.Imports = append(w.Imports, fact.Import{Ref: fact.Ref{Kind: "Secret", Name: r.address}, At: r.at})
	def.Workloads = append(def.Workloads, w)
}

func digitalOcean(r *resource, def *fact.Definition) {
	spec := one(r.said, "spec")
	for _, kind := range []string{"service", "worker", "job", "function"} {
		for _, c := range spec.Get(kind).Items() {
			w := r.workload("app-platform", kind)
			w.Once = kind == "job"
			if name := c.Get("name"); name.IsScalar() {
				w.Name = name.Text()
			}
			w.At, w.EnvAt = c.At, firstAt(c.KeyAt("env"), c.At)
			for _, list := range []*cloud.Node{spec.Get("env"), c.Get("env")} {
				supplies, more := list.Named("key", "value")
				w.Supplies, w.Imports = append(w.Supplies, supplies...), append(w.Imports, more...)
			}
			if repository := one(c, "image").Get("repository"); !repository.IsNull() {
				w.Image = image(repository)
			} else {
				w.Code = strings.Trim(or(c.Get("source_dir").Text(), "."), "/")
			}
			if w.Code == "" && w.Image == "" {
				w.Image = unnamed
			}
			if command := c.Get("run_command"); command.IsScalar() {
				w.Args, w.StartAt = strings.Fields(command.Text()), command.At
			}
			if port := c.Get("http_port"); port.Int() != 0 {
				w.Ports = []fact.Port{{Number: port.Int(), At: port.At}}
			}
			def.Workloads = append(def.Workloads, w)
		}
	}
}
