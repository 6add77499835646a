// Package kube reads the objects of Kubernetes, whatever they were made
// by: files of them, charts, kustomizations. The fields are those of the API
// reference (https://kubernetes.io/docs/reference/kubernetes-api/).
package kube

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Read adds what the documents say to def, and returns how many of them are
// objects.
func Read(def *fact.Definition, docs []yaml.Document) int {
	r := reader{def: def}
	objects := 0
	for _, doc := range docs {
		if r.object(doc.Root) {
			objects++
		}
		r.overwritten(doc)
	}
	return objects
}

// Object adds what one object says to def. It is false for what is none.
func Object(def *fact.Definition, o *yaml.Node) bool {
	r := reader{def: def}
	return r.object(o)
}

// reader collects what the objects of one file say.
type reader struct {
	def    *fact.Definition
	filled map[string]parameter // of the template that is being read

	streams map[string]string // of the DeploymentConfig that is being read: the images of its containers
}

// object reads an object, and those of a list. It is false for what is none.
func (r *reader) object(o *yaml.Node) bool {
	version, kind := o.Get("apiVersion").Text(), o.Get("kind").Text()
	if version == "" || kind == "" {
		return false
	}
	if items := o.Get("items"); items.IsList() && strings.HasSuffix(kind, "List") {
		for _, item := range items.Items() {
			r.object(item)
		}
		return true
	}
	if strings.Contains(metaName(o), "{{") {
		r.unread(o.At, "is a template, which is read only once it is filled in")
		return true
	}
	group, _, grouped := strings.Cut(version, "/")
	if !grouped {
		group = ""
	}
	r.declare(o, kind)
	r.served(o)
	if kind == "Template" && (group == "" || group == "template.openshift.io") {
		r.template(o)
		return true
	}
	if read, known := kinds[kind+"."+group]; known {
		read(r, o)
	}
	for _, form := range forms {
		if form.kind == kind && form.group == group {
			r.workload(o, form)
		}
	}
	return true
}

// kinds are the objects that are read and run nothing, by their kind and API
// group. All others that are no form (roles, definitions of resources, …) say
// nothing of needs or supplies.
var kinds = map[string]func(*reader, *yaml.Node){
	"ConfigMap.":                                     (*reader).configMap,
	"Secret.":                                        (*reader).secret,
	"BuildConfig.":                                   (*reader).buildConfig,
	"BuildConfig.build.openshift.io":                 (*reader).buildConfig,
	"SealedSecret.bitnami.com":                       (*reader).sealedSecret,
	"ExternalSecret.external-secrets.io":             (*reader).externalSecret,
	"ExternalSecret.kubernetes-client.io":            (*reader).externalSecret,
	"SecretProviderClass.secrets-store.csi.x-k8s.io": (*reader).secretProvider,
	"Service.":                                       (*reader).service,
	"PersistentVolumeClaim.":                         (*reader).claim,
	"HorizontalPodAutoscaler.autoscaling":            (*reader).scaler,
	"ScaledObject.keda.sh":                           (*reader).scaledObject,
	"Ingress.networking.k8s.io":                      (*reader).ingress,
	"Ingress.extensions":                             (*reader).ingress,
}

func (r *reader) unread(at source.Span, reason string) {
	r.def.Unread = append(r.def.Unread, source.Unread{At: at, Reason: reason})
}

func metaName(o *yaml.Node) string      { return o.Get("metadata", "name").Text() }
func metaNamespace(o *yaml.Node) string { return o.Get("metadata", "namespace").Text() }

// texts returns a mapping of texts, nil where there is none.
func texts(n *yaml.Node) map[string]string {
	if !n.IsMap() {
		return nil
	}
	m := make(map[string]string, len(n.Pairs()))
	for _, pair := range n.Pairs() {
		m[pair.Name()] = pair.Value.Text()
	}
	return m
}
