// Package setupscript finds what a developer's setup script puts on a machine,
// the code needs, and production has no counterpart for.
package setupscript

import (
	"embed"
	"fmt"
	"path"
	"slices"

	"rehearse/internal/check"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
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
	Summary:  "A developer's setup script exports a variable or installs a program that the code needs, and production has no counterpart for it.",
	Why: "Whoever works on the project has run the script once and forgotten it. The image and the definition of production were written without it: " +
		"the variable is not there, or the program is not found.",
	Fix:    "Do in the Dockerfile, or in the definition of production, what the script does.",
	Silent: "What the script puts there and the code is not seen to need, and what the image or the definition has as well or may have.",
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
		seen := map[string]bool{} // by Dockerfile and program: a script installs it with one manager or another
		for _, s := range l.Setups {
			if s.Variable != "" {
				findings = append(findings, exported(c, s)...)
			} else {
				findings = append(findings, installed(l, c, s, seen)...)
			}
		}
	}
	return findings
}

// exported finds a variable that only the script supplies.
func exported(c *ledger.Component, s ledger.Setup) []finding.Finding {
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

// installed finds a program that the script installs, the code starts and the
// image has not.
func installed(l *ledger.Ledger, c *ledger.Component, s ledger.Setup, seen map[string]bool) []finding.Finding {
	var findings []finding.Finding
	for _, n := range c.Of(fact.Program) {
		name := path.Base(n.Name)
		if n.Necessity != fact.Required || n.Browser || n.Beside || c.Tool(n.At.File) || !image.Brings(s.Package, name) {
			continue
		}
		for _, b := range l.Builds {
			img := b.Image()
			if b.Owner != c || img == nil || seen[b.Dockerfile+" "+name] || ledger.ForDevelopers(b.Dockerfile) {
				continue
			}
			a := img.Program(n.Name)
			if a.State != image.Absent {
				continue
			}
			seen[b.Dockerfile+" "+name] = true
			f := doc.Finding(finding.Warning, c.Name, b.Environment(), name)
			f.Message = fmt.Sprintf("the code starts %s, which %s installs on a developer's machine (%s) and which the image has not", name, s.At.File, s.Package)
			f.Consequence = "the program is not found when the code comes to start it"
			f.Remedy = fmt.Sprintf("install %s in %s", s.Package, b.Dockerfile)
			f.Evidence = []finding.Evidence{
				{Role: finding.Need, At: n.At, Text: n.Text},
				{Role: finding.Supply, At: s.At, Text: s.Package, Environment: "local"},
				{Role: finding.Absent, At: img.Definition().At},
			}
			findings = append(findings, f)
		}
	}
	return findings
}
