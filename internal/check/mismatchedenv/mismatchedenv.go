// Package mismatchedenv finds variables that are supplied under one name and
// read under another.
package mismatchedenv

import (
	"embed"
	"fmt"
	"slices"

	"rehearse/internal/check"
	"rehearse/internal/fact"
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
	Name:     "mismatched-env",
	Category: finding.Environment,
	Summary:  "A variable is supplied and never read, while one of nearly the same name is read and never supplied: a typo, a half-finished rename, a prefix.",
	Why: "Locally the variable has the name that the code reads. In the definition of production it is spelled otherwise, so the value never arrives: " +
		"the code fails, or goes on with its default as if nothing had been said.",
	Fix: "Give both ends the same name.",
	Silent: "A name that anything reads, one that a library, a runtime or a public image reads by convention, words that tell different parts of one thing " +
		"(DB_HOST, DB_PORT), and names of which more than one could be meant.",
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		seen := map[string]bool{}
		for _, r := range c.Production() {
			for _, m := range ledger.NearMisses(c, r) {
				key := r.Environment.Name + "\x00" + m.Read + "\x00" + m.Supplied.Name
				if seen[key] || readBySibling(l, r, m.Supplied) {
					continue
				}
				seen[key] = true
				findings = append(findings, mismatched(c, r, m))
			}
			for _, m := range ledger.Relabelled(c, r) {
				key := r.Environment.Name + "\x00" + m.Read + "\x00" + m.Supplied.Name
				if seen[key] || l.Reads(m.Supplied.Name) {
					continue
				}
				seen[key] = true
				findings = append(findings, relabelled(c, r, m))
			}
		}
	}
	findings = append(findings, composed(l)...)
	return slices.Concat(findings, stocked(l), unfilled(l), settings(l))
}

// readBySibling reports whether the supply comes from a set that another
// component of the environment takes in, and reads it there.
func readBySibling(l *ledger.Ledger, r *ledger.Run, supply fact.Supply) bool {
	for _, c := range l.Components {
		if _, reads := c.Variables()[supply.Name]; !reads {
			continue
		}
		for _, other := range c.Production() {
			if got, _, state := other.Variable(supply.Name); other.Environment == r.Environment && state == ledger.Supplied && got.At == supply.At {
				return true
			}
		}
	}
	return false
}

// relabelled tells of a variable that nothing reads, and of the one that may
// have been meant. That it was is a guess.
func relabelled(c *ledger.Component, r *ledger.Run, m ledger.NearMiss) finding.Finding {
	need := c.Variables()[m.Read][0]
	f := doc.Finding(finding.Info, c.Name, r.Environment.Name, m.Read)
	f.Message = fmt.Sprintf("%s is given to %s/%s and nothing reads it; %s is read (%s)", m.Supplied.Name, r.Workload.Kind, r.Workload.Name, m.Read, m.How)
	f.Consequence = "the value that was given is never used"
	f.Remedy = fmt.Sprintf("rename %s to %s at %s:%d, or drop it", m.Supplied.Name, m.Read, m.Supplied.At.File, m.Supplied.At.Line)
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: need.At, Text: need.Text}}
	if given, via, state := r.Variable(m.Read); state == ledger.Supplied {
		if !via.IsZero() {
			given.At = via
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: given.At, Text: m.Read, Environment: r.Environment.Name})
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: m.Supplied.At, Text: ledger.Shown(m.Supplied), Environment: r.Environment.Name})
	return f
}

// overridden tells of a value that was meant for a variable to which the image
// gives one of its own.
func overridden(c *ledger.Component, r *ledger.Run, m ledger.NearMiss, own fact.Supply) finding.Finding {
	f := doc.Finding(finding.Warning, c.Name, r.Environment.Name, m.Read)
	f.Message = fmt.Sprintf("%s has the value that the image gives it; %s is supplied and nothing reads it (%s)", m.Read, m.Supplied.Name, m.How)
	f.Consequence = "the code goes on with the image's value, and the one that was given is never used"
	f.Remedy = fmt.Sprintf("rename %s to %s at %s:%d", m.Supplied.Name, m.Read, m.Supplied.At.File, m.Supplied.At.Line)
	f.Evidence = []finding.Evidence{
		{Role: finding.Related, At: own.At, Text: ledger.Shown(own)},
		{Role: finding.Conflict, At: m.Supplied.At, Text: ledger.Shown(m.Supplied), Environment: r.Environment.Name},
	}
	return f
}

func mismatched(c *ledger.Component, r *ledger.Run, m ledger.NearMiss) finding.Finding {
	if own, _, state := r.Variable(m.Read); state == ledger.Supplied {
		return overridden(c, r, m, own)
	}
	need := c.Variables()[m.Read][0]
	for _, n := range c.Variables()[m.Read] {
		if n.Necessity == fact.Required {
			need = n
			break
		}
	}
	f := doc.Finding(finding.Error, c.Name, r.Environment.Name, m.Read)
	f.Message = fmt.Sprintf("%s is read and nothing supplies it; %s is supplied and nothing reads it (%s)", m.Read, m.Supplied.Name, m.How)
	switch {
	case need.Necessity == fact.Required && need.Fatal:
		f.Consequence = "the process gives up where it reads it, although the value was given"
	case need.Necessity == fact.Required:
		f.Consequence = "the code goes on with an empty value, although one was given"
	default:
		f.Severity = finding.Warning
		f.Consequence = "the code goes on with its default, and the value that was given is never used"
	}
	if _, _, state := r.Variable(m.Read); state == ledger.Unknown {
		f.Severity = finding.Warning
		f.Message = fmt.Sprintf("%s is read and nothing in the tree supplies it; %s is supplied and nothing reads it (%s)", m.Read, m.Supplied.Name, m.How)
	}
	f.Remedy = fmt.Sprintf("rename %s to %s at %s:%d, or read it under that name", m.Supplied.Name, m.Read, m.Supplied.At.File, m.Supplied.At.Line)
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: need.At, Text: need.Text}}
	if locally, _, state := c.Local().Variable(m.Read); state == ledger.Supplied {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Supply, At: locally.At, Text: ledger.Shown(locally), Environment: "local"})
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: m.Supplied.At, Text: ledger.Shown(m.Supplied), Environment: r.Environment.Name})
	return f
}
