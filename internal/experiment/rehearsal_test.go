package experiment_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/cli"
	"rehearse/internal/experiment"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/project"
	"rehearse/internal/scene"
	"rehearse/internal/stage"
	"rehearse/internal/stage/stagetest"
)

var update = flag.Bool("update", false, "write the want of each case anew; it is the last file")

func TestMain(m *testing.M) {
	stage.Enter()
	os.Exit(m.Run())
}

// TestRehearsals plays the projects of testdata on a real stage. Each holds in
// "want" what is to come of it, and in its comment what the machine must have.
func TestRehearsals(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if _, needs, ok := strings.Cut(string(archive.Comment), "needs: "); ok {
				for _, program := range strings.Fields(needs) {
					if _, err := exec.LookPath(program); err != nil {
						stagetest.Skip(t, "needs "+program+" on the PATH")
					}
				}
			}
			dir, want := filepath.Join(t.TempDir(), "project"), ""
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				name := filepath.Join(dir, filepath.FromSlash(f.Name))
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, f.Data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got := rehearse(t, dir)
			if *update {
				archive.Files[len(archive.Files)-1] = txtar.File{Name: "want", Data: []byte(got)}
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// volatile is what differs from run to run.
var volatile = regexp.MustCompile(`after \d+\.\d+ s`)

// rehearse plays a project and writes down what came of it.
func rehearse(t *testing.T, dir string) string {
	t.Helper()
	ctx := t.Context()
	p, err := project.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	l, err := ledger.Read(ctx, p, cli.Languages(), cli.Formats())
	if err != nil {
		t.Fatal(err)
	}
	var findings []finding.Finding
	for _, check := range cli.Checks() {
		findings = append(findings, check.Run(l)...)
	}
	s, err := scene.Of(p, l, scene.Production(l, ""))
	if err != nil {
		t.Fatal(err)
	}
	progress := func(string) {}
	if err := s.Prepare(ctx, progress); err != nil {
		t.Fatal(err)
	}
	theater, err := scene.Open(ctx, s, progress)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := theater.Close(); err != nil {
			t.Error(err)
		}
	}()
	if theater.Plain {
		stagetest.Skip(t, "needs Linux namespaces")
	}
	session := experiment.NewSession(s, theater, progress)
	for _, e := range cli.Experiments() {
		if findings, err = e.Run(ctx, session, findings); err != nil {
			t.Fatal(err)
		}
	}
	var lines []string
	for _, f := range findings {
		line := fmt.Sprintf("%s %s %s: %s", f.Component, f.Check, f.Subject, f.Verdict)
		if f.Verdict == finding.Reproduced {
			line += fmt.Sprintf(" by %s %s: %s", f.Rehearsal.Experiment, strings.Join(f.Rehearsal.Differences, ","), f.Rehearsal.Observed)
		}
		lines = append(lines, line)
	}
	for _, r := range s.Roles {
		if why, given := session.GivenUp(r.Name()); given {
			lines = append(lines, r.Name()+" is given up: "+why)
		}
		if why := session.Silent[r.Name()]; why != "" {
			lines = append(lines, r.Name()+" is silent: "+why)
		}
	}
	for _, skipped := range s.Skipped {
		lines = append(lines, skipped.Component+" is skipped: "+skipped.Reason)
	}
	lines = append(append(lines, session.Unsolved...), s.Notes...)
	slices.Sort(lines)
	text := strings.Join(lines, "\n") + "\n"
	for _, k := range session.Cases {
		for _, e := range cli.Experiments() {
			if e.Name() == k.Experiment {
				if broken, observed, err := e.Again(ctx, session, k); err != nil || !broken {
					t.Errorf("%s of %s does not break again: %s, %v", k.Subject, k.Component, observed, err)
				}
			}
		}
	}
	return volatile.ReplaceAllString(text, "after … s")
}
