// Package terraform reads modules of Terraform and OpenTofu
// (https://developer.hashicorp.com/terraform/language): what their resources
// run, with the variables, locals and modules of the tree filled in. What is
// known only when a plan is made is computed.
package terraform

import (
	"context"
	"path"
	"slices"
	"strings"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// Composer reads a folder of .tf files with the modules that it calls.
type Composer struct{}

var _ infra.Composer = Composer{}

// Format returns "terraform".
func (Composer) Format() string { return "terraform" }

// Begins reports whether path is a .tf file.
func (Composer) Begins(name string) bool { return path.Ext(name) == ".tf" }

// The bounds on one root: what people write stays far below them.
const (
	maxSteps     = 1 << 18 // values that are worked out
	maxDepth     = 64      // modules, references and values in one another
	maxInstances = 64      // of a resource or module with for_each
	maxModules   = 512     // calls of modules
	maxValues    = 32      // files of variables
)

// Compose returns what the folder of the root makes up: once for each file of
// variables that has to be asked for, or once where there is none. The first
// .tf file of a folder stands for it.
func (Composer) Compose(ctx context.Context, tree infra.Tree, root source.File) ([]infra.Composition, error) {
	dir := path.Dir(root.Path)
	files := sources(tree, dir)
	if len(files) == 0 || files[0] != root.Path {
		return nil, nil
	}
	always, named := values(tree, dir)
	if len(named) == 0 {
		named = []string{""}
	}
	var all []infra.Composition
	for _, chosen := range named {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l := &loader{tree: tree, functions: functions(), read: map[string]*parsed{}, looked: map[string]bool{}}
		given := map[string]*cloud.Node{}
		layers := always
		if chosen != "" {
			layers = append(slices.Clone(always), chosen)
		}
		l.assigns = len(layers) > 0
		l.parse(root.Path) // it is the first part
		for _, file := range layers {
			l.assigned(file, given)
		}
		m := l.module(dir, "", given, nil)
		def := fact.Definition{File: root.Path, Format: "terraform"}
		if chosen != "" {
			def.Environment = strings.TrimSuffix(strings.TrimSuffix(chosen[len(prefix(dir)):], ".tfvars"), "/terraform")
			def.Environment = path.Base(def.Environment)
		}
		m.collect(&def)
		m.look()
		def.Unread = append(def.Unread, l.unread...)
		def.Flaws = append(def.Flaws, l.flaws...)
		if len(def.Workloads)+len(def.Sets) == 0 && len(l.parts) == len(files)+len(layers) {
			def.Unread = slices.DeleteFunc(def.Unread, func(u source.Unread) bool { return !u.Broken })
		}
		all = append(all, infra.Composition{Definition: def, Environment: def.Environment, Parts: l.parts})
	}
	return all, nil
}

func prefix(dir string) string {
	if dir == "." {
		return ""
	}
	return dir + "/"
}

// sources returns the .tf files right in a folder, sorted.
func sources(tree infra.Tree, dir string) []string {
	var files []string
	for _, f := range tree.Under(dir) {
		if path.Ext(f) == ".tf" && path.Dir(f) == dir {
			files = append(files, f)
		}
	}
	return files
}

// values returns the files of variables of a root: those that Terraform takes by
// itself, and those that it is to be told of, which lie beside them or in a
// folder of their own
// (https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files).
func values(tree infra.Tree, dir string) (always, named []string) {
	under := tree.Under(dir)
	other := map[string]bool{} // folders that are modules themselves
	for _, f := range under {
		if path.Ext(f) == ".tf" && path.Dir(f) != dir {
			other[path.Dir(f)] = true
		}
	}
	for _, f := range under {
		base := path.Base(f)
		if path.Ext(f) != ".tfvars" || other[path.Dir(f)] || strings.Contains("/"+f[len(prefix(dir)):], "/.") {
			continue
		}
		switch here := path.Dir(f) == dir; {
		case here && (base == "terraform.tfvars" || strings.HasSuffix(base, ".auto.tfvars")):
			always = append(always, f)
		case strings.Contains(base, "example") || strings.Contains(base, "sample") || strings.Contains(base, "template"):
		case len(named) < maxValues:
			named = append(named, f)
		}
	}
	return always, named
}
