// Package check is the family of the checks: each turns the ledger into
// findings of one kind.
//
// A check is a pure function of the ledger: it opens no file and no socket. To
// add one, make a folder beside this file with a Check and its cases in
// testdata/*.txtar, which are its tests; two of them, fails.txtar and
// passes.txtar, are embedded as the examples of its documentation. Then add it
// to the list in package cli. The smallest real member is loopbackbind.
package check

import (
	"embed"
	"slices"

	"golang.org/x/tools/txtar"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// Check finds one kind of difference.
type Check interface {
	// Doc returns what there is to say about the check.
	Doc() Doc
	// Run returns the findings, in the order of the ledger.
	Run(*ledger.Ledger) []finding.Finding
}

// Doc is the documentation of a check, of which explain and the site are made.
type Doc struct {
	Name     string           // as reports and suppressions name it, forever
	Category finding.Category // the part of the mission it belongs to
	Summary  string           // one sentence: what a finding is
	Why      string           // what a person sees in production, and why it works locally
	Fix      string           // what to do about it
	Silent   string           // when it stays silent although it may look like a finding
	Sources  []string         // pages on which its rules rest
	Examples embed.FS         // testdata/fails.txtar and testdata/passes.txtar: the cases that explain shows
}

// Example returns the case that fails, or the one that passes, as it stands in
// the folder of the check. What explain does not show is left out: what the
// test wants to see.
func (d Doc) Example(fails bool) (*txtar.Archive, error) {
	name := "testdata/passes.txtar"
	if fails {
		name = "testdata/fails.txtar"
	}
	data, err := d.Examples.ReadFile(name)
	if err != nil {
		return nil, err
	}
	a := txtar.Parse(data)
	a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" })
	return a, nil
}

// Finding returns a suspected finding of the check, for the component, to be
// filled in by the caller.
func (d Doc) Finding(severity finding.Severity, component, environment, subject string) finding.Finding {
	return finding.Finding{
		Check:       d.Name,
		Category:    d.Category,
		Severity:    severity,
		Verdict:     finding.Suspected,
		Component:   component,
		Environment: environment,
		Subject:     subject,
	}
}
