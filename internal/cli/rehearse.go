package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rehearse/internal/experiment"
	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/scene"
)

// rehearse is the main job: check, then rehearse what can be started here, then
// report.
func (c *Command) rehearse(ctx context.Context, dir string) error {
	say, clear := c.progress()
	defer clear()
	say("reading " + dir)
	r, err := c.read(ctx, dir)
	if err != nil {
		return err
	}
	defer r.close()
	rehearsals, complete, err := c.play(ctx, r, say)
	if err != nil {
		return &failure{Incomplete, err}
	}
	finding.Sort(r.findings)
	document := r.document()
	document.Rehearsals = rehearsals
	clear()
	return c.write(document, complete && !r.ledger.Broken())
}

// play rehearses what was read. It reports whether everything was rehearsed.
func (c *Command) play(ctx context.Context, r *reading, say func(string)) (rehearsals []report.Rehearsal, complete bool, err error) {
	environment := scene.Production(r.ledger, c.flags.environment)
	s, err := scene.Of(r.project, r.ledger, environment)
	if err != nil {
		return nil, false, err
	}
	if err := s.Prepare(ctx, say); err != nil {
		return nil, false, err
	}
	var session *experiment.Session
	runs := map[string]int{}
	if len(s.Roles) > 0 {
		theater, err := scene.Open(ctx, s, say)
		if err != nil {
			return nil, false, err
		}
		session = experiment.NewSession(s, theater, say)
		for _, e := range Experiments() {
			before := session.Runs
			if r.findings, err = e.Run(ctx, session, r.findings); err != nil {
				return nil, false, errors.Join(err, theater.Close())
			}
			runs[e.Name()] = session.Runs - before
		}
		if err := theater.Close(); err != nil {
			return nil, false, err
		}
		if err := keep(r, session); err != nil {
			return nil, false, err
		}
	}
	rehearsals = account(s, session, runs, r.findings)
	complete = true
	for _, done := range rehearsals {
		// Findings say by themselves that not all is well.
		complete = complete && (done.Reason == "" || len(r.findings) > 0 || len(s.Roles) == 0 && environment == "")
	}
	return rehearsals, complete, nil
}

// account says of every component what was rehearsed and what was not, and why;
// a finding about one that was not gets that verdict.
func account(s *scene.Scene, session *experiment.Session, runs map[string]int, findings []finding.Finding) []report.Rehearsal {
	why := map[string]string{}
	for _, skipped := range s.Skipped {
		why[skipped.Component] = skipped.Reason
	}
	var rehearsals []report.Rehearsal
	for _, r := range s.Roles {
		if reason, given := session.GivenUp(r.Name()); given {
			why[r.Name()] = reason
			continue
		}
		for _, e := range Experiments() {
			rehearsals = append(rehearsals, report.Rehearsal{
				Component: r.Name(), Environment: s.Environment, Experiment: e.Name(), Runs: runs[e.Name()],
			})
		}
	}
	for component, reason := range why {
		rehearsals = append(rehearsals, report.Rehearsal{Component: component, Environment: s.Environment, Experiment: "boot", Reason: reason})
	}
	for i := range findings {
		f := &findings[i]
		if reason, not := why[f.Component]; not && f.Verdict == finding.Suspected {
			f.Verdict = finding.NotRehearsed
			f.Rehearsal = &finding.Rehearsal{Experiment: "boot", Observed: reason}
		}
	}
	return rehearsals
}

// casesDir is where reproduced findings are kept, below the project's root.
const casesDir = ".rehearse"

// keep writes the reproduced cases down, and into each finding the command that
// plays it again. Git is told to ignore the folder.
func keep(r *reading, session *experiment.Session) error {
	if len(session.Cases) == 0 {
		return nil
	}
	dir := filepath.Join(r.project.Dir, casesDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte("*\n"), 0o644); err != nil {
		return err
	}
	for _, k := range session.Cases {
		text, err := json.MarshalIndent(k, "", "  ")
		if err != nil {
			return err
		}
		file := filepath.Join(dir, k.Fingerprint+".json")
		if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
			return err
		}
		for i := range r.findings {
			if f := &r.findings[i]; f.Verdict == finding.Reproduced && f.Fingerprint() == k.Fingerprint {
				f.Rehearsal.Replay = fmt.Sprintf("rehearse replay %s", filepath.ToSlash(file))
			}
		}
	}
	return nil
}
