// Package differ is the experiment that asks the same of the local and of the
// production environment: a request that is answered otherwise is a failure,
// and the smallest set of differences that causes it is isolated.
package differ

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"rehearse/internal/experiment"
	"rehearse/internal/finding"
	"rehearse/internal/isolate"
	"rehearse/internal/scene"
)

// Experiment is the experiment.
type Experiment struct{}

// Name implements experiment.Experiment.
func (Experiment) Name() string { return "differ" }

// Run implements experiment.Experiment.
func (e Experiment) Run(ctx context.Context, s *experiment.Session, findings []finding.Finding) ([]finding.Finding, error) {
	right, err := learn(ctx, s)
	if err != nil {
		return findings, err
	}
	left := map[string]bool{} // requests whose cause could not be isolated
	// Every round mends a difference or leaves a request alone, so this ends.
	for {
		production, err := s.Production(ctx)
		if err != nil {
			return findings, err
		}
		wrong := right.wrong(s, production, left)
		if len(wrong) == 0 {
			return findings, nil
		}
		var causes []cause
		for _, q := range wrong {
			if set := knownCause(s, right, q, production, causes); set != nil {
				causes = append(causes, cause{q, isolate.Result{Set: set, Minimal: true}, 0})
				continue
			}
			before := s.Runs
			want := right.verdict(q, production)
			result, err := s.Isolate(ctx, experiment.Focus{Role: q.Role, Ask: true}, hints(s, findings, q.Role), func(o *experiment.Observation) isolate.Outcome {
				return right.judge(q, o, want)
			})
			if err != nil {
				return findings, err
			}
			if result.Status != isolate.Isolated || len(result.Set) == 0 {
				left[q.Name] = true
				observed, _ := right.describe(q, production)
				s.Unsolved = append(s.Unsolved, fmt.Sprintf("%s: %s; what causes it was not isolated: %s", q.Role.Name(), observed, result.Why))
				continue
			}
			causes = append(causes, cause{q, result, s.Runs - before})
		}
		if len(causes) == 0 {
			continue
		}
		// An answer may change with the time and not with the mixture: a date, a
		// counter. So the local environment is asked once more before it is believed.
		again, err := s.Fresh(ctx, nil)
		if err != nil {
			return findings, err
		}
		right.widen(s, again)
		for _, c := range causes {
			o, err := s.Observe(ctx, c.result.Set)
			if err != nil {
				return findings, err
			}
			if right.verdict(c.request, o) != "" {
				findings = e.prove(s, right, findings, c, o)
				s.Mend(c.result.Set)
				continue
			}
			left[c.request.Name] = true
			if right.verdict(c.request, production) != "" {
				observed, _ := right.describe(c.request, production)
				s.Unsolved = append(s.Unsolved, fmt.Sprintf("%s: %s; what causes it was not isolated: its answer changes by itself, locally too", c.request.Role.Name(), observed))
			}
		}
	}
}

// cause is what was isolated for a request.
type cause struct {
	request *scene.Request
	result  isolate.Result
	runs    int
}

// hints returns the differences to suspect first: those of the role that was
// asked, before those of the others; of each, those that findings speak of,
// then those of the way in.
func hints(s *experiment.Session, findings []finding.Finding, role *scene.Role) []int {
	hints := s.Suspected(findings)
	for i := range s.Scene.Differences {
		d := &s.Scene.Differences[i]
		if d.Role == role && d.WayIn() && !slices.Contains(hints, i) {
			hints = append(hints, i)
		}
	}
	slices.SortStableFunc(hints, func(a, b int) int { return other(s, a, role) - other(s, b, role) })
	return hints
}

// other is 1 for a difference of another role than the one asked.
func other(s *experiment.Session, difference int, role *scene.Role) int {
	if s.Scene.Differences[difference].Role == role {
		return 0
	}
	return 1
}

// knownCause returns the set among those just isolated that makes this request
// fail in the same way too.
func knownCause(s *experiment.Session, r *right, q *scene.Request, production *experiment.Observation, causes []cause) []int {
	want := r.verdict(q, production)
	for _, c := range causes {
		if o := s.Played(c.result.Set); o != nil && r.judge(q, o, want) == isolate.Fail {
			return c.result.Set
		}
	}
	return nil
}

// prove reports a request that comes out otherwise under a set of differences.
func (e Experiment) prove(s *experiment.Session, r *right, findings []finding.Finding, c cause, o *experiment.Observation) []finding.Finding {
	q := c.request
	observed, severity := r.describe(q, o)
	return s.Prove(findings, experiment.Proof{
		Experiment: e.Name(), Role: q.Role, Set: c.result.Set, Request: q.Name, Observed: observed, Result: consequence(q, r.answers[q.Name], o.Answers[q.Name]),
		Severity: severity, Runs: c.runs, Flaky: c.result.Flaky, Minimal: c.result.Minimal,
	})
}

// describe says what was observed of a request, and how much that matters: an
// answer that was good and is not any more is an error, another text of a good
// answer may be meant.
func (r *right) describe(q *scene.Request, o *experiment.Observation) (string, finding.Severity) {
	was, is := r.answers[q.Name], o.Answers[q.Name]
	line := q.Method + " " + q.Path
	switch {
	case is.Failed != "":
		return fmt.Sprintf("%s: %s, locally %d", line, is.Failed, was.Status), finding.Error
	case is.Status != was.Status:
		severity := finding.Warning
		if is.Status >= http.StatusBadRequest && was.Status < http.StatusBadRequest {
			severity = finding.Error
		}
		return fmt.Sprintf("%s: %d, locally %d", line, is.Status, was.Status), severity
	}
	return fmt.Sprintf("%s: %d with %s", line, is.Status, r.verdict(q, o)), finding.Warning
}

func consequence(q *scene.Request, was, is scene.Answer) string {
	switch {
	case is.Failed != "":
		return fmt.Sprintf("%s %s is not answered: %s", q.Method, q.Path, is.Failed)
	case is.Status != was.Status:
		return fmt.Sprintf("the process is up, and %s %s answers %d instead of %d", q.Method, q.Path, is.Status, was.Status)
	}
	return fmt.Sprintf("the process is up, and %s %s answers something else", q.Method, q.Path)
}

// Again implements experiment.Experiment.
func (Experiment) Again(ctx context.Context, s *experiment.Session, c experiment.Case) (bool, string, error) {
	set, since, err := s.Again(c)
	if err != nil {
		return false, err.Error(), nil
	}
	r, err := learn(ctx, s)
	if err != nil {
		return false, "", err
	}
	o, err := s.Fresh(ctx, set)
	if err != nil {
		return false, "", err
	}
	for i := range s.Scene.Requests {
		q := &s.Scene.Requests[i]
		if q.Name != c.Request {
			continue
		}
		if r.answers[q.Name].Failed != "" {
			return false, "", fmt.Errorf("%s: locally %s, so there is nothing to compare with", q.Name, r.answers[q.Name].Failed)
		}
		if r.verdict(q, o) == "" {
			return false, fmt.Sprintf("%s %s: %d, as locally%s", q.Method, q.Path, o.Answers[q.Name].Status, s.Because(c, since)), nil
		}
		observed, _ := r.describe(q, o)
		return true, observed, nil
	}
	return false, "", fmt.Errorf("the project has no request %q any more", c.Request)
}
