// Package servicelinkenv finds variables of which Kubernetes, telling a pod of
// the Services beside it, takes the name.
package servicelinkenv

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"

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
	Name:     "service-link-env",
	Category: finding.Environment,
	Summary:  "The code reads a variable that Kubernetes sets by itself for a Service of the same namespace, to something else than the code expects.",
	Why: "For each Service of its namespace Kubernetes gives a pod variables such as REDIS_PORT=tcp://10.0.0.11:6379, for a Service named redis. " +
		"Code that reads REDIS_PORT as a number works everywhere but there.",
	Fix:    "Set enableServiceLinks: false in the pod, supply the variable explicitly, or name the Service or the variable otherwise.",
	Silent: "A variable that the definition supplies itself, a pod with enableServiceLinks: false, a headless Service, and the variables whose names say what they are (REDIS_SERVICE_HOST).",
	Sources: []string{
		"https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables",
		"https://kubernetes.io/docs/tutorials/services/connect-applications-service/#accessing-the-service",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		variables := c.Variables()
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			if !strings.HasSuffix(name, "_PORT") {
				continue
			}
			i := slices.IndexFunc(variables[name], func(n fact.Need) bool { return !n.Browser && !c.Tool(n.At.File) })
			if i < 0 {
				continue
			}
			seen := map[string]bool{} // by the names of environments
			for _, r := range c.Production() {
				link, ok := r.Linked(name)
				if _, _, state := r.Variable(name); !ok || state != ledger.Absent || seen[r.Environment.Name] || strings.HasSuffix(name, "_SERVICE_PORT") {
					continue
				}
				seen[r.Environment.Name] = true
				findings = append(findings, taken(c, r, variables[name][i], link))
			}
		}
	}
	return findings
}

func taken(c *ledger.Component, r *ledger.Run, n fact.Need, link ledger.Link) finding.Finding {
	f := doc.Finding(finding.Error, c.Name, r.Environment.Name, n.Name)
	f.Message = fmt.Sprintf("%s is read, and Kubernetes sets it to %s for the Service %s", n.Name, link.Shape, link.Service.Name)
	f.Consequence = "the code takes the address of the Service for the number of a port"
	f.Remedy = fmt.Sprintf("set enableServiceLinks: false in the pod, or supply %s at %s:%d", n.Name, r.Place().File, r.Place().Line)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: n.At, Text: n.Text},
		{Role: finding.Conflict, At: link.Service.At, Text: link.Service.Name, Environment: r.Environment.Name},
		{Role: finding.Absent, At: r.Place(), Environment: r.Environment.Name},
	}
	return f
}
