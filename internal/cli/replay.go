package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rehearse/internal/experiment"
	"rehearse/internal/report"
	"rehearse/internal/scene"
)

// largestCase bounds the file of a case, in bytes.
const largestCase = 1 << 20

// replay plays a case again: the exit status is 1 where it still breaks.
func (c *Command) replay(ctx context.Context, file string) error {
	k, err := readCase(file)
	if err != nil {
		return &failure{Usage, err}
	}
	say, clear := c.progress()
	defer clear()
	r, err := c.read(ctx, filepath.Dir(filepath.Dir(file)))
	if err != nil {
		return err
	}
	defer r.close()
	s, err := scene.Of(r.project, r.ledger, k.Environment)
	if err != nil {
		return failedBy(err)
	}
	s.Plain = c.flags.stage == "plain"
	ctx, cancel := context.WithTimeoutCause(ctx, c.flags.timeout, fmt.Errorf("the replay was ended after %s (--timeout)", c.flags.timeout))
	defer cancel()
	if err := s.Prepare(ctx, say); err != nil {
		return &failure{Incomplete, err}
	}
	for _, skipped := range s.Skipped {
		if skipped.Component == k.Component {
			return &failure{Incomplete, fmt.Errorf("%s cannot be played: %s", k.Component, skipped.Reason)}
		}
	}
	theater, err := scene.Open(ctx, s, say)
	if err != nil {
		return &failure{Incomplete, err}
	}
	broken, observed, err := again(ctx, experiment.NewSession(s, theater, say), k)
	if err = errors.Join(err, theater.Close()); err != nil {
		return &failure{Incomplete, err}
	}
	clear()
	c.status = Clean
	word := "holds"
	if broken {
		c.status, word = Findings, "still breaks"
	}
	_, err = fmt.Fprintf(c.Stdout, "%s %s of %s: %s: %s\n", k.Check, report.Clean(k.Subject), report.Clean(k.Component), word, report.Clean(observed))
	return err
}

func again(ctx context.Context, session *experiment.Session, k experiment.Case) (bool, string, error) {
	for _, e := range Experiments() {
		if e.Name() == k.Experiment {
			return e.Again(ctx, session, k)
		}
	}
	return false, "", fmt.Errorf("there is no experiment %q", k.Experiment)
}

func readCase(file string) (experiment.Case, error) {
	var k experiment.Case
	info, err := os.Stat(file)
	if err != nil {
		return k, err
	}
	if !info.Mode().IsRegular() || info.Size() > largestCase {
		return k, fmt.Errorf("%s is no file of a case", file)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return k, err
	}
	if err := json.Unmarshal(data, &k); err != nil {
		return k, fmt.Errorf("%s: %w", file, err)
	}
	if k.Schema != experiment.CaseSchema {
		return k, fmt.Errorf("%s: its schema is %q, not %q", file, k.Schema, experiment.CaseSchema)
	}
	if filepath.Base(filepath.Dir(file)) != casesDir {
		return k, fmt.Errorf("%s is not in the %s folder of a project", file, casesDir)
	}
	return k, nil
}
