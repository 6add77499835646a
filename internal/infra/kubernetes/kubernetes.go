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
	"rehearse/internal/kube"
	"rehearse/internal/source"
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
	return false
}

// maxJSON is the largest JSON file that is read, in bytes: manifests in JSON
// are small, and other JSON files are not.
const maxJSON = 1 << 20

// Read returns what the objects of the file say. The templates of a chart are
// listed as one unread folder, which each of them names.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "kubernetes"}
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
	if folder, ok := chart(file.Path); ok && action.Match(file.Data) {
		def.Unread = []source.Unread{{At: source.Span{File: folder}, Reason: "is a chart's folder of templates, which is not read"}}
		return def, nil
	}
	def.Unread = unread
	if objects := kube.Read(&def, docs); len(docs) > 0 && objects == 0 {
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
