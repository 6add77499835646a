package scene

import (
	"slices"
	"testing"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
	"rehearse/internal/project"
)

// TestWithoutSkipped: an address of a role that cannot be prepared is no
// difference, since nobody answers there whatever it is.
func TestWithoutSkipped(t *testing.T) {
	e := &fact.Environment{Name: "production", Kind: "compose", Workloads: []fact.Workload{
		{Name: "web", Kind: "service", At: at("compose.yaml")}, {Name: "api", Kind: "service", At: at("other.yaml")},
	}}
	s := &Scene{Environment: "production", ledger: &ledger.Ledger{Environments: []*fact.Environment{e}}}
	for i, name := range []string{"web", "api"} {
		s.Roles = append(s.Roles, &Role{
			Component: &ledger.Component{Component: &project.Component{Name: name}}, Run: &ledger.Run{Environment: e, Workload: &e.Workloads[i]},
			localEnv: map[string]Binding{}, prodEnv: map[string]Binding{},
		})
	}
	web, api := s.Roles[0], s.Roles[1]
	web.localEnv["API_URL"], web.prodEnv["API_URL"] = Binding{value: "http://localhost:5000"}, Binding{value: "http://api:5000"}
	web.localEnv["LEVEL"], web.prodEnv["LEVEL"] = Binding{value: "low"}, Binding{value: "high"}
	api.localEnv["LEVEL"] = Binding{value: "low"}
	s.Requests = []Request{{Name: "a", Role: web}, {Name: "b", Role: api}}
	s.findDifferences()
	names := func() (all []string) {
		for _, d := range s.Differences {
			all = append(all, d.Component+" "+d.String())
		}
		return all
	}
	if got, want := names(), []string{"web env:API_URL", "web env:LEVEL", "api env:LEVEL"}; !slices.Equal(got, want) {
		t.Errorf("all: %q, want %q", got, want)
	}
	s.Roles = s.Roles[:1]
	s.withoutSkipped()
	if got, want := names(), []string{"web env:LEVEL"}; !slices.Equal(got, want) {
		t.Errorf("without api: %q, want %q", got, want)
	}
	if len(s.Requests) != 1 || len(s.Notes) != 1 || web.prodEnv["API_URL"].value != "http://localhost:5000" {
		t.Errorf("%v, %v", s.Requests, s.Notes)
	}
}
