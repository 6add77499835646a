package kube

import (
	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// declare takes down an object that others may name.
func (r *reader) declare(o *yaml.Node, kind string) {
	if name := metaName(o); name != "" {
		r.def.Objects = append(r.def.Objects, fact.Object{Kind: kind, Name: name, Namespace: metaNamespace(o), At: o.At})
	}
}

func (r *reader) refer(w fact.Workload, by, kind string, name *yaml.Node, key string, optional bool) {
	if name.Text() == "" {
		return
	}
	r.def.Mentions = append(r.def.Mentions, fact.Mention{
		Ref: fact.Ref{Kind: kind, Name: name.Text(), Key: key, Optional: optional}, Namespace: w.Namespace,
		By: by, Workload: w.Name, At: name.At,
	})
}

// mentions takes down what a pod names beside the variables of its containers
// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/).
func (r *reader) mentions(w fact.Workload, spec *yaml.Node) {
	if account := spec.Get("serviceAccountName"); account.Text() != "default" {
		r.refer(w, "the pod", "ServiceAccount", account, "", false)
	}
	for _, s := range spec.Get("imagePullSecrets").Items() {
		r.refer(w, "imagePullSecrets", "Secret", s.Get("name"), "", true) // its lack is no error by itself: the image may be public
	}
	for _, v := range spec.Get("volumes").Items() {
		by := "the volume " + v.Get("name").Text()
		r.refer(w, by, "PersistentVolumeClaim", v.Get("persistentVolumeClaim", "claimName"), "", false)
		r.volumeSource(w, by, "ConfigMap", v.Get("configMap"), "name")
		r.volumeSource(w, by, "Secret", v.Get("secret"), "secretName")
		for _, s := range v.Get("projected", "sources").Items() {
			r.volumeSource(w, by, "ConfigMap", s.Get("configMap"), "name")
			r.volumeSource(w, by, "Secret", s.Get("secret"), "name")
		}
	}
}

func (r *reader) volumeSource(w fact.Workload, by, kind string, from *yaml.Node, field string) {
	optional := from.Get("optional").True()
	r.refer(w, by, kind, from.Get(field), "", optional)
	for _, item := range from.Get("items").Items() {
		if key := item.Get("key").Text(); key != "" {
			r.refer(w, by, kind, from.Get(field), key, optional)
		}
	}
}

// scaled takes down what a HorizontalPodAutoscaler scales.
func (r *reader) scaled(o *yaml.Node) {
	target := o.Get("spec", "scaleTargetRef")
	w := fact.Workload{Namespace: metaNamespace(o)}
	if kind := target.Get("kind").Text(); kind != "" {
		r.refer(w, "the HorizontalPodAutoscaler "+metaName(o), kind, target.Get("name"), "", false)
	}
}
