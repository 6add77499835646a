// Package ecs reads task definitions of Amazon ECS in JSON, as they are
// registered and as the actions for deployments take them
// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html).
package ecs

import (
	"bytes"
	"context"
	"path"
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// Reader reads task definitions.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "ecs".
func (Reader) Format() string { return "ecs" }

// Names reports whether path is a JSON file whose name, or whose folder's,
// speaks of tasks or of ECS.
func (Reader) Names(name string) bool {
	if path.Ext(name) != ".json" {
		return false
	}
	text := strings.ToLower(path.Base(path.Dir(name)) + "/" + path.Base(name))
	return strings.Contains(text, "task") || strings.Contains(text, "ecs")
}

// maxSize bounds a task definition; AWS takes 64 KB.
const maxSize = 1 << 20

// Read returns a Workload for each container of the task.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: "ecs"}
	if len(file.Data) > maxSize || !bytes.Contains(file.Data, []byte(`"containerDefinitions"`)) {
		return def, nil
	}
	docs, unread, err := infra.YAML(file)
	if err != nil {
		return def, err
	}
	def.Unread = unread
	for _, doc := range docs {
		root := cloud.FromYAML(doc.Root)
		if inner := root.Get("taskDefinition"); inner.IsMap() {
			root = inner // as describe-task-definition prints it
		}
		name := root.Get("family").Text()
		if name == "" {
			name = strings.TrimSuffix(path.Base(file.Path), path.Ext(file.Path))
		}
		def.Workloads = append(def.Workloads, cloud.Task(name, root.At, root.Get("containerDefinitions"), root.Get("volumes"))...)
	}
	return def, nil
}
