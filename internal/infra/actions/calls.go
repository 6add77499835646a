package actions

import (
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// The kinds of what a workflow or an action that others call declares, and of
// what its callers name of it.
const (
	InputKind    = "input"
	SecretKind   = "secret-of-call"
	OutputKind   = "output"
	RequiredKind = "required-input"
	NeededKind   = "required-secret"
	InheritKind  = "inherited-secrets"
	VariableKind = "variable-of-workflow"
)

// Placed is the key of a secret that a job takes in an environment, which may have
// it whatever the repository and the caller have.
const Placed = "environment"

// declares takes down what callers may name.
func (r *reader) declares(inputs, secrets, outputs *yaml.Node) {
	add := func(kind string, n *yaml.Node) {
		for _, p := range n.Pairs() {
			r.def.Objects = append(r.def.Objects, fact.Object{Kind: kind, Name: p.Name(), At: p.Key.At})
		}
	}
	add(InputKind, inputs)
	add(SecretKind, secrets)
	add(OutputKind, outputs)
	for _, p := range secrets.Pairs() {
		if p.Value.Get("required").True() {
			r.def.Objects = append(r.def.Objects, fact.Object{Kind: NeededKind, Name: p.Name(), At: p.Key.At})
		}
	}
	for _, p := range inputs.Pairs() {
		if p.Value.Get("required").True() && p.Value.Get("default").IsNull() {
			r.def.Objects = append(r.def.Objects, fact.Object{Kind: RequiredKind, Name: p.Name(), At: p.Key.At})
		}
	}
}

// calls takes down what a job hands to a workflow of the project
// (https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows).
func (r *reader) calls(j *yaml.Node, job string) {
	uses := j.Get("uses")
	if !strings.HasPrefix(uses.Text(), "./") {
		return
	}
	name := path.Clean(uses.Text())
	hand := func(kind string, n *yaml.Node) {
		for _, p := range n.Pairs() {
			r.def.Mentions = append(r.def.Mentions, fact.Mention{
				Ref: fact.Ref{Kind: kind, Name: name, Key: p.Name(), Optional: true}, By: "the job " + job, Workload: job, At: p.Key.At,
			})
		}
	}
	hand(InputKind, j.Get("with"))
	hand(SecretKind, j.Get("secrets"))
	if j.Get("secrets").IsScalar() {
		r.def.Mentions = append(r.def.Mentions, fact.Mention{Ref: fact.Ref{Kind: InheritKind, Name: name, Optional: true}, By: "the job " + job, Workload: job, At: uses.At})
	}
	r.def.Mentions = append(r.def.Mentions, fact.Mention{Ref: fact.Ref{Kind: RequiredKind, Name: name, Optional: true}, By: "the job " + job, Workload: job, At: uses.At})
}
