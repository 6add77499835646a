package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rehearse/internal/experiment"
	"rehearse/internal/finding"
	"rehearse/internal/project"
)

// reproduced is a reading of a project with one finding that was reproduced.
func reproduced(dir string) (*reading, *experiment.Session) {
	f := finding.Finding{Check: "missing-env", Subject: "KEY", Verdict: finding.Reproduced, Rehearsal: &finding.Rehearsal{}}
	r := &reading{project: &project.Project{Dir: dir}, findings: []finding.Finding{f}}
	return r, &experiment.Session{Cases: []experiment.Case{{Schema: experiment.CaseSchema, Fingerprint: f.Fingerprint()}}}
}

// What lies in the project under the names that are written to is not followed.
func TestKeepFollowsNothing(t *testing.T) {
	outside := t.TempDir()
	precious := filepath.Join(outside, "precious")
	write := func() {
		t.Helper()
		if err := os.WriteFile(precious, []byte("precious"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write()
	dir := filepath.Join(t.TempDir(), "my project")
	cases := filepath.Join(dir, casesDir)
	if err := os.MkdirAll(cases, 0o755); err != nil {
		t.Fatal(err)
	}
	r, session := reproduced(dir)
	for _, name := range []string{".gitignore", session.Cases[0].Fingerprint + ".json"} {
		if err := os.Symlink(precious, filepath.Join(cases, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := keep(r, session); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(precious); err != nil || string(data) != "precious" {
		t.Errorf("a file outside of the project is %q, %v", data, err)
	}
	if _, err := readCase(filepath.Join(cases, session.Cases[0].Fingerprint+".json")); err != nil {
		t.Error(err)
	}
	if got := r.findings[0].Rehearsal.Replay; !strings.HasPrefix(got, "rehearse replay '") || !strings.HasSuffix(got, "'") {
		t.Errorf("a shell takes the command apart: %s", got)
	}
	if err := os.RemoveAll(cases); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, cases); err != nil {
		t.Fatal(err)
	}
	if err := keep(r, session); err == nil {
		t.Error("a link in the place of the folder is followed")
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) != 1 {
		t.Errorf("outside of the project there is %v, %v", left, err)
	}
}
