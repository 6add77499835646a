// Package boot is the experiment that starts every component: does it come up
// and stay up in production, as it does locally?
package boot

import (
	"context"
	"fmt"
	"strings"

	"rehearse/internal/experiment"
	"rehearse/internal/finding"
	"rehearse/internal/isolate"
	"rehearse/internal/scene"
)

// Experiment is the experiment.
type Experiment struct{}

// Name implements experiment.Experiment.
func (Experiment) Name() string { return "boot" }

// Run implements experiment.Experiment. Each cause that it isolates is mended
// before it goes on, so that one component's failure does not hide the next.
func (e Experiment) Run(ctx context.Context, s *experiment.Session, findings []finding.Finding) ([]finding.Finding, error) {
	local, err := s.Local(ctx)
	if err != nil {
		return findings, err
	}
	for _, r := range s.Scene.Roles {
		if b := local.Boots[r.Name()]; !b.Up {
			s.GiveUp(r.Name(), "it does not come up locally either: "+b.Observed)
		}
	}
	// Every round mends a difference or gives a role up, so this ends.
	for {
		production, err := s.Production(ctx)
		if err != nil {
			return findings, err
		}
		roles := down(s, production)
		if len(roles) == 0 {
			return findings, nil
		}
		var mended []int
		for _, role := range roles {
			var set []int
			if findings, set, err = e.isolate(ctx, s, role, production.Boots[role.Name()], findings); err != nil {
				return findings, err
			}
			mended = append(mended, set...)
		}
		s.Mend(mended)
	}
}

// down returns the roles that are not up.
func down(s *experiment.Session, o *experiment.Observation) []*scene.Role {
	var roles []*scene.Role
	for _, r := range s.Scene.Roles {
		if _, given := s.GivenUp(r.Name()); !given && !o.Boots[r.Name()].Up {
			roles = append(roles, r)
		}
	}
	return roles
}

// isolate reports what keeps a role from coming up, and returns the set of
// differences that does.
func (e Experiment) isolate(ctx context.Context, s *experiment.Session, role *scene.Role, failed scene.Boot, findings []finding.Finding) ([]finding.Finding, []int, error) {
	before := s.Runs
	result, err := s.Isolate(ctx, experiment.Focus{Role: role}, s.Suspected(of(findings, role)), func(o *experiment.Observation) isolate.Outcome {
		return judge(o.Boots[role.Name()], failed)
	})
	if err != nil {
		return findings, nil, err
	}
	if result.Status != isolate.Isolated || len(result.Set) == 0 {
		s.GiveUp(role.Name(), fmt.Sprintf("in %s: %s; what causes it was not isolated: %s", s.Scene.Environment, failed.Observed, result.Why))
		return findings, nil, nil
	}
	seen, err := s.Observe(ctx, result.Set)
	if err != nil {
		return findings, nil, err
	}
	observed := failed.Observed
	if b := seen.Boots[role.Name()]; b.Observed != "" {
		observed = b.Observed
	}
	consequence := "the process does not become ready"
	if strings.HasPrefix(failed.Refused, "exit") || strings.HasPrefix(failed.Refused, "killed") {
		consequence = "the process exits at start"
	}
	findings = s.Prove(findings, experiment.Proof{
		Experiment: e.Name(), Role: role, Set: result.Set, Observed: observed, Result: consequence, Severity: finding.Error,
		Runs: s.Runs - before, Flaky: result.Flaky, Minimal: result.Minimal,
	})
	return findings, result.Set, nil
}

func judge(now, failed scene.Boot) isolate.Outcome {
	switch {
	case now.Up:
		return isolate.Pass
	case now.Refused == failed.Refused:
		return isolate.Fail
	}
	return isolate.Unresolved
}

// of returns the findings about a role first, then the others.
func of(findings []finding.Finding, role *scene.Role) []finding.Finding {
	var own, others []finding.Finding
	for _, f := range findings {
		if f.Component == role.Name() {
			own = append(own, f)
		} else {
			others = append(others, f)
		}
	}
	return append(own, others...)
}

// Again implements experiment.Experiment.
func (Experiment) Again(ctx context.Context, s *experiment.Session, c experiment.Case) (bool, string, error) {
	set, since, err := s.Again(c)
	if err != nil {
		return false, err.Error(), nil
	}
	o, err := s.Fresh(ctx, set)
	if err != nil {
		return false, "", err
	}
	local, err := s.Local(ctx)
	if err != nil {
		return false, "", err
	}
	for _, name := range s.RoleNames() {
		if b := o.Boots[name]; !b.Up && local.Boots[name].Up {
			return true, name + ": " + b.Observed, nil
		}
	}
	return false, "every component came up" + s.Because(c, since), nil
}
