// Package missinggrant finds what a definition tells a workload of, and does
// not let its identity at.
package missinggrant

import (
	"embed"
	"fmt"
	"slices"

	"rehearse/internal/check"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "missing-grant",
	Category: finding.Environment,
	Summary:  "A definition tells a workload of a secret, a bucket, a queue or a table, and grants its identity others of the kind, but not this one.",
	Why: "On a developer's machine the code acts as the developer, who may do everything. In production it acts as a role, and a role may do " +
		"what its policies list: a secret that was added to the task and not to the policy keeps the task from starting.",
	Fix: "Add the resource to the policy of the role that the workload acts as.",
	Silent: "A role whose policies are not all in the tree, or not all understood; a role that is granted none of the kind, since it may be " +
		"granted them elsewhere, unless another that is told of the same is granted it; a grant for every resource of the kind, or for one that is computed.",
	Sources: []string{
		"https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
		"https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		type place struct{ environment, workload, resource string }
		seen := map[place]bool{}
		for _, r := range c.Production() {
			for _, u := range r.Workload.Uses {
				other, lacks := lacking(u)
				if !lacks {
					other, lacks = beside(l, u)
				}
				if key := (place{r.Environment.Name, r.Workload.Name, u.Resource}); lacks && !seen[key] {
					seen[key] = true
					findings = append(findings, missing(c, r, u, other))
				}
			}
		}
	}
	return findings
}

// lacking reports whether the identity is granted others of the kind and not
// this one, and returns one of the others.
func lacking(u fact.Use) (fact.Granted, bool) {
	if u.By == nil || !u.By.Whole {
		return fact.Granted{}, false
	}
	ofKind := slices.DeleteFunc(slices.Clone(u.By.Granted), func(g fact.Granted) bool { return g.Kind != u.Kind })
	if len(ofKind) == 0 || slices.ContainsFunc(ofKind, func(g fact.Granted) bool { return g.Resource == "*" || g.Resource == u.Resource }) {
		return fact.Granted{}, false
	}
	return ofKind[0], true
}

// beside reports whether the identity is granted nothing of the kind at all, while
// that of another workload that is told of the same resource is granted it, and
// returns that grant.
func beside(l *ledger.Ledger, u fact.Use) (fact.Granted, bool) {
	if u.By == nil || !u.By.Whole || slices.ContainsFunc(u.By.Granted, func(g fact.Granted) bool { return g.Kind == u.Kind }) {
		return fact.Granted{}, false
	}
	for _, e := range l.Environments {
		for i := range e.Workloads {
			for _, o := range e.Workloads[i].Uses {
				if o.Resource != u.Resource || o.Name != u.Name || o.By == nil || o.By.Address == u.By.Address {
					continue
				}
				for _, g := range o.By.Granted {
					if g.Kind == u.Kind && g.Resource == u.Resource {
						return g, true
					}
				}
			}
		}
	}
	return fact.Granted{}, false
}

func missing(c *ledger.Component, r *ledger.Run, u fact.Use, other fact.Granted) finding.Finding {
	severity, consequence := finding.Warning, "the call is refused when the code comes to it"
	if u.Starts {
		severity, consequence = finding.Error, "the platform cannot read it and does not start the container"
	}
	f := doc.Finding(severity, c.Name, r.Environment.Name, u.Resource)
	f.Message = fmt.Sprintf("%s is told of %s by %s, and the policies of %s grant %s and not this", r.Workload.Name, u.Resource, u.Name, u.By.Address, other.Resource)
	if other.Resource == u.Resource {
		f.Message = fmt.Sprintf("%s is told of %s by %s, and the policies of %s grant nothing of the kind, while others that are told of it are granted it", r.Workload.Name, u.Resource, u.Name, u.By.Address)
	}
	f.Consequence = consequence
	f.Remedy = fmt.Sprintf("add %s to the policy at %s:%d", u.Resource, other.At.File, other.At.Line)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: u.At, Text: u.Name, Environment: r.Environment.Name},
		{Role: finding.Absent, At: other.At, Environment: r.Environment.Name},
		{Role: finding.Related, At: u.By.At, Text: u.By.Address, Environment: r.Environment.Name},
	}
	return f
}
