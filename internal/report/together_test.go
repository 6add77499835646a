package report

import (
	"testing"

	"rehearse/internal/finding"
	"rehearse/internal/source"
)

func TestTogether(t *testing.T) {
	at := source.Span{File: "chart/templates/db.yaml", Line: 1}
	in := func(environment, subject string) finding.Finding {
		return finding.Finding{
			Check: "missing-env", Severity: finding.Error, Verdict: finding.Suspected, Environment: environment, Subject: subject,
			Message:  subject + " is read and nothing in " + environment + " supplies it",
			Evidence: []finding.Evidence{{Role: finding.Absent, At: at, Environment: environment}},
		}
	}
	proved := in("production", "A")
	proved.Verdict, proved.Rehearsal = finding.Reproduced, &finding.Rehearsal{}
	elsewhere := in("production", "B")
	elsewhere.Evidence[0].At.Line = 2

	d := Document{}
	got := d.Together([]finding.Finding{in("canary", "A"), in("canary", "B"), in("canary", "B"), in("production", "A"), elsewhere, in("staging", "A"), proved})
	want := []struct{ environment, message string }{
		{"canary, production and staging", "A is read and nothing in canary, production and staging supplies it"},
		{"canary", "B is read and nothing in canary supplies it"},
		{"production", "B is read and nothing in production supplies it"},
		{"production", "A is read and nothing in production supplies it"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d findings, want %d: %+v", len(got), len(want), got)
	}
	for i, w := range want {
		if got[i].Environment != w.environment || got[i].Message != w.message || got[i].Evidence[0].Environment != w.environment {
			t.Errorf("finding %d: %+v, want %+v", i, got[i], w)
		}
	}

	known := in("canary", "A")
	d.Known = map[string]bool{known.Fingerprint(): true}
	if got := d.Together([]finding.Finding{in("canary", "A"), in("production", "A")}); len(got) != 2 {
		t.Errorf("one that is known and one that is new are one: %+v", got)
	}
}
