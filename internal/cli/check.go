package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"rehearse/internal/check"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/project"
	"rehearse/internal/report"
	"rehearse/internal/source"
)

// reading is a project that was read and checked.
type reading struct {
	project  *project.Project
	ledger   *ledger.Ledger
	findings []finding.Finding
	ignored  int             // findings that are taken out of the report
	unread   []source.Unread // comments that were to take one out and do not
	began    time.Time
}

func (r *reading) close() error { return r.project.Close() }

// read reads a project and runs the checks.
func (c *Command) read(ctx context.Context, dir string) (*reading, error) {
	r := &reading{began: time.Now()}
	if err := folder(dir); err != nil {
		return nil, err
	}
	p, err := project.Open(ctx, dir)
	if err != nil {
		failed := failedBy(err)
		if failed.status == Usage {
			return nil, errors.Join(failed, p.Close())
		}
		return nil, failed
	}
	r.project = p
	if r.ledger, err = ledger.Read(ctx, p, Languages(), Formats()); err != nil {
		return nil, errors.Join(&failure{Incomplete, err}, p.Close())
	}
	if err := c.known(r.ledger); err != nil {
		return nil, errors.Join(&failure{Usage, err}, p.Close())
	}
	if err := meant(p); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	comments := newSilence(p)
	for _, found := range run(Checks(), r.ledger) {
		for _, f := range found {
			switch {
			case !c.wanted(f):
			case ignored(p, f) || comments.over(f):
				r.ignored++
			default:
				r.findings = append(r.findings, f)
			}
		}
	}
	r.unread = comments.unread
	finding.Sort(r.findings)
	return r, nil
}

// folder reports what is wrong with the name of what is to be read, where that is
// no folder at all.
func folder(dir string) error {
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return &failure{Incomplete, fmt.Errorf("%s: there is no such folder", dir)}
	case err == nil && !info.IsDir():
		return &failure{Incomplete, fmt.Errorf("%s is a file: a project is a folder, whose files are read together", dir)}
	}
	return nil // what else may be wrong is told by whoever opens it
}

// heavy are the checks that read more than the ledger. They begin first, so that
// none of them is left to run alone when the others are done.
var heavy = []string{"stale-lockfile", "case-mismatch", "missing-file", "runtime-version"}

// run runs the checks side by side, and returns what each found.
func run(checks []check.Check, l *ledger.Ledger) [][]finding.Finding {
	found := make([][]finding.Finding, len(checks))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	begin := func(first bool) {
		for i, c := range checks {
			if slices.Contains(heavy, c.Doc().Name) != first {
				continue
			}
			group.Go(func() error {
				found[i] = c.Run(l)
				return nil
			})
		}
	}
	begin(true)
	begin(false)
	_ = group.Wait() // no check fails
	return found
}

// failedBy returns what an error of reading or rehearsing leads to: one in
// rehearse.yaml is told with its place.
func failedBy(err error) *failure {
	var wrong *project.ConfigError
	if errors.As(err, &wrong) {
		return &failure{Usage, fmt.Errorf("%s:%d: %s", wrong.At.File, wrong.At.Line, wrong.Reason)}
	}
	return &failure{Incomplete, err}
}

// known reports whether the project has the environment that was asked for.
func (c *Command) known(l *ledger.Ledger) error {
	var names []string
	for _, e := range l.Environments {
		if strings.HasPrefix(e.Name, c.flags.environment) {
			return nil
		}
		names = append(names, e.Name)
	}
	if c.flags.environment == "" {
		return nil
	}
	slices.Sort(names)
	return fmt.Errorf("--environment %s: the project has no such environment, only %s", c.flags.environment, strings.Join(slices.Compact(names), ", "))
}

// wanted reports whether a finding is of the environment that was asked for.
func (c *Command) wanted(f finding.Finding) bool {
	return strings.HasPrefix(f.Environment, c.flags.environment)
}

// meant holds what rehearse.yaml ignores to the checks that there are: a name
// that is misspelt would ignore nothing, and nobody would know.
func meant(p *project.Project) error {
	for _, i := range p.Config.Ignore {
		if _, ok := documented(i.Check); !ok {
			return failedBy(&project.ConfigError{At: i.At, Reason: fmt.Sprintf("ignore: there is no check %q%s", i.Check, nearest(i.Check))})
		}
	}
	return nil
}

// ignored reports whether rehearse.yaml takes the finding out of the report.
func ignored(p *project.Project, f finding.Finding) bool {
	for _, i := range p.Config.Ignore {
		if i.Check == f.Check && (i.Subject == "" || i.Subject == f.Subject) {
			return true
		}
	}
	return false
}

// check is the command of that name.
func (c *Command) check(ctx context.Context, dir string) error {
	r, err := c.read(ctx, dir)
	if err != nil {
		return err
	}
	defer r.close()
	document := r.document()
	if c.flags.table {
		document.Parity = parity(r.ledger, r.findings, c.flags.environment)
	}
	return c.write(document, !r.ledger.Broken())
}

// document returns what the reading has to say.
func (r *reading) document() report.Document {
	d := report.Document{
		Tool:      report.Tool{Name: "rehearse", Version: Version},
		Project:   report.Project{Root: r.project.Dir},
		Findings:  r.findings,
		Ignored:   r.ignored,
		Unread:    slices.Concat(r.ledger.Unread, r.unread),
		Images:    len(r.ledger.Builds) > 0,
		FilesRead: r.ledger.FilesRead,
		Began:     r.began,
		Duration:  time.Since(r.began),
	}
	for _, c := range Checks() {
		doc := c.Doc()
		d.Checks = append(d.Checks, report.Check{
			Name: doc.Name, Category: doc.Category, Summary: doc.Summary, Why: doc.Why, Fix: doc.Fix, Silent: doc.Silent, Sources: doc.Sources,
		})
	}
	for _, e := range r.ledger.Environments {
		d.Environments = append(d.Environments, report.Environment{Name: e.Name, Kind: e.Kind, From: e.From})
	}
	for _, c := range r.ledger.Components {
		if c.Library {
			continue
		}
		component := report.Component{
			Name: c.Name, Dir: c.Dir, Language: c.Language, Entry: c.Entry, LinkedBy: c.LinkedBy,
			Start: report.Start{Local: c.Start.Local.Text, Production: c.Start.Production.Text},
		}
		for _, run := range c.Runs {
			if run.Workload == nil {
				continue
			}
			if argv, _ := run.Command(); len(argv) > 0 {
				component.Start.Production = strings.Join(argv, " ")
			}
			component.RunsIn = append(component.RunsIn, report.Placement{
				Environment: run.Environment.Name, At: run.Workload.At, Workload: run.Workload.Kind + "/" + run.Workload.Name,
				Container: run.Workload.Container, Replicas: max(run.Workload.Replicas, 1),
			})
		}
		d.Project.Components = append(d.Project.Components, component)
	}
	return d
}
