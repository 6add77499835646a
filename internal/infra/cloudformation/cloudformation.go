// Package cloudformation reads templates of AWS CloudFormation and of the
// Serverless Application Model
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-reference.html,
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html).
package cloudformation

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Reader reads templates.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "cloudformation".
func (Reader) Format() string { return "cloudformation" }

// Names reports whether path is a YAML file or a template, or a JSON file whose
// path speaks of templates.
func (Reader) Names(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".template":
		return true
	case ".json":
		name = strings.ToLower(name)
		return slices.ContainsFunc([]string{"template", "cloudformation", "cfn", "stack", "sam."}, func(word string) bool { return strings.Contains(name, word) })
	}
	return false
}

// maxSize bounds a template; AWS takes 1 MB.
const maxSize = 2 << 20

// Read returns a Workload for each container and function of the template.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "cloudformation"}
	if len(file.Data) > maxSize || !bytes.Contains(file.Data, []byte("AWS::")) || !bytes.Contains(file.Data, []byte("Resources")) {
		return def, nil
	}
	docs, unread, err := infra.YAML(file)
	if err != nil {
		if bytes.Contains(file.Data, []byte("AWSTemplateFormatVersion")) {
			return def, err
		}
		return def, nil // it only speaks of one
	}
	if len(docs) == 0 || !docs[0].Root.Get("Resources").IsMap() {
		return def, nil
	}
	def.Unread = unread
	r := reader{dir: path.Dir(file.Path), root: docs[0].Root, def: &def}
	r.globals = r.node(r.root.Get("Globals", "Function"), 0)
	for _, pair := range r.root.Get("Resources").Pairs() {
		if make := makers[pair.Value.Get("Type").Text()]; make != nil {
			make(&r, resource{
				name: pair.Name(), at: pair.Key.At, said: r.node(pair.Value.Get("Properties"), 0), meta: r.node(pair.Value.Get("Metadata"), 0),
			})
		}
	}
	r.undefined()
	return def, nil
}

// reader reads one template.
type reader struct {
	dir     string
	root    *yaml.Node
	globals *cloud.Node
	def     *fact.Definition
}

type resource struct {
	name string
	at   source.Span
	said *cloud.Node // its properties
	meta *cloud.Node
}

func (r *reader) add(w ...fact.Workload) { r.def.Workloads = append(r.def.Workloads, w...) }
