package mismatchedenv

import (
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// composed tells of the same in the containers that the developer starts. They
// fail before anything is deployed, so it weighs less.
func composed(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		seen := map[string]bool{}
		for _, r := range c.Composed() {
			for _, m := range ledger.NearMisses(c, r) {
				locally, _, state := c.Local().Variable(m.Read)
				own, _, _ := r.Variable(m.Read)
				if seen[m.Read] || state == ledger.Unknown || state == ledger.Supplied && locally.At != own.At || l.Reads(m.Supplied.Name) {
					continue
				}
				seen[m.Read] = true
				f := mismatched(c, r, m)
				f.Severity = lighter(f.Severity)
				findings = append(findings, f)
			}
		}
	}
	return findings
}

func lighter(s finding.Severity) finding.Severity {
	if s == finding.Error {
		return finding.Warning
	}
	return finding.Info
}
