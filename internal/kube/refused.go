package kube

import (
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// mounting takes note of mounts of volumes that the pod does not have: the API
// refuses it (https://kubernetes.io/docs/concepts/storage/volumes/#background).
// A manifest without labels may be a patch to one that has the volume.
func (r *reader) mounting(w fact.Workload, c *yaml.Node, volumes map[string]volume) {
	if len(w.Labels) == 0 {
		return
	}
	for _, m := range c.Get("volumeMounts").Items() {
		name := m.Get("name")
		if _, known := volumes[name.Text()]; known || name.Text() == "" {
			continue
		}
		r.flaw(fact.Flaw{
			Kind: fact.Undefined, Name: name.Text(), At: name.At, Workload: w.Name, Fatal: true,
			What: "the container mounts a volume of that name, and the pod has none",
		})
	}
}

// overwritten takes note of keys that a ConfigMap or a Secret gives again.
func (r *reader) overwritten(doc yaml.Document) {
	kind := doc.Root.Get("kind").Text()
	if kind != "ConfigMap" && kind != "Secret" {
		r.lost(doc)
		return
	}
	for _, d := range doc.Duplicates {
		for _, part := range []string{"data", "stringData"} {
			if doc.Root.Get(part).KeyAt(d.Key) == d.At {
				r.flaw(fact.Flaw{
					Kind: fact.Overwritten, Name: d.Key, At: d.At, Other: d.First,
					What: "the " + kind + " gives it twice, and the later counts",
				})
			}
		}
	}
}

// sections are the keys of a pod and its containers whose content is lost where
// they are given again.
var sections = []string{"env", "envFrom", "volumeMounts", "volumes", "containers", "initContainers", "command", "args", "ports", "resources", "livenessProbe", "readinessProbe", "securityContext"}

// lost takes note of parts of a pod that are given again: what the first said is
// lost, or the manifest is refused where it is checked strictly
// (https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation).
func (r *reader) lost(doc yaml.Document) {
	for _, d := range doc.Duplicates {
		if slices.Contains(sections, d.Key) && (d.Lost.IsMap() || d.Lost.IsList()) && !d.Lost.Equal(d.Kept) {
			r.flaw(fact.Flaw{
				Kind: fact.Overwritten, Name: d.Key, At: d.At, Other: d.First,
				What: "it is given twice in one place, and what the first says is lost",
			})
		}
	}
}

// scaledObject adds a scaler of KEDA, which scales a Deployment where it names
// no other kind (https://keda.sh/docs/latest/reference/scaledobject-spec/).
func (r *reader) scaledObject(o *yaml.Node) {
	target := o.Get("spec", "scaleTargetRef")
	kind := target.Get("kind").Text()
	if kind == "" {
		kind = "Deployment"
	}
	w := fact.Workload{Namespace: metaNamespace(o)}
	r.refer(w, "the ScaledObject "+metaName(o), kind, target.Get("name"), "", false)
	low, _ := o.Get("spec", "minReplicaCount").Int()
	high, ok := o.Get("spec", "maxReplicaCount").Int()
	if !ok {
		high = 100 // as its reference says
	}
	r.def.Scalers = append(r.def.Scalers, fact.Scaler{
		Kind: kind, Name: target.Get("name").Text(), Namespace: metaNamespace(o),
		Min: max(low, 1), Max: high, At: first(o.KeyAt("spec"), o.At),
	})
}
