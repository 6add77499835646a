package missingenv

import (
	"fmt"
	"maps"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// blank tells of variables whose default is nothing, an empty text or null, and
// that an environment lacks although another one, or the developer, gives them a
// value. The code is made to go on without, so it is a hint and no more.
func blank(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		variables := c.Variables()
		var own []finding.Finding
		lacking := map[string]int{} // by environment
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			need, ok := empty(c, variables[name])
			if !ok || ledger.Ambient(name) || ledger.ForTests(name) {
				continue
			}
			for _, f := range without(c, need) {
				own = append(own, f)
				lacking[f.Environment]++
			}
		}
		// Whoever leaves out many of them wants none of them.
		findings = append(findings, slices.DeleteFunc(own, func(f finding.Finding) bool { return lacking[f.Environment] >= many })...)
	}
	return findings
}

// empty returns the read whose default is nothing, where no other read fails or
// has a better one.
func empty(c *ledger.Component, reads []fact.Need) (need fact.Need, ok bool) {
	for _, n := range reads {
		switch {
		case n.Browser || c.Tool(n.At.File):
		case n.Blank || n.Necessity == fact.Defaulted && n.Default != nil && *n.Default == "":
			if !ok {
				need, ok = n, true
			}
		default:
			return fact.Need{}, false
		}
	}
	return need, ok
}

// without returns a finding for each environment that lacks the variable.
func without(c *ledger.Component, need fact.Need) []finding.Finding {
	name := need.Name
	var absent, given []*ledger.Run
	for _, r := range c.Production() {
		if r.Workload.Once || !r.Reads(c, name) {
			continue
		}
		switch supply, _, state := r.Variable(name); {
		case state == ledger.Absent && !met(r, need.Instead) && !r.Settled(need) && !linked(r, name) && !ledger.Renamed(c, r, name) && !ledger.Off(c, r, name):
			absent = append(absent, r)
		case state == ledger.Supplied && filled(supply):
			given = append(given, r)
		}
	}
	locally, _, state := c.Local().Variable(name)
	developed := state == ledger.Supplied && filled(locally)
	if !developed && len(given) == 0 {
		return nil
	}
	var findings []finding.Finding
	for i, r := range absent {
		if slices.ContainsFunc(absent[:i], func(o *ledger.Run) bool { return o.Environment.Name == r.Environment.Name }) || !developed && r.PlaysOther(given) {
			continue
		}
		f := doc.Finding(finding.Info, c.Name, r.Environment.Name, name)
		f.Message = fmt.Sprintf("%s is read with an empty default, has a value elsewhere, and nothing in %s supplies it", name, r.Environment.Name)
		f.Consequence = goesOn
		f.Remedy = fmt.Sprintf("supply %s at %s", name, place([]*ledger.Run{r}))
		f.Evidence = []finding.Evidence{{Role: finding.Need, At: need.At, Text: need.Text}}
		if developed {
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Supply, At: locally.At, Text: ledger.Shown(locally), Environment: "local"})
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Absent, At: r.Place(), Environment: r.Environment.Name})
		if len(given) > 0 {
			supply, via, _ := given[0].Variable(name)
			at := supply.At
			if !via.IsZero() {
				at = via
			}
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: at, Text: name, Environment: given[0].Environment.Name})
		}
		findings = append(findings, f)
	}
	return findings
}

// filled reports whether a supply gives the variable a value, as far as is known.
func filled(s fact.Supply) bool {
	return s.Value.Origin != fact.Literal || s.Value.Reveal() != ""
}
