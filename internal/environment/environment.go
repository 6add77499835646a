// Package environment composes what definitions say into the environments in
// which a project runs: a base and its overlays, a chart and its values, compose
// files that are laid over each other.
package environment

import (
	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// The formats whose definitions say most of where they are used.
const (
	Compose    = "compose"
	Kubernetes = "kubernetes"
	Actions    = "github-actions"
	Dotenv     = "dotenv"
	Example    = "dotenv-example" // the kind of the sets of a .env file for readers
)

// All returns the environments of a project, local first, then by name: those
// that its definitions make up, and in their place those that rehearse.yaml
// tells of. Which components' code a definition runs is asked of runs. What
// rehearse.yaml names and nothing was made of is listed.
func All(p *project.Project, definitions []fact.Definition, made []infra.Composition, runs func(fact.Definition) []*project.Component) ([]*fact.Environment, []source.Unread) {
	return configured(environments(definitions, made, runs, platforms(p)), made, p.Config, definitions)
}

// Complete gives the services of compose files what other files have for them:
// the values of names that the .env file beside them fills in, and what the
// services that they extend say.
func Complete(definitions []fact.Definition) {
	fill(definitions)
	extend(definitions)
}
