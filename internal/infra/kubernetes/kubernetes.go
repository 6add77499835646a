// Package kubernetes reads manifests: YAML or JSON files of objects with an
// apiVersion and a kind. The fields are those of the API reference
// (https://kubernetes.io/docs/reference/kubernetes-api/).
package kubernetes

import (
	"bytes"
	"context"
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Reader reads manifests.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "kubernetes".
func (Reader) Format() string { return "kubernetes" }

// Names reports whether path ends as YAML or JSON files do, or as a template of
// a manifest.
func (Reader) Names(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".json", ".tmpl":
		return true
	}
	return path.Base(name) == "Kustomization"
}

// maxJSON is the largest JSON file that is read, in bytes: manifests in JSON
// are small, and other JSON files are not.
const maxJSON = 1 << 20

// Read returns what the objects of the file say. The templates of a chart are
// listed as one unread folder, which each of them names.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "kubernetes"}
	if base := path.Base(file.Path); base == "kustomization.yaml" || base == "kustomization.yml" || base == "Kustomization" {
		def.Unread = []source.Unread{{At: source.Span{File: file.Path}, Reason: "is a kustomization, which is not read"}}
		return def, nil
	}
	if !candidate(file) {
		return def, nil
	}
	if isTemplate(file.Path) && logic.Match(file.Data) {
		def.Unread = []source.Unread{{At: source.Span{File: file.Path}, Reason: "is a template, which is read only once it is filled in"}}
		return def, nil
	}
	docs, unread, err := infra.YAML(file)
	if err != nil {
		if isTemplate(file.Path) {
			err = nil // it is no YAML yet
		}
		if path.Ext(file.Path) == ".json" {
			err = nil // JSON with comments, or lines of it: no manifest
		}
		return def, err
	}
	if folder, ok := chart(file.Path); ok && bytes.Contains(file.Data, []byte("{{")) {
		def.Unread = []source.Unread{{At: source.Span{File: folder}, Reason: "is a chart's folder of templates, which is not read"}}
		return def, nil
	}
	def.Unread = unread
	r := reader{def: &def}
	objects := 0
	for _, doc := range docs {
		if r.object(doc.Root) {
			objects++
		}
	}
	if len(docs) > 0 && objects == 0 {
		def.Unread = nil // it is of another format
	}
	if isTemplate(file.Path) {
		filled(&def)
	}
	return def, nil
}

// candidate reports whether the bytes can hold an object: only then is the
// file parsed.
func candidate(file source.File) bool {
	if path.Ext(file.Path) == ".json" && len(file.Data) > maxJSON {
		return false
	}
	return bytes.Contains(file.Data, []byte("apiVersion")) && bytes.Contains(file.Data, []byte("kind"))
}

// chart returns the folder named templates that the file lies in, where it
// lies in one (https://helm.sh/docs/topics/charts/).
func chart(name string) (string, bool) {
	dir := path.Dir(name)
	if dir == "templates" {
		return dir, true
	}
	if i := strings.LastIndex("/"+dir+"/", "/templates/"); i >= 0 {
		return dir[:i+len("templates")], true
	}
	return "", false
}

// reader collects what the objects of one file say.
type reader struct{ def *fact.Definition }

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
	"SealedSecret.bitnami.com":                       (*reader).sealedSecret,
	"ExternalSecret.external-secrets.io":             (*reader).externalSecret,
	"ExternalSecret.kubernetes-client.io":            (*reader).externalSecret,
	"SecretProviderClass.secrets-store.csi.x-k8s.io": (*reader).secretProvider,
	"Service.":                                       (*reader).service,
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
