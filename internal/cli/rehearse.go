package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rehearse/internal/experiment"
	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/scene"
)

// rehearse is the main job: check, then rehearse what can be started here, then
// report. What ends the rehearsal early does not take the report away: it says
// how far it came.
func (c *Command) rehearse(ctx context.Context, dir string) error {
	say, clear := c.progress()
	defer clear()
	say("reading " + dir)
	r, err := c.read(ctx, dir)
	if err != nil {
		return err
	}
	defer r.close()
	document, complete, early := c.play(ctx, r, say)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	clear()
	if err := c.write(document, !r.ledger.Broken()); err != nil {
		return err
	}
	if early != nil {
		return failedBy(early)
	}
	if !complete && c.status == Clean {
		c.status = Incomplete // where there are findings, they say by themselves that not all is well
	}
	return nil
}

// play rehearses what was read. It reports whether everything was rehearsed;
// the error is what ended the rehearsal early.
func (c *Command) play(ctx context.Context, r *reading, say func(string)) (report.Document, bool, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.flags.timeout,
		fmt.Errorf("the rehearsal was ended after %s (--timeout)", c.flags.timeout))
	defer cancel()
	environment := scene.Production(r.ledger, c.flags.environment)
	s, err := scene.Of(r.project, r.ledger, environment)
	if err != nil {
		return r.document(), false, err
	}
	s.Plain = c.flags.stage == "plain"
	played := act{scene: s, runs: map[string]int{}}
	if err := played.out(ctx, r, say); err != nil {
		if context.Cause(ctx) != nil {
			err = context.Cause(ctx)
		}
		played.early = errors.New(s.Redact(err.Error()))
	}
	rehearsals := played.account(r.findings)
	finding.Sort(r.findings)
	document := r.document()
	document.Rehearsals, document.Notes = rehearsals, played.notes()
	return document, played.complete(rehearsals), played.early
}

// endedEarly is why something was not rehearsed, where the end came first; a
// note says what it was.
const endedEarly = "the rehearsal ended early"

// act is a rehearsal and what came of it.
type act struct {
	scene   *scene.Scene
	session *experiment.Session // nil where it did not come to one
	runs    map[string]int      // by experiment
	limits  []string            // of the stage
	early   error               // what ended it
	lost    error               // why the cases are not written down
}

func (a *act) out(ctx context.Context, r *reading, say func(string)) error {
	if err := a.scene.Prepare(ctx, say); err != nil || len(a.scene.Roles) == 0 {
		return err
	}
	theater, err := scene.Open(ctx, a.scene, say)
	if err != nil {
		return err
	}
	if theater.Plain {
		a.limits = theater.Limits
	}
	a.session = experiment.NewSession(a.scene, theater, say)
	for _, e := range Experiments() {
		before := a.session.Runs
		r.findings, err = e.Run(ctx, a.session, r.findings)
		a.runs[e.Name()] = a.session.Runs - before
		if err != nil {
			break
		}
	}
	a.lost = keep(r, a.session)
	return errors.Join(err, theater.Close())
}

// notes says what a reader of the report must know.
func (a *act) notes() []string {
	notes := slices.Clone(a.scene.Notes)
	if a.session != nil {
		notes = append(notes, a.session.Unsolved...)
	}
	if len(a.limits) > 0 {
		notes = append(notes, "the stage was the plainer one: "+strings.Join(a.limits, "; "))
	}
	if a.lost != nil {
		notes = append(notes, "what was reproduced cannot be replayed, since it could not be written down: "+a.lost.Error())
	}
	if a.early != nil {
		notes = append(notes, endedEarly+": "+a.early.Error())
	}
	return notes
}

// complete reports whether everything that could be rehearsed was.
func (a *act) complete(rehearsals []report.Rehearsal) bool {
	if a.session != nil && len(a.session.Unsolved) > 0 {
		return false
	}
	for _, done := range rehearsals {
		if done.Reason != "" && (len(a.scene.Roles) > 0 || a.scene.Environment != "") {
			return false
		}
	}
	return true
}

// account says of every component what was rehearsed and what was not, and why;
// a finding about one that was not gets that verdict.
func (a *act) account(findings []finding.Finding) []report.Rehearsal {
	s, why := a.scene, map[string]string{}
	for _, skipped := range s.Skipped {
		why[skipped.Component] = skipped.Reason
	}
	var rehearsals []report.Rehearsal
	for _, r := range s.Roles {
		if a.session != nil {
			if reason, given := a.session.GivenUp(r.Name()); given {
				why[r.Name()] = reason
				continue
			}
		}
		for _, e := range Experiments() {
			done := report.Rehearsal{Component: r.Name(), Environment: s.Environment, Experiment: e.Name(), Runs: a.runs[e.Name()]}
			switch {
			case a.early != nil:
				done.Reason = endedEarly
			case e.Name() == "differ":
				done.Reason = a.session.Silent[r.Name()]
			}
			rehearsals = append(rehearsals, done)
		}
	}
	for component, reason := range why {
		why[component] = s.Redact(reason)
		rehearsals = append(rehearsals, report.Rehearsal{Component: component, Environment: s.Environment, Experiment: "boot", Reason: why[component]})
	}
	for i := range findings {
		f := &findings[i]
		if a.early != nil && f.Verdict == finding.Suspected && f.Environment == s.Environment {
			f.Verdict = finding.NotRehearsed
			f.Rehearsal = &finding.Rehearsal{Experiment: "boot", Observed: endedEarly}
		}
		if reason, not := why[f.Component]; not && f.Verdict == finding.Suspected {
			f.Verdict = finding.NotRehearsed
			f.Rehearsal = &finding.Rehearsal{Experiment: "boot", Observed: reason}
		}
	}
	return rehearsals
}
