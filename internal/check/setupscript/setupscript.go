// Package setupscript finds variables that a developer's setup script exports, the
// code needs, and nothing in production supplies.
package setupscript

import (
	"embed"
	"fmt"
	"slices"

	"rehearse/internal/check"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/machine"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "setup-script",
	Category: finding.Environment,
	Summary:  "A developer's setup script exports a variable that the code needs, and nothing in production supplies it.",
	Why: "Whoever works on the project has run the script once and forgotten it. The definition of production was written without it, and " +
		"the variable is not there.",
	Fix: "Supply in the definition of production what the script exports, or in the Dockerfile where it is no secret.",
	Silent: "What the code is not seen to need, and what the image or the definition supplies as well or may supply. Programs that the script installs and the image " +
		"lacks are told of by missing-binary.",
	Sources: []string{
		"https://github.com/github/scripts-to-rule-them-all",
		"https://direnv.net/man/direnv-stdlib.1.html",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		for _, s := range l.Setups {
			if s.Variable != "" { // of a program, missing-binary tells
				findings = append(findings, exported(c, s)...)
			}
		}
	}
	return findings
}

// exported finds a variable that only the script supplies.
func exported(c *ledger.Component, s machine.Setup) []finding.Finding {
	reads := c.Variables()[s.Variable]
	i := slices.IndexFunc(reads, func(n fact.Need) bool {
		return n.Necessity == fact.Required && !n.Browser && !c.Tool(n.At.File)
	})
	if _, _, locally := c.Local().Variable(s.Variable); i < 0 || locally != ledger.Absent || ledger.Ambient(s.Variable) || ledger.ForTests(s.Variable) {
		return nil // what else supplies it locally is told of by missing-env
	}
	var findings []finding.Finding
	seen := map[string]bool{}
	for _, r := range c.Production() {
		_, _, state := r.Variable(s.Variable)
		if state != ledger.Absent || seen[r.Environment.Name] || !r.Reads(c, s.Variable) || ledger.Renamed(c, r, s.Variable) || r.Workload.Once {
			continue
		}
		seen[r.Environment.Name] = true
		f := doc.Finding(finding.Warning, c.Name, r.Environment.Name, s.Variable)
		f.Message = fmt.Sprintf("%s is read without a default; %s exports it on a developer's machine, and nothing in %s supplies it", s.Variable, s.At.File, r.Environment.Name)
		f.Consequence = "the code goes on with an empty value, and what depends on it fails when it is used"
		if reads[i].Fatal {
			f.Consequence = "the process gives up where it reads it"
		}
		f.Remedy = fmt.Sprintf("supply %s at %s:%d", s.Variable, r.Place().File, r.Place().Line)
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: reads[i].At, Text: reads[i].Text},
			{Role: finding.Supply, At: s.At, Text: s.Variable, Environment: "local"},
			{Role: finding.Absent, At: r.Place(), Environment: r.Environment.Name},
		}
		findings = append(findings, f)
	}
	return findings
}
