package kube

import (
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// streams returns the images of the containers of a DeploymentConfig that is told
// of them by streams of images: its triggers say which
// (https://docs.openshift.com/container-platform/4.15/applications/deployments/managing-deployment-processes.html#deployments-triggers_deployment-operations).
func streams(o *yaml.Node) map[string]string {
	images := map[string]string{}
	for _, trigger := range o.Get("spec", "triggers").Items() {
		name := trigger.Get("imageChangeParams", "from", "name").Text()
		for _, container := range trigger.Get("imageChangeParams", "containerNames").Texts() {
			if name != "" && !strings.Contains(name, "{{") {
				images[container] = name
			}
		}
	}
	return images
}

// buildConfig takes in which folder of the project an image is built from
// (https://docs.openshift.com/container-platform/4.15/cicd/builds/creating-build-inputs.html).
func (r *reader) buildConfig(o *yaml.Node) {
	spec := o.Get("spec")
	context := path.Clean(strings.TrimPrefix(spec.Get("source", "contextDir").Text(), "/"))
	image := spec.Get("output", "to", "name").Text()
	if image == "" || strings.Contains(context, "$") || strings.HasPrefix(context, "..") || spec.Get("source", "git").IsNull() {
		return
	}
	dockerfile := spec.Get("strategy", "dockerStrategy", "dockerfilePath").Text()
	if dockerfile != "" {
		dockerfile = path.Join(context, dockerfile)
	}
	r.def.Builds = append(r.def.Builds, fact.Built{Image: image, From: fact.BuildFrom{Context: context, Dockerfile: dockerfile, At: o.At}})
}
