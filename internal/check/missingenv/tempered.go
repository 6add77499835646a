package missingenv

import (
	"slices"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

const (
	// many is how many variables a workload may lack that nothing but a .env file
	// for readers tells of: whoever leaves out that many leaves out a list, which
	// offers more than anybody needs.
	many = 8
	// most is how many it may lack that the developer has, or another workload: a
	// definition that lacks more is most likely not what is deployed, or not all of
	// it, and the workload plays another part.
	most = ledger.Many
)

// tempered makes less of what is told of a workload that lacks a great part of
// what its code reads: a mistake is one variable, or a few.
func tempered(findings []finding.Finding) []finding.Finding {
	temper(findings, of, many, finding.Info, func(f finding.Finding) bool {
		return f.Severity == finding.Warning && slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool { return e.Role == finding.Related }) &&
			!slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool {
				return e.Role == finding.Supply || e.Role == finding.Related && e.Environment != "local"
			})
	})
	temper(findings, of, most, finding.Warning, func(f finding.Finding) bool { return f.Severity == finding.Error })
	temper(findings, of, most, finding.Info, func(f finding.Finding) bool { return f.Severity != finding.Info && f.Consequence == goesOn })
	temper(findings, in, most, finding.Info, func(f finding.Finding) bool { return f.Severity == finding.Error })
	return findings
}

// of and in are what is counted together: a workload's, and an environment's, of
// which as many workloads as there are may lack a few each.
func of(f finding.Finding) [2]string { return [2]string{f.Component, f.Environment} }
func in(f finding.Finding) [2]string { return [2]string{"", f.Environment} }

func temper(findings []finding.Finding, key func(finding.Finding) [2]string, least int, severity finding.Severity, is func(finding.Finding) bool) {
	together := map[[2]string][]int{}
	for i, f := range findings {
		if is(f) {
			together[key(f)] = append(together[key(f)], i)
		}
	}
	for _, all := range together {
		for _, i := range all {
			if len(all) >= least {
				findings[i].Severity = severity
			}
		}
	}
}
