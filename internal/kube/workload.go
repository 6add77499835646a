package kube

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// form is a kind of object that runs containers, and where in it the template
// of its pods stands.
type form struct {
	kind, group string
	template    []string // nil: the object is the pod
	once        bool
	platform    string // that gives variables by itself
}

var forms = []form{
	{kind: "Pod"},
	{kind: "ReplicationController", template: []string{"spec", "template"}},
	{kind: "Deployment", group: "apps", template: []string{"spec", "template"}},
	{kind: "StatefulSet", group: "apps", template: []string{"spec", "template"}},
	{kind: "DaemonSet", group: "apps", template: []string{"spec", "template"}},
	{kind: "ReplicaSet", group: "apps", template: []string{"spec", "template"}},
	{kind: "Deployment", group: "extensions", template: []string{"spec", "template"}},
	{kind: "DaemonSet", group: "extensions", template: []string{"spec", "template"}},
	{kind: "ReplicaSet", group: "extensions", template: []string{"spec", "template"}},
	{kind: "Job", group: "batch", template: []string{"spec", "template"}, once: true},
	{kind: "CronJob", group: "batch", template: []string{"spec", "jobTemplate", "spec", "template"}, once: true},
	{kind: "Service", group: "serving.knative.dev", template: []string{"spec", "template"}, platform: "cloud-run"}, // Knative, Cloud Run
	{kind: "Job", group: "run.googleapis.com", template: []string{"spec", "template", "spec", "template"}, platform: "cloud-run", once: true},
	{kind: "DeploymentConfig", template: []string{"spec", "template"}}, // OpenShift 3
	{kind: "DeploymentConfig", group: "apps.openshift.io", template: []string{"spec", "template"}},
	{kind: "Rollout", group: "argoproj.io", template: []string{"spec", "template"}},
}

// workload adds each container of the object's pods.
func (r *reader) workload(o *yaml.Node, form form) {
	pod := o.Get(form.template...)
	spec := pod.Get("spec")
	if !spec.IsMap() {
		if o.Get("spec", "workloadRef").IsMap() {
			return // a Rollout of a Deployment that stands elsewhere
		}
		r.unread(o.At, form.kind+" "+metaName(o)+" has no template of a pod: it is no complete manifest")
		return
	}
	shared := fact.Workload{
		Name: metaName(o), Kind: form.kind, Namespace: metaNamespace(o), At: o.At, Once: form.once, Platform: form.platform,
		Labels: texts(pod.Get("metadata", "labels")), HostNet: spec.Get("hostNetwork").True(), Replicas: 1,
		Unlinked: !spec.Get("enableServiceLinks").IsNull() && !spec.Get("enableServiceLinks").True(),
	}
	if shared.Name == "" {
		shared.Name = o.Get("metadata", "generateName").Text()
	}
	shared.Together, shared.Rolling = together(spec), rolls(form.kind, o)
	replicas := o.Get("spec", "replicas")
	if n, ok := replicas.Int(); ok {
		shared.Replicas, shared.ReplicasAt = max(n, 1), replicas.At
	}
	r.streams = nil
	if form.kind == "DeploymentConfig" {
		r.streams = streams(o)
	}
	r.astray(shared, pod)
	r.mentions(shared, spec)
	if form.kind == "StatefulSet" { // its Service gives its pods their names, and has to be there
		r.refer(shared, "the StatefulSet "+shared.Name, "Service", o.Get("spec", "serviceName"), "", false)
	}
	volumes := podVolumes(spec, o.Get("spec", "volumeClaimTemplates"))
	r.volumes(shared, spec, o.Get("spec", "volumeClaimTemplates"))
	for _, c := range spec.Get("initContainers").Items() {
		w := shared
		w.Init = c.Get("restartPolicy").Text() != "Always" // else it is a sidecar
		r.container(w, c, spec, volumes)
	}
	for _, c := range spec.Get("containers").Items() {
		r.container(shared, c, spec, volumes)
	}
	r.foreign(shared, spec, podFields)
}

func (r *reader) container(w fact.Workload, c, spec *yaml.Node, volumes map[string]volume) {
	if !c.IsMap() {
		r.unread(c.At, "is no container")
		return
	}
	w.Container = c.Get("name").Text()
	stream := r.streams[w.Container]
	if c.Get("image").IsNull() && stream == "" {
		r.unread(c.At, "the container "+w.Container+" has no image: it is a patch to a manifest that stands elsewhere")
		return
	}
	w.Image = c.Get("image").Text()
	if strings.TrimSpace(w.Image) == "" && stream != "" {
		w.Image = stream
	} else if strings.Contains(w.Image, "{{") || !c.Get("image").IsScalar() {
		r.unread(c.Get("image").At, "an image that is told only once the file is filled in")
		return
	}
	w.EnvAt = first(c.KeyAt("env"), c.KeyAt("name"), c.At)
	w.Command, w.Args = c.Get("command").Texts(), c.Get("args").Texts()
	w.StartAt = first(c.KeyAt("command"), c.KeyAt("args"))
	w.WorkDir = c.Get("workingDir").Text()
	w.User = user(c.Get("securityContext"), spec.Get("securityContext"))
	w.ReadOnly = c.Get("securityContext", "readOnlyRootFilesystem").True()
	w.Bounds = bounds(c.Get("resources"))
	for _, p := range c.Get("ports").Items() {
		number, _ := p.Get("containerPort").Int()
		w.Ports = append(w.Ports, fact.Port{Name: p.Get("name").Text(), Number: number, At: first(p.Get("containerPort").Place(), p.At)})
	}
	w.Supplies = r.env(c.Get("env"))
	r.flawed(w, c)
	w.Imports = imports(c.Get("envFrom"))
	r.mounting(w, c, volumes)
	w.Mounts = mounts(c.Get("volumeMounts"), volumes)
	w.Probes = probes(c)
	r.def.Workloads = append(r.def.Workloads, w)
}

// user returns who the process runs as, as a Dockerfile would say it. What the
// container says goes before what the pod says.
func user(container, pod *yaml.Node) string {
	id, group := "", ""
	for _, context := range []*yaml.Node{pod, container} {
		if n := context.Get("runAsUser"); n.IsScalar() {
			id = n.Text()
		}
		if n := context.Get("runAsGroup"); n.IsScalar() {
			group = n.Text()
		}
	}
	if group != "" {
		return id + ":" + group
	}
	return id
}

// probes returns the questions after the health of a container.
func probes(c *yaml.Node) []fact.Probe {
	var all []fact.Probe
	for _, kind := range []string{"startup", "readiness", "liveness"} {
		p := c.Get(kind + "Probe")
		if !p.IsMap() {
			continue
		}
		probe := fact.Probe{Kind: kind, At: c.KeyAt(kind + "Probe"), Command: p.Get("exec", "command").Texts()}
		port := p.Get("tcpSocket", "port")
		if port != nil {
			probe.Scheme = "tcp"
		}
		if n := p.Get("grpc", "port"); n != nil {
			port, probe.Scheme = n, "grpc"
		}
		if get := p.Get("httpGet"); get != nil {
			port, probe.Scheme, probe.Path = get.Get("port"), "http", get.Get("path").Text()
			if get.Get("scheme").Text() == "HTTPS" {
				probe.Scheme = "https"
			}
			if probe.Path == "" {
				probe.Path = "/"
			}
		}
		probe.Port, probe.PortRef = portOf(port)
		all = append(all, probe)
	}
	return all
}

// portOf returns a port that is a number or the name of one.
func portOf(n *yaml.Node) (int, string) {
	if number, ok := n.Int(); ok {
		return number, ""
	}
	return 0, n.Text()
}

func first(spans ...source.Span) source.Span {
	for _, at := range spans {
		if !at.IsZero() {
			return at
		}
	}
	return source.Span{}
}
