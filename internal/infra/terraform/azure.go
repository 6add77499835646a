package terraform

import (
	"maps"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
)

// azure are the resources of the provider of Azure
// (https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs).
var azure = func() map[string]maker {
	all := map[string]maker{
		"azurerm_container_app":     containerApp,
		"azurerm_container_app_job": containerApp,
		"azurerm_container_group":   containerGroup,
	}
	for _, kind := range []string{
		"azurerm_app_service", "azurerm_function_app", "azurerm_linux_web_app", "azurerm_windows_web_app", "azurerm_linux_function_app",
		"azurerm_windows_function_app", "azurerm_linux_web_app_slot", "azurerm_linux_function_app_slot", "azurerm_function_app_flex_consumption",
	} {
		maps.Copy(all, map[string]maker{kind: webApp})
	}
	return all
}()

// webApp reads an application of App Service: what it runs is deployed by other
// means, so only its name and its image can tell whose it is.
func webApp(r *resource, def *fact.Definition) {
	w := r.workload("app-service", "app", "name")
	given(&w, r.said.Get("app_settings"), r.said.KeyAt("app_settings"))
	if stack := one(r.said, "site_config", "application_stack"); stack != nil {
		w.Image = image(stack.Get("docker_image_name"))
		if w.Image == "" {
			w.Image = image(one(stack, "docker").Get("image_name"))
		}
	}
	if w.Image == "" {
		w.Image = unnamed
	}
	for _, s := range r.said.Get("connection_string").Items() {
		// Azure puts the kind before the name; .NET looks past it.
		if name := s.Get("name"); name.IsScalar() {
			w.Supplies = append(w.Supplies, fact.Supply{Kind: fact.Variable, Name: "ConnectionStrings__" + name.Text(), At: s.At, Value: fact.Unknowable("a connection string")})
		}
	}
	def.Workloads = append(def.Workloads, w)
}

func containerApp(r *resource, def *fact.Definition) {
	template := one(r.said, "template")
	for _, c := range template.Get("container").Items() {
		w := r.workload("container-app", "app", "name")
		w.Container, w.Image = c.Get("name").Text(), image(c.Get("image"))
		w.Command, w.Args, w.StartAt = c.Get("command").Texts(), c.Get("args").Texts(), firstAt(c.KeyAt("command"), c.KeyAt("args"))
		w.EnvAt = firstAt(c.KeyAt("env"), c.At)
		w.Supplies, w.Imports = c.Get("env").Named("name", "value")
		for i, item := range named(c.Get("env")) {
			if secret := item.Get("secret_name"); !secret.IsNull() {
				w.Supplies[i].Value = fact.Unknowable("a secret of the app")
			}
		}
		if port := one(r.said, "ingress").Get("target_port"); port.Int() != 0 {
			w.Ports = []fact.Port{{Number: port.Int(), At: port.At}}
		}
		w.Probes = probes(c)
		def.Workloads = append(def.Workloads, w)
	}
}

// named returns the items of a list that have a name which is known.
func named(list *cloud.Node) []*cloud.Node {
	var all []*cloud.Node
	for _, item := range list.Items() {
		if item.Get("name").IsScalar() {
			all = append(all, item)
		}
	}
	return all
}

func containerGroup(r *resource, def *fact.Definition) {
	for _, c := range r.said.Get("container").Items() {
		w := r.workload("", "group", "name")
		w.Container, w.Image = c.Get("name").Text(), image(c.Get("image"))
		w.Command, w.StartAt = c.Get("commands").Texts(), c.KeyAt("commands")
		w.EnvAt = c.At
		given(&w, c.Get("environment_variables"), c.KeyAt("environment_variables"))
		secrets, more := c.Get("secure_environment_variables").Variables()
		w.Supplies, w.Imports = append(w.Supplies, hidden(secrets)...), append(w.Imports, more...)
		for _, p := range c.Get("ports").Items() {
			w.Ports = append(w.Ports, fact.Port{Number: p.Get("port").Int(), At: p.At})
		}
		def.Workloads = append(def.Workloads, w)
	}
}
