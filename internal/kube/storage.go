package kube

import (
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// claim adds a PersistentVolumeClaim.
func (r *reader) claim(o *yaml.Node) {
	r.def.Volumes = append(r.def.Volumes, fact.Volume{
		Name: metaName(o), Namespace: metaNamespace(o), Kind: "claim", At: o.At, Single: single(o),
	})
}

// single reports whether the modes of a claim allow one node at a time to write
// (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes).
func single(claim *yaml.Node) bool {
	modes := claim.Get("spec", "accessModes").Texts()
	return len(modes) > 0 && !slices.Contains(modes, "ReadWriteMany") && !slices.Contains(modes, "ReadOnlyMany")
}

// volumes adds what the pods of a workload declare: the templates of claims,
// and the volumes that none of the containers mounts.
func (r *reader) volumes(w fact.Workload, spec, claims *yaml.Node) {
	for _, c := range claims.Items() {
		r.def.Volumes = append(r.def.Volumes, fact.Volume{
			Name: metaName(c), Namespace: w.Namespace, Kind: "claim", Workload: w.Name, Each: true, Single: single(c), At: c.At,
		})
	}
	mounted := map[string]bool{}
	for _, list := range []string{"initContainers", "containers", "ephemeralContainers"} {
		for _, c := range spec.Get(list).Items() {
			for _, m := range slices.Concat(c.Get("volumeMounts").Items(), c.Get("volumeDevices").Items()) {
				mounted[m.Get("name").Text()] = true
			}
		}
	}
	for _, v := range spec.Get("volumes").Items() {
		if name := v.Get("name").Text(); name != "" && !mounted[name] {
			kind := "volume"
			if v.Get("persistentVolumeClaim").IsMap() {
				kind = "claim"
			}
			r.def.Volumes = append(r.def.Volumes, fact.Volume{Name: name, Namespace: w.Namespace, Kind: kind, Workload: w.Name, Unused: true, At: v.At})
		}
	}
}

// scaler adds a HorizontalPodAutoscaler
// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/).
func (r *reader) scaler(o *yaml.Node) {
	r.scaled(o)
	target := o.Get("spec", "scaleTargetRef")
	low, _ := o.Get("spec", "minReplicas").Int()
	high, _ := o.Get("spec", "maxReplicas").Int()
	r.def.Scalers = append(r.def.Scalers, fact.Scaler{
		Kind: target.Get("kind").Text(), Name: target.Get("name").Text(), Namespace: metaNamespace(o),
		Min: max(low, 1), Max: high, At: first(o.KeyAt("spec"), o.At),
	})
}

// together reports whether the copies of a pod can only run on one node.
func together(spec *yaml.Node) bool {
	const host = "kubernetes.io/hostname"
	for _, term := range spec.Get("affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution").Items() {
		if term.Get("topologyKey").Text() == host {
			return true
		}
	}
	return !spec.Get("nodeSelector", host).IsNull() || !spec.Get("nodeName").IsNull()
}
