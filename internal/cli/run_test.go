package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rehearse/internal/report/reporttest"
	"rehearse/internal/stage"
	"rehearse/internal/stage/stagetest"
)

// needs skips a test where the machine lacks what a rehearsal needs, or there is
// no time for one.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs time: it starts what it rehearses (-short)")
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			stagetest.Skip(t, "needs "+p+" on the PATH")
		}
	}
	s, err := stage.Open(t.Context(), stage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Plain() {
		stagetest.Skip(t, "needs Linux namespaces: ", s.Limits())
	}
}

// outcome is how a run of the program ended.
type outcome struct {
	status         int
	stdout, stderr string
	took           time.Duration
}

// document is what the tests look at in a report.
type document struct {
	Findings []struct {
		Check, Subject, Component, Environment, Verdict, Severity, Message, Fingerprint string

		Rehearsal *struct {
			Experiment, Observed, Replay string
			Differences                  []string
			Runs                         int
		}
	}
	Notes  []string
	Unread []struct {
		File   string
		Line   int
		Reason string
	}
	Summary struct{ Error, Warning, Reproduced int }
}

// command is the program with arguments, in an environment without what the
// machine of the test has set.
func command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "rehearse", args...)
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// longest is how long a run may take before a test calls it endless.
const longest = 3 * time.Minute

// rehearse runs the program to its end.
func rehearse(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	cmd := command(ctx, args...)
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("rehearse %v: %v, %v\n%s%s", args, err, ctx.Err(), &stdout, &stderr)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), time.Since(began)}
}

// played runs the main job, and holds its report to the contract.
func played(t *testing.T, want int, env []string, args ...string) (document, outcome) {
	t.Helper()
	o := rehearse(t, env, append([]string{"--format", "json"}, args...)...)
	if o.status != want {
		t.Fatalf("exit status %d, want %d\n%s%s", o.status, want, o.stdout, o.stderr)
	}
	if err := reporttest.Conforms(o.stdout); err != nil {
		t.Errorf("the report departs from the contract: %v", err)
	}
	var d document
	if err := json.Unmarshal([]byte(o.stdout), &d); err != nil {
		t.Fatal(err)
	}
	return d, o
}

// verdicts writes the findings down: a line for each, with what was proved.
func (d document) verdicts() []string {
	var lines []string
	for _, f := range d.Findings {
		line := f.Component + " " + f.Check + " " + f.Subject + ": " + f.Verdict
		if f.Verdict == "reproduced" {
			line += " by " + f.Rehearsal.Experiment + " " + strings.Join(f.Rehearsal.Differences, ",")
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// same compares lists line by line.
func same(t *testing.T, got, want []string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// without makes a PATH on which everything of this one is but some programs.
func without(t *testing.T, programs ...string) string {
	t.Helper()
	bin := t.TempDir()
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if slices.Contains(programs, e.Name()) {
				continue
			}
			if real, err := filepath.EvalSymlinks(filepath.Join(dir, e.Name())); err == nil {
				_ = os.Symlink(real, filepath.Join(bin, e.Name())) // the first of a name counts
			}
		}
	}
	return "PATH=" + bin
}
