// Package kustomize reads kustomizations: what each makes of its resources,
// bases and components is composed here, object by object, so that every value
// keeps the place at which it was said
// (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/).
package kustomize

import (
	"context"
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/kube"
	"rehearse/internal/source"
)

// Composer reads kustomizations.
type Composer struct{}

var _ infra.Composer = Composer{}

// Format returns "kustomize".
func (Composer) Format() string { return "kustomize" }

// names are those that kustomize takes a kustomization under.
var names = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// Begins reports whether the path is that of a kustomization.
func (Composer) Begins(name string) bool {
	for _, n := range names {
		if path.Base(name) == n {
			return true
		}
	}
	return false
}

// Compose returns what the kustomization makes, as one environment. A component
// makes nothing by itself, and a Kustomization of Flux is of another format.
func (Composer) Compose(ctx context.Context, tree infra.Tree, root source.File) ([]infra.Composition, error) {
	c := composer{ctx: ctx, tree: tree}
	l, err := c.load(root.Path, nil)
	if err != nil || l == nil {
		return nil, err
	}
	made := infra.Composition{Whole: true, Cluster: true, Parts: c.parts}
	made.Definition = fact.Definition{File: root.Path, Format: "kustomize", Unread: c.unread}
	if l.component {
		made.Unread = nil // it is told where it is used
		return []infra.Composition{made}, nil
	}
	for _, o := range l.objects {
		before := len(made.Sets)
		kube.Object(&made.Definition, o.node)
		for i := range made.Sets[before:] {
			made.Sets[before+i].Open = made.Sets[before+i].Open || o.open
		}
	}
	made.Flaws = append(made.Flaws, c.flaws...)
	made.Environment = environment(path.Dir(root.Path))
	return []infra.Composition{made}, nil
}

// stages are the folders in which each folder is an environment.
var stages = map[string]bool{"overlays": true, "overlay": true, "environments": true, "envs": true, "clusters": true, "variants": true}

// environment returns what names the environment of a kustomization's folder.
func environment(dir string) string {
	if stages[path.Base(path.Dir(dir))] {
		return path.Base(dir)
	}
	return dir + "/"
}

// remote reports whether an entry of resources leads elsewhere: to a repository
// or a file of the web
// (https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md).
func remote(entry string) bool {
	if strings.Contains(entry, "://") || strings.Contains(entry, "?ref=") || strings.Contains(entry, "git@") || strings.Contains(entry, ".git/") {
		return true
	}
	host, rest, _ := strings.Cut(entry, "/")
	return rest != "" && !strings.HasPrefix(host, ".") && strings.Contains(host, ".") && (strings.Contains(host, "github.com") || strings.Contains(entry, "//"))
}
