// Package missingenv finds variables that the code needs and that an
// environment in which it runs does not supply.
package missingenv

import (
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

var doc = check.Doc{
	Name:     "missing-env",
	Category: finding.Environment,
	Summary:  "A component reads a variable that has no working default, and an environment in which it runs does not supply it.",
	Why: "On a developer's machine the variable comes from a .env file, a start script or the shell. None of these is there in production: " +
		"the process exits at start, or goes on with an empty value and fails at the first request that needs it.",
	Fix: "Supply the variable in the definition of that environment, from the ConfigMap or Secret that holds it, or give the code a default that works there.",
	Silent: "A read with a default, a read whose absence the code tests for, a variable that the runtime or the platform supplies by itself, " +
		"and a workload that takes in a set whose keys are not in the tree (it may hold the variable).",
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		variables := c.Variables()
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			if need, ok := needed(variables[name]); ok {
				findings = append(findings, missing(c, name, need)...)
			}
		}
	}
	return findings
}

// needed returns the read that fails where the variable is missing. A variable
// that the code guards somewhere, or reads with a default elsewhere, is optional
// unless a read gives up without it.
func needed(reads []fact.Need) (fact.Need, bool) {
	var first *fact.Need
	optional := false
	for i := range reads {
		switch {
		case reads[i].Browser:
			// inlined when the bundle is built: another check's matter
		case reads[i].Necessity == fact.Required && reads[i].Fatal:
			return reads[i], true
		case reads[i].Necessity == fact.Required && first == nil:
			first = &reads[i]
		case reads[i].Necessity != fact.Required:
			optional = true
		}
	}
	if first == nil || optional {
		return fact.Need{}, false
	}
	return *first, true
}

// missing returns a finding for each environment that does not supply the
// variable; workloads of one environment share one.
func missing(c *ledger.Component, name string, need fact.Need) []finding.Finding {
	if ledger.Ambient(name) {
		return nil
	}
	type gap struct {
		absent, supplied []*ledger.Run
		renamed          bool
	}
	gaps := map[*fact.Environment]*gap{}
	var order []*fact.Environment
	var suppliedElsewhere []finding.Evidence
	for _, r := range c.Production() {
		g := gaps[r.Environment]
		if g == nil {
			g = &gap{}
			gaps[r.Environment] = g
			order = append(order, r.Environment)
		}
		switch supply, via, state := r.Variable(name); state {
		case ledger.Absent:
			g.absent = append(g.absent, r)
			g.renamed = g.renamed || ledger.Renamed(c, r, name)
		case ledger.Supplied:
			g.supplied = append(g.supplied, r)
			at := supply.At
			if !via.IsZero() {
				at = via
			}
			suppliedElsewhere = append(suppliedElsewhere, finding.Evidence{
				Role: finding.Related, At: at, Text: name, Environment: r.Environment.Name,
			})
		}
	}

	var findings []finding.Finding
	for _, e := range order {
		g := gaps[e]
		if len(g.absent) == 0 || g.renamed {
			continue
		}
		locally, _, local := c.Local().Variable(name)
		severity := finding.Warning
		if need.Fatal || local == ledger.Supplied || len(suppliedElsewhere) > 0 && len(g.supplied) == 0 {
			severity = finding.Error
		}
		if !need.Fatal && len(g.supplied) > 0 {
			// Workloads of one image play different parts: this one may never read it.
			severity = finding.Warning
		}
		f := doc.Finding(severity, c.Name, e.Name, name)
		f.Message = fmt.Sprintf("%s is read without a default and nothing in %s supplies it%s", name, e.Name, to(g.absent, g.supplied))
		f.Consequence = "the code goes on with an empty value, and what depends on it fails when it is used"
		if need.Fatal {
			f.Consequence = "the process gives up where it reads it"
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Need, At: need.At, Text: need.Text})
		if local == ledger.Supplied {
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Supply, At: locally.At, Text: name, Environment: "local"})
		}
		for _, r := range g.absent {
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Absent, At: r.Place(), Environment: e.Name})
		}
		f.Evidence = append(f.Evidence, suppliedElsewhere...)
		f.Remedy = fmt.Sprintf("supply %s at %s", name, place(g.absent))
		findings = append(findings, f)
	}
	return findings
}

// to says which workloads lack it, where others of the same code have it.
func to(absent, supplied []*ledger.Run) string {
	if len(supplied) == 0 {
		return ""
	}
	return " to " + workloads(absent) + ", while " + workloads(supplied) + " has it"
}

func workloads(runs []*ledger.Run) string {
	var names []string
	for _, r := range runs {
		names = append(names, r.Workload.Kind+"/"+r.Workload.Name)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

func place(runs []*ledger.Run) string {
	var places []string
	for _, r := range runs {
		p := r.Place()
		places = append(places, fmt.Sprintf("%s:%d", p.File, p.Line))
	}
	return strings.Join(slices.Compact(places), ", ")
}
