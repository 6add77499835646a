package invalidenv

import (
	"fmt"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// ports finds variables that the code takes a port from, by their names, and
// whose value in production has no digit: what converts it gives up, or listens
// nowhere.
func ports(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		variables := c.Variables()
		for _, r := range c.Production() {
			for _, s := range r.Explicit() {
				reads := variables[s.Name]
				if len(reads) == 0 || s.Name != "PORT" && !strings.HasSuffix(s.Name, "_PORT") || s.Value.Origin != fact.Literal || !wordy(s.Value.Reveal()) {
					continue
				}
				f := doc.Finding(finding.Warning, c.Name, r.Environment.Name, s.Name)
				f.Message = s.Name + ": its value is no number, and the code takes a port from it"
				f.Consequence = "the conversion fails, or the process listens at another port than it is asked for at"
				f.Remedy = fmt.Sprintf("give it the number of the port at %s:%d", s.At.File, s.At.Line)
				f.Evidence = []finding.Evidence{
					{Role: finding.Conflict, At: s.At, Text: s.Name, Environment: r.Environment.Name},
					{Role: finding.Related, At: reads[0].At, Text: reads[0].Text},
				}
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// wordy reports whether a text is a word without digits: no number, no address,
// no path of a socket, nothing that is filled in later.
func wordy(text string) bool {
	return text != "" && !strings.ContainsAny(text, "0123456789/\\${}<>%:._ ")
}
