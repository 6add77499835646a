package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rehearse/internal/finding"
	"rehearse/internal/source"
)

// Document is everything that a command has to say.
type Document struct {
	Tool         Tool
	Project      Project
	Environments []Environment
	Checks       []Check // what was looked for
	Findings     []finding.Finding
	FailOn       finding.Severity // the least severity that makes the exit status 1; "" is Warning
	Known        map[string]bool  // the fingerprints of the baseline; nil where there is none
	Ignored      int              // findings that a comment or the configuration took out
	Parity       []Parity         // nil where the table was not asked for
	Rehearsals   []Rehearsal      // what was tried, whatever came of it
	Trace        *Trace           // nil where no request was traced
	Races        []Race           // nil where none was looked for
	Unread       []source.Unread
	Notes        []string // what a reader of the rehearsal must know: what was not as it is in production
	Images       bool     // Dockerfiles were looked at
	FilesRead    int
	Began        time.Time // zero where it is not told
	Duration     time.Duration
}

// Tool is what wrote the document.
type Tool struct {
	Name    string
	Version string
}

// Project is what was looked at.
type Project struct {
	Root       string // as given
	Components []Component
}

// Component is a part of the project that runs by itself.
type Component struct {
	Name     string
	Dir      string
	Language string
	Entry    []string // where its code starts, when found
	Start    Start
	RunsIn   []Placement
	LinkedBy string // why these workloads are thought to run this code
}

// Start is how a component is started.
type Start struct {
	Local      string
	Production string
}

// Placement is a workload that runs a component.
type Placement struct {
	Environment string
	At          source.Span
	Workload    string // "Deployment/api"
	Container   string // "" where the workload has no named containers
	Replicas    int
}

// Environment is an environment that the project's definitions make up.
type Environment struct {
	Name string
	Kind string
	From []string
}

// Check is what there is to say about one of the checks that were run.
type Check struct {
	Name     string // as findings name it
	Category finding.Category
	Summary  string // one sentence: what a finding is
	Why      string
	Fix      string
	Silent   string
	Sources  []string
}

// Rehearsal is an experiment on a component: one that was run, or one that was
// not, with the reason.
type Rehearsal struct {
	Component   string
	Environment string
	Experiment  string
	Runs        int
	Reason      string // why it was not run; "" where it was
}

// Ordered returns the document with everything in the order of the report,
// whatever order its pieces came in. The receiver is left as it is.
func (d *Document) Ordered() Document {
	o := *d
	o.Findings = slices.Clone(d.Findings)
	slices.SortStableFunc(o.Findings, func(a, b finding.Finding) int { // for what Sort holds equal
		return cmp.Or(cmp.Compare(a.Message, b.Message), cmp.Compare(a.Verdict, b.Verdict))
	})
	finding.Sort(o.Findings)

	o.Checks = slices.Clone(d.Checks)
	slices.SortStableFunc(o.Checks, func(a, b Check) int { return cmp.Compare(a.Name, b.Name) })

	o.Project.Components = slices.Clone(d.Project.Components)
	slices.SortStableFunc(o.Project.Components, func(a, b Component) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Dir, b.Dir))
	})
	for i := range o.Project.Components {
		c := &o.Project.Components[i]
		c.RunsIn = slices.Clone(c.RunsIn)
		slices.SortStableFunc(c.RunsIn, func(a, b Placement) int {
			return cmp.Or(compareEnvironments(a.Environment, b.Environment), a.At.Compare(b.At),
				cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Container, b.Container))
		})
	}
	o.Environments = slices.Clone(d.Environments)
	slices.SortStableFunc(o.Environments, func(a, b Environment) int {
		return cmp.Or(compareEnvironments(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind))
	})
	o.Rehearsals = slices.Clone(d.Rehearsals)
	slices.SortStableFunc(o.Rehearsals, func(a, b Rehearsal) int {
		return cmp.Or(cmp.Compare(a.Component, b.Component), compareEnvironments(a.Environment, b.Environment),
			cmp.Compare(a.Experiment, b.Experiment), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Runs, b.Runs))
	})
	o.Races = slices.Clone(d.Races)
	slices.SortStableFunc(o.Races, func(a, b Race) int { return cmp.Compare(a.Name, b.Name) })
	o.Unread = slices.Clone(d.Unread)
	slices.SortStableFunc(o.Unread, func(a, b source.Unread) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Reason, b.Reason))
	})
	o.Unread = slices.Compact(o.Unread)
	return o
}

// compareEnvironments puts the developer's machine first, then the pipelines,
// then where the project is deployed.
func compareEnvironments(a, b string) int {
	rank := func(name string) int {
		switch {
		case name == "local":
			return 0
		case strings.HasPrefix(name, "ci:"):
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}
