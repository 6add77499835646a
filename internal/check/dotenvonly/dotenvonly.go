// Package dotenvonly finds code that cannot go on without a .env file that
// production does not have.
package dotenvonly

import (
	"embed"
	"fmt"
	"path"

	"rehearse/internal/check"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "dotenv-only",
	Category: finding.Environment,
	Summary:  "The code gives up when its .env file is missing, and production does not have the file.",
	Why: "The loader of the .env file reports an error when there is no such file, and the code treats it as fatal. On a developer's machine the file is there. " +
		"It is kept out of the repository and out of the image, as it should be, so the process exits at start even when every variable is supplied otherwise.",
	Fix:    "Go on when the file is missing, and let the variables themselves be required.",
	Silent: "A loader whose failure is ignored, and a file that reaches the image.",
	Sources: []string{
		"https://pkg.go.dev/github.com/joho/godotenv#Load",
		"https://nodejs.org/api/cli.html#--env-fileconfig",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		seen := map[string]bool{}
		for _, need := range c.Of("dotenv") {
			if !need.Fatal {
				continue
			}
			for _, r := range c.Production() {
				file := path.Join(c.Dir, need.Name)
				why, absent := r.Lacks(file)
				if !absent || seen[r.Environment.Name] {
					continue
				}
				seen[r.Environment.Name] = true
				f := doc.Finding(finding.Error, c.Name, r.Environment.Name, need.Name)
				f.Message = fmt.Sprintf("the code gives up without %s, and the image does not hold it: %s", need.Name, why.What)
				f.Consequence = "the process exits at start"
				f.Remedy = "go on where the file is missing, and require the variables instead"
				f.Evidence = []finding.Evidence{
					{Role: finding.Need, At: need.At, Text: need.Text},
					{Role: finding.Absent, At: why.At, Environment: r.Environment.Name},
				}
				findings = append(findings, f)
			}
		}
	}
	return findings
}
