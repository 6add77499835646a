// Package finding holds what the tool has to say: differences that the code is
// sensitive to, with evidence at both ends.
package finding

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"rehearse/internal/source"
)

// Severity says how much a finding matters.
type Severity string

// The severities, the gravest first.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Rank orders severities: the graver, the higher. An unknown one has rank 0.
func (s Severity) Rank() int {
	switch s {
	case Error:
		return 3
	case Warning:
		return 2
	case Info:
		return 1
	}
	return 0
}

// Verdict says how far a finding is proved.
type Verdict string

// The verdicts.
const (
	Suspected    Verdict = "suspected"     // read from the definitions
	Reproduced   Verdict = "reproduced"    // seen to fail on the stage, and to pass without the difference
	Refuted      Verdict = "refuted"       // rehearsed, and it held
	NotRehearsed Verdict = "not-rehearsed" // with the reason in Rehearsal.Observed
)

// Category is the part of the mission that a check belongs to.
type Category string

// The categories.
const (
	Environment Category = "environment"
	Network     Category = "network"
	Container   Category = "container"
	Concurrency Category = "concurrency"
)

// Role says what a piece of evidence shows.
type Role string

// The roles.
const (
	Need        Role = "need"
	Supply      Role = "supply"
	Absent      Role = "absent"   // where the missing supply belongs
	Conflict    Role = "conflict" // a supply that is wrong
	Related     Role = "related"
	Observation Role = "observation"
)

// Finding is a need that is met locally and not in another environment.
type Finding struct {
	Check       string
	Category    Category
	Severity    Severity
	Verdict     Verdict
	Component   string
	Environment string
	Subject     string // the name at stake: a variable, a host, a path, a port, …
	Message     string
	Consequence string // what a person would see
	Remedy      string
	Evidence    []Evidence
	Rehearsal   *Rehearsal // nil where no experiment spoke
}

// Evidence is a line that shows one end of a finding.
type Evidence struct {
	Role        Role
	At          source.Span
	Text        string // the code, never a value that may be secret
	Environment string
}

// Rehearsal is what an experiment saw.
type Rehearsal struct {
	Experiment  string
	Differences []string // the smallest set that makes it fail
	Observed    string
	Runs        int
	Replay      string // the command that runs it again; "" where there is none
}

// Fingerprint identifies the finding across runs. It is stable when unrelated
// lines move: it is made of names and of the code at the need, not of line
// numbers.
func (f *Finding) Fingerprint() string {
	parts := []string{f.Check, f.Component, f.Environment, f.Subject}
	for _, e := range f.Evidence {
		if e.Role == Need {
			parts = append(parts, e.At.File, strings.Join(strings.Fields(e.Text), " "))
			break
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// Sort brings findings into the order of the report: by component, gravity,
// check, subject, environment and place.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Component, b.Component),
			cmp.Compare(b.Severity.Rank(), a.Severity.Rank()),
			cmp.Compare(a.Check, b.Check),
			cmp.Compare(a.Subject, b.Subject),
			cmp.Compare(a.Environment, b.Environment),
			a.first().Compare(b.first()),
		)
	})
}

func (f *Finding) first() source.Span {
	if len(f.Evidence) == 0 {
		return source.Span{}
	}
	return f.Evidence[0].At
}
