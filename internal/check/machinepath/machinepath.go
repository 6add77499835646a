// Package machinepath finds paths of one person's machine.
package machinepath

import (
	"embed"
	"fmt"
	"strings"

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
	Name:     "machine-path",
	Category: finding.Environment,
	Summary:  "Code or a definition that is deployed names a path in the home of one person's machine.",
	Why:      "The file is there on the machine of whoever wrote the line, and on no other.",
	Fix:      "Name the path relative to the code, or take it from a variable that each environment supplies.",
	Silent: "Comments, tests, examples and documents, what a developer's own definitions say, and the homes that images and pipelines have (/home/node, /home/runner) " +
		"or that a Dockerfile of the project makes.",
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	made := homes(l)
	var findings []finding.Finding
	seen := map[string]bool{} // by file and home
	for _, h := range l.Homely {
		if strings.HasPrefix(h.Text, "/home/") && strings.Contains(made, h.User) || seen[h.At.File+" "+h.Text] {
			continue
		}
		seen[h.At.File+" "+h.Text] = true
		component := l.Owning(h.At.File)
		if c := l.Component(component); c != nil && c.Tool(h.At.File) {
			continue
		}
		f := doc.Finding(finding.Warning, component, "production", h.Text)
		f.Message = h.Text + " is the home of one person's machine"
		f.Consequence = "there is no such path anywhere else"
		f.Remedy = fmt.Sprintf("name the path otherwise at %s:%d", h.At.File, h.At.Line)
		f.Evidence = []finding.Evidence{{Role: finding.Need, At: h.At, Text: h.Text}}
		findings = append(findings, f)
	}
	return findings
}

// homes returns what the Dockerfiles of the project say of users and folders.
func homes(l *ledger.Ledger) string {
	var b strings.Builder
	for _, d := range l.Definitions {
		for _, img := range d.Images {
			for _, s := range img.Stages {
				b.WriteString(s.User + " " + s.WorkDir + "\n")
				for _, step := range s.Steps {
					b.WriteString(strings.Join(step.Command, " ") + " " + step.Target + "\n")
				}
			}
		}
	}
	return b.String()
}
