package terraform

import (
	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// clusters are the resources of the provider of Kubernetes
// (https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs).
var clusters = func() map[string]maker {
	all := map[string]maker{}
	for name, kind := range map[string]string{
		"deployment": "Deployment", "stateful_set": "StatefulSet", "daemonset": "DaemonSet", "daemon_set": "DaemonSet", "replication_controller": "ReplicationController",
	} {
		all["kubernetes_"+name] = pods(kind, "spec", "template", "spec")
	}
	all["kubernetes_job"] = pods("Job", "spec", "template", "spec")
	all["kubernetes_cron_job"] = pods("CronJob", "spec", "job_template", "spec", "template", "spec")
	all["kubernetes_pod"] = pods("Pod", "spec")
	all["kubernetes_config_map"] = set("ConfigMap")
	all["kubernetes_secret"] = set("Secret")
	all["kubernetes_service"] = clusterService
	for _, name := range []string{"deployment", "stateful_set", "daemon_set", "replication_controller", "job", "cron_job", "pod", "config_map", "secret", "service"} {
		all["kubernetes_"+name+"_v1"] = all["kubernetes_"+name]
	}
	return all
}()

func pods(kind string, keys ...string) maker {
	return func(r *resource, def *fact.Definition) {
		spec := one(r.said, keys...)
		meta := one(r.said, "metadata")
		shared := r.workload("", kind)
		if name := meta.Get("name"); name.IsScalar() {
			shared.Name = name.Text()
		}
		shared.Namespace = meta.Get("namespace").Text()
		shared.Once = kind == "Job" || kind == "CronJob"
		shared.Labels = labels(one(r.said, append(append([]string{}, keys[:len(keys)-1]...), "metadata")...).Get("labels"))
		if n := one(r.said, "spec").Get("replicas"); n.Int() > 1 && !n.Loose() {
			shared.Replicas, shared.ReplicasAt = n.Int(), n.At
		}
		for _, key := range []string{"init_container", "container"} {
			for _, c := range spec.Get(key).Items() {
				w := shared
				w.Init = key == "init_container"
				w.Container, w.Image = c.Get("name").Text(), image(c.Get("image"))
				w.Command, w.Args, w.StartAt = c.Get("command").Texts(), c.Get("args").Texts(), firstAt(c.KeyAt("command"), c.KeyAt("args"))
				w.WorkDir = c.Get("working_dir").Text()
				w.EnvAt = firstAt(c.KeyAt("env"), c.KeyAt("env_from"), c.At)
				w.Supplies, w.Imports = containerEnv(c.Get("env"))
				w.Imports = append(w.Imports, whole(c.Get("env_from"))...)
				for _, p := range c.Get("port").Items() {
					w.Ports = append(w.Ports, fact.Port{Name: p.Get("name").Text(), Number: p.Get("container_port").Int(), At: p.At})
				}
				w.Mounts = mounts(c.Get("volume_mount"), spec.Get("volume"))
				w.Probes = probes(c)
				def.Workloads = append(def.Workloads, w)
			}
		}
	}
}

// whole returns the sets that a container takes in whole.
func whole(list *cloud.Node) []fact.Import {
	all := list.More()
	for _, item := range list.Items() {
		for _, source := range []struct{ key, kind string }{{"config_map_ref", "ConfigMap"}, {"secret_ref", "Secret"}} {
			ref := one(item, source.key)
			if ref == nil {
				continue
			}
			name := ref.Get("name")
			all = append(all, fact.Import{
				Ref:    fact.Ref{Kind: source.kind, Name: name.Shown(), Optional: ref.Get("optional").Text() == "true"},
				Prefix: item.Get("prefix").Text(), At: item.At,
			})
		}
	}
	return all
}

func set(kind string) maker {
	return func(r *resource, def *fact.Definition) {
		meta := one(r.said, "metadata")
		s := fact.Set{Kind: kind, Name: meta.Get("name").Text(), Namespace: meta.Get("namespace").Text(), At: r.at}
		for _, key := range []string{"data", "binary_data", "string_data"} {
			data := r.said.Get(key)
			supplies, more := data.Variables()
			s.Supplies = append(s.Supplies, supplies...)
			s.Open = s.Open || len(more) > 0
		}
		if s.Name != "" {
			def.Sets = append(def.Sets, s)
		}
	}
}

func clusterService(r *resource, def *fact.Definition) {
	meta, spec := one(r.said, "metadata"), one(r.said, "spec")
	s := fact.Service{
		Name: meta.Get("name").Text(), Namespace: meta.Get("namespace").Text(), Kind: spec.Get("type").Text(), At: r.at,
		Selector: labels(spec.Get("selector")), External: spec.Get("external_name").Text(), Headless: spec.Get("cluster_ip").Text() == "None",
	}
	if s.Kind == "" {
		s.Kind = "ClusterIP"
	}
	for _, p := range spec.Get("port").Items() {
		port := fact.Port{Name: p.Get("name").Text(), Number: p.Get("port").Int(), At: p.At, TargetAt: p.At}
		port.Target = port.Number
		if target := p.Get("target_port"); target != nil {
			port.Target = target.Int()
			if port.Target == 0 {
				port.TargetRef = target.Text()
			}
			port.TargetAt = target.At
		}
		s.Ports = append(s.Ports, port)
	}
	if s.Name != "" {
		def.Services = append(def.Services, s)
	}
}

// labels returns a mapping of texts, nil where one of them is not known: then
// nothing can be said of what it selects.
func labels(n *cloud.Node) map[string]string {
	if !n.IsMap() {
		return nil
	}
	all := map[string]string{}
	for _, p := range n.Pairs() {
		if !p.Value.IsScalar() {
			return nil
		}
		all[p.Key] = p.Value.Text()
	}
	return all
}

// mounts returns the mounts of a container of a pod or of Cloud Run.
func mounts(list, volumes *cloud.Node) []fact.Mount {
	var all []fact.Mount
	for _, m := range list.Items() {
		path := m.Get("mount_path")
		if !path.IsScalar() {
			continue
		}
		found := fact.Mount{Path: path.Text(), Source: m.Get("name").Text(), Kind: "volume", ReadOnly: m.Get("read_only").Text() == "true", At: path.At}
		for _, v := range volumes.Items() {
			if v.Get("name").Text() != found.Source {
				continue
			}
			for _, form := range []struct {
				key, kind  string
				persistent bool
			}{
				{"persistent_volume_claim", "claim", true}, {"config_map", "set", false}, {"secret", "set", false}, {"host_path", "bind", true},
				{"nfs", "other", true}, {"gcs", "other", true}, {"cloud_sql_instance", "other", false}, {"csi", "other", true},
			} {
				if v.Get(form.key) != nil {
					found.Kind, found.Persistent = form.kind, form.persistent
				}
			}
		}
		all = append(all, found)
	}
	return all
}

// probes returns the questions after the health of a container.
func probes(c *cloud.Node) []fact.Probe {
	var all []fact.Probe
	for _, kind := range []string{"startup", "readiness", "liveness"} {
		p := one(c, kind+"_probe")
		if p == nil {
			continue
		}
		probe := fact.Probe{Kind: kind, At: c.KeyAt(kind + "_probe"), Command: one(p, "exec").Get("command").Texts()}
		port := p.Get("port")
		if get := one(p, "http_get"); get != nil {
			probe.Scheme, probe.Path, port = "http", or(get.Get("path").Text(), "/"), get.Get("port")
			if get.Get("scheme").Text() == "HTTPS" {
				probe.Scheme = "https"
			}
		} else if tcp := one(p, "tcp_socket"); tcp != nil {
			probe.Scheme, port = "tcp", tcp.Get("port")
		} else if path := p.Get("path"); path.IsScalar() {
			probe.Scheme, probe.Path = "http", path.Text()
		}
		if number, ok := yaml.Number(port.Text()); ok {
			probe.Port = number
		} else {
			probe.PortRef = port.Text()
		}
		all = append(all, probe)
	}
	return all
}
