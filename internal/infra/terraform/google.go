package terraform

import (
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
)

// google are the resources of the provider of Google Cloud
// (https://registry.terraform.io/providers/hashicorp/google/latest/docs).
var google = map[string]maker{
	"google_cloud_run_service":               cloudRun("service", "template", "spec", "containers"),
	"google_cloud_run_v2_service":            cloudRun("service", "template", "containers"),
	"google_cloud_run_v2_job":                cloudRun("job", "template", "template", "containers"),
	"google_cloud_run_v2_worker_pool":        cloudRun("worker", "template", "containers"),
	"google_cloudfunctions_function":         cloudFunction(),
	"google_cloudfunctions2_function":        cloudFunction("service_config"),
	"google_app_engine_flexible_app_version": appEngine,
	"google_app_engine_standard_app_version": appEngine,
}

func cloudRun(kind string, keys ...string) maker {
	return func(r *resource, def *fact.Definition) {
		parent := one(r.said, keys[:len(keys)-1]...)
		list := parent.Get(keys[len(keys)-1])
		for _, c := range list.Items() {
			w := r.workload("cloud-run", kind, "name")
			w.Once = kind == "job"
			w.Container = c.Get("name").Text()
			w.Image = image(c.Get("image"))
			w.Command, w.Args, w.StartAt = c.Get("command").Texts(), c.Get("args").Texts(), firstAt(c.KeyAt("command"), c.KeyAt("args"))
			w.EnvAt = firstAt(c.KeyAt("env"), c.At)
			w.Supplies, w.Imports = containerEnv(c.Get("env"))
			for _, p := range c.Get("ports").Items() {
				if port := p.Get("container_port"); port.Int() != 0 {
					w.Ports = append(w.Ports, fact.Port{Name: p.Get("name").Text(), Number: port.Int(), At: port.At})
				}
			}
			w.Mounts = mounts(c.Get("volume_mounts"), parent.Get("volumes"))
			w.Probes = probes(c)
			def.Workloads = append(def.Workloads, w)
		}
	}
}

// containerEnv reads the variables of a container of Cloud Run or of a pod: a
// name and a value, or where the value comes from.
func containerEnv(list *cloud.Node) ([]fact.Supply, []fact.Import) {
	supplies, more := list.Named("name", "value")
	i := 0
	for _, item := range list.Items() {
		if !item.Get("name").IsScalar() {
			continue
		}
		if from := elsewhere(item); from != nil {
			supplies[i].Value = reference(from)
		}
		i++
	}
	return supplies, more
}

// elsewhere returns the block that says where the value of a variable comes
// from, nil where there is none.
func elsewhere(item *cloud.Node) *cloud.Node {
	for _, key := range []string{"value_from", "value_source"} {
		if from := one(item, key); from != nil {
			return from
		}
	}
	return nil
}

// reference returns the value of a variable that is a key of a set or a secret.
func reference(from *cloud.Node) fact.Value {
	for _, source := range []struct{ key, kind string }{{"config_map_key_ref", "ConfigMap"}, {"secret_key_ref", "Secret"}} {
		ref := one(from, source.key)
		if ref == nil {
			continue
		}
		name, key := ref.Get("name"), ref.Get("key")
		if name.IsScalar() && key.IsScalar() {
			return fact.From(fact.Ref{Kind: source.kind, Name: name.Text(), Key: key.Text(), Optional: ref.Get("optional").Text() == "true"})
		}
		return fact.Unknowable("a secret of the cloud")
	}
	return fact.Unknowable("a source that is not read")
}

func cloudFunction(keys ...string) maker {
	return func(r *resource, def *fact.Definition) {
		w := r.workload("cloud-functions", "function", "name")
		c := r.said
		if len(keys) > 0 {
			c = one(r.said, keys...)
		}
		given(&w, c.Get("environment_variables"), c.KeyAt("environment_variables"))
		secrets, more := c.Get("secret_environment_variables").Named("key", "secret")
		w.Supplies, w.Imports = append(w.Supplies, hidden(secrets)...), append(w.Imports, more...)
		w.Code = r.bucketed()
		def.Workloads = append(def.Workloads, w)
	}
}

// bucketed returns the folder that the archive of a function is packed of,
// which is put into a bucket first.
func (r *resource) bucketed() string {
	for _, address := range mentions(r.block) {
		if b := r.module.byName[address]; b != nil && strings.HasPrefix(address, "google_storage_bucket_object.") {
			return r.archive(b)
		}
	}
	return ""
}

func appEngine(r *resource, def *fact.Definition) {
	w := r.workload("app-engine", "version", "service")
	given(&w, r.said.Get("env_variables"), r.said.KeyAt("env_variables"))
	w.Image = unnamed
	def.Workloads = append(def.Workloads, w)
}
