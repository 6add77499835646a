package mismatchedenv

import (
	"fmt"
	"slices"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// unfilled tells of what compose files have filled in under a name that the .env
// file beside them does not give, though nearly that.
func unfilled(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, u := range l.Unfilled() {
		environment := ""
		for _, e := range l.Environments {
			if slices.Contains(e.From, u.At.File) && (environment == "" || e.IsProduction()) {
				environment = e.Name
			}
		}
		f := doc.Finding(finding.Warning, "", environment, u.Name)
		f.Message = fmt.Sprintf("%s is filled in here and %s does not give it; %s stands there and nothing takes it (%s)", u.Name, u.Supplied.At.File, u.Supplied.Name, u.How)
		f.Consequence = "compose fills in nothing, and says so when it starts"
		f.Remedy = fmt.Sprintf("write %s for %s at %s:%d, or rename the other", u.Supplied.Name, u.Name, u.At.File, u.At.Line)
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: u.At, Text: u.Name, Environment: environment},
			{Role: finding.Conflict, At: u.Supplied.At, Text: ledger.Shown(u.Supplied)},
		}
		findings = append(findings, f)
	}
	return findings
}
