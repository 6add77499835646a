package missingenv

import (
	"slices"

	"rehearse/internal/finding"
)

const (
	// many is how many variables a workload may lack that nothing but a .env file
	// for readers tells of: whoever leaves out that many leaves out a list, which
	// offers more than anybody needs.
	many = 8
	// most is how many it may lack that the developer has, or another workload: a
	// definition that lacks more is most likely not what is deployed, or not all of
	// it, and the workload plays another part.
	most = 12
)

// tempered makes less of what is told of a workload that lacks a great part of
// what its code reads: a mistake is one variable, or a few.
func tempered(findings []finding.Finding) []finding.Finding {
	temper(findings, many, finding.Info, func(f finding.Finding) bool {
		return f.Severity == finding.Warning && slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool { return e.Role == finding.Related }) &&
			!slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool {
				return e.Role == finding.Supply || e.Role == finding.Related && e.Environment != "local"
			})
	})
	temper(findings, most, finding.Info, func(f finding.Finding) bool { return f.Severity == finding.Warning && f.Consequence == goesOn })
	temper(findings, most, finding.Warning, func(f finding.Finding) bool { return f.Severity == finding.Error })
	return findings
}

func temper(findings []finding.Finding, least int, severity finding.Severity, is func(finding.Finding) bool) {
	of := map[[2]string][]int{}
	for i, f := range findings {
		if is(f) {
			of[[2]string{f.Component, f.Environment}] = append(of[[2]string{f.Component, f.Environment}], i)
		}
	}
	for _, all := range of {
		for _, i := range all {
			if len(all) >= least {
				findings[i].Severity = severity
			}
		}
	}
}
