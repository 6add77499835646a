package missingenv

import (
	"maps"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// composed tells of containers that the developer starts and that are not given a
// variable without which the code gives up, where other definitions or its
// relatives show that it is wanted. They fail before anything is deployed, so it
// weighs less.
func composed(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		runs := c.Composed()
		if len(runs) == 0 || len(c.Of(fact.Dotenv)) > 0 {
			continue
		}
		variables := c.Variables()
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			need, optional, ok := needed(c, variables[name])
			if _, told := c.Told(name); !ok || optional || told || !need.Fatal || ledger.Ambient(name) || ledger.ForTests(name) {
				continue
			}
			if _, _, state := c.Local().Variable(name); state != ledger.Absent {
				continue
			}
			g := &gap{name: "local"}
			for _, r := range runs {
				_, hasRelative := ledger.Family(c, r, name)
				if _, _, state := r.Variable(name); state == ledger.Absent && r.Reads(c, name) && !met(r, need.Instead) && !r.Settled(need) && !ledger.Renamed(c, r, name) && (hasRelative || elsewhere(c, name)) {
					g.absent = append(g.absent, r)
				}
			}
			if len(g.absent) == 0 {
				continue
			}
			f := g.finding(c, need, nil, nil)
			f.Severity = finding.Warning
			findings = append(findings, f)
		}
	}
	return findings
}

// elsewhere reports whether a production is given the variable.
func elsewhere(c *ledger.Component, name string) bool {
	return slices.ContainsFunc(c.Production(), func(r *ledger.Run) bool {
		_, _, state := r.Variable(name)
		return state == ledger.Supplied
	})
}
