package missingenv

import (
	"fmt"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// stocked tells of images that everybody knows and that refuse to start without a
// variable that the definition does not give them.
func stocked(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, s := range l.Stocked() {
		astray := s.Astray()
		for _, group := range s.Lacking() {
			if slices.ContainsFunc(astray, func(m ledger.NearMiss) bool { return slices.Contains(group, m.Read) }) {
				continue // mismatched-env tells of it
			}
			f := doc.Finding(finding.Error, "", s.Environment.Name, group[0])
			if !s.Environment.IsProduction() {
				f.Severity = finding.Warning
			}
			f.Message = fmt.Sprintf("the image of %s/%s needs %s, and nothing in %s supplies it", s.Workload.Kind, s.Workload.Name, group[0], s.Environment.Name)
			if len(group) > 1 {
				f.Message += fmt.Sprintf(" (%s would do as well)", strings.Join(group[1:], ", "))
			}
			f.Consequence = "the container gives up when it is started without the data of an earlier start"
			f.Remedy = fmt.Sprintf("supply %s at %s:%d", group[0], s.Place().File, s.Place().Line)
			f.Evidence = []finding.Evidence{
				{Role: finding.Need, At: s.Workload.At, Text: s.Workload.Name, Environment: s.Environment.Name},
				{Role: finding.Absent, At: s.Place(), Environment: s.Environment.Name},
			}
			findings = append(findings, f)
		}
	}
	return findings
}
