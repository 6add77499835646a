// Package experiment is the family of the experiments: runs on a stage that can
// change the verdict of a finding, or make a finding of what nobody suspected.
//
// To add one, make a folder beside this file with an Experiment, and add it to
// the list in package cli. The smallest real member is boot.
package experiment

import (
	"context"

	"rehearse/internal/finding"
)

// Experiment plays mixtures of the local and the production environment and
// judges what it sees.
type Experiment interface {
	// Name returns the name by which reports and replays call the experiment.
	Name() string
	// Run returns the findings with the verdicts that it came to, and those that
	// it made itself. The error is one of the stage: then the findings are as
	// far as it came.
	Run(ctx context.Context, s *Session, findings []finding.Finding) ([]finding.Finding, error)
	// Again plays a case that was reproduced before, and says whether it still
	// breaks and what was observed.
	Again(ctx context.Context, s *Session, c Case) (broken bool, observed string, err error)
}

// Case is a reproduced finding as it is written down to be played again. It
// holds names and no values.
type Case struct {
	Schema      string   `json:"schema"` // CaseSchema
	Fingerprint string   `json:"fingerprint"`
	Check       string   `json:"check"`
	Component   string   `json:"component"`
	Environment string   `json:"environment"`
	Subject     string   `json:"subject"`
	Experiment  string   `json:"experiment"`
	Request     string   `json:"request,omitempty"` // of differ: the one that comes out otherwise
	Switches    []Switch `json:"differences"`
	Beside      []Switch `json:"beside"` // the differences that there were besides
	Observed    string   `json:"observed"`
}

// Switch names a difference of a component.
type Switch struct {
	Component  string `json:"component"`
	Difference string `json:"difference"` // "env:DATABASE_URL"
}

// CaseSchema is the schema of a Case.
const CaseSchema = "rehearse/case/v1"
