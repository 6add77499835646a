package mismatchedenv

import (
	"fmt"
	"slices"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// stocked tells of variables that are given to images that everybody knows, under
// names that these do not read.
func stocked(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, s := range l.Stocked() {
		lacking := s.Lacking()
		for _, m := range s.Astray() {
			f := astray(s, m)
			f.Message = fmt.Sprintf("the image of %s/%s reads %s and is not given it; %s is given to it, and it does not read that (%s)", s.Workload.Kind, s.Workload.Name, m.Read, m.Supplied.Name, m.How)
			f.Consequence = "the image goes on with its default, and who relies on the value that was given fails"
			if slices.ContainsFunc(lacking, func(group []string) bool { return slices.Contains(group, m.Read) }) {
				f.Severity = finding.Error
				f.Consequence = "the container gives up when it is started without the data of an earlier start"
			}
			findings = append(findings, f)
		}
		for _, m := range s.Obsolete() {
			f := astray(s, m)
			f.Severity = finding.Info
			f.Message = fmt.Sprintf("the image of %s/%s reads %s now; %s is what it read once", s.Workload.Kind, s.Workload.Name, m.Read, m.Supplied.Name)
			f.Consequence = "today's versions warn of it, or do not read it at all"
			findings = append(findings, f)
		}
	}
	return findings
}

func astray(s ledger.Stocked, m ledger.NearMiss) finding.Finding {
	f := doc.Finding(finding.Warning, "", s.Environment.Name, m.Read)
	f.Remedy = fmt.Sprintf("rename %s to %s at %s:%d", m.Supplied.Name, m.Read, m.Supplied.At.File, m.Supplied.At.Line)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: s.Workload.At, Text: s.Workload.Name, Environment: s.Environment.Name},
		{Role: finding.Conflict, At: m.Supplied.At, Text: ledger.Shown(m.Supplied), Environment: s.Environment.Name},
	}
	return f
}
