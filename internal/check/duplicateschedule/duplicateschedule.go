// Package duplicateschedule finds work that is started by the clock in every
// copy of a process.
package duplicateschedule

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "duplicate-schedule",
	Category: finding.Concurrency,
	Summary:  "A timer, a cron entry or a scheduled job is started by every copy of a process.",
	Why: "On a laptop one process runs, and each job runs once. In production every replica and every worker of a server has a clock of its own: the report is " +
		"sent twice, the customer is charged three times.",
	Fix: "Let one process alone have the schedule (a CronJob, a workload of its own with one replica), or let the copies agree who runs the job: a lock in the " +
		"database or in Redis, a queue that knows repeatable jobs, onOneServer().",
	Silent: "Schedulers that agree among themselves (Sidekiq-Cron, Agenda, repeatable jobs of Bull), files that take a lock, intervals under a minute unless their work is seen to read rows and then add others, and work that every " +
		"process does for itself alone: heartbeats, caches, metrics.",
	Sources: []string{
		"https://apscheduler.readthedocs.io/en/3.x/faq.html#how-do-i-share-a-single-job-store-among-one-or-more-worker-processes",
		"https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#introduction",
		"https://laravel.com/docs/scheduling#running-tasks-on-one-server",
		"https://docs.nestjs.com/techniques/task-scheduling", "https://huey.readthedocs.io/en/latest/consumer.html",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		needs, locked := parted(c.Working(fact.Timer))
		if len(needs) == 0 {
			continue
		}
		findings = append(findings, beats(c, needs)...)
		needs = slices.DeleteFunc(needs, func(n fact.Need) bool {
			return slices.ContainsFunc(apart, func(b beat) bool { return b.library == n.Library })
		})
		found := several(c, needs)
		if !slices.ContainsFunc(found, func(f finding.Finding) bool { return f.Severity != finding.Info }) {
			if f, ok := unlocked(c, needs, locked); ok {
				found = []finding.Finding{f}
			}
		}
		findings = append(findings, found...)
	}
	return append(findings, daemon(l)...)
}

// jobs are what one run starts by the clock.
type jobs struct {
	run    *ledger.Run
	copies ledger.Copies
	needs  []fact.Need
}

// several finds the jobs of processes of which several run, one finding for each
// environment, and of those of which another may.
func several(c *ledger.Component, needs []fact.Need) []finding.Finding {
	var all []*jobs
	var once jobs
	for _, n := range needs {
		found, told := false, map[string]bool{}
		for _, r := range c.Production() {
			if r.Workload.Once || !r.Reaches(n.At.File) || aside(c, r, n) {
				continue
			}
			copies := slices.DeleteFunc(r.Copies(), func(several ledger.Copies) bool { return several.Forked })
			if len(copies) == 0 {
				if once.run == nil {
					once.run = r
				}
				continue
			}
			found = true
			// What one environment says of two clusters is said once.
			if told[r.Environment.Name] {
				continue
			}
			told[r.Environment.Name] = true
			i := slices.IndexFunc(all, func(j *jobs) bool {
				return j.run.Environment.Name == r.Environment.Name && certain(j.needs[0]) == certain(n)
			})
			if i < 0 {
				i, all = len(all), append(all, &jobs{run: r, copies: copies[0]})
			}
			all[i].needs = append(all[i].needs, n)
		}
		if !found {
			once.needs = append(once.needs, n)
		}
	}
	var findings []finding.Finding
	for _, j := range all {
		findings = append(findings, j.each(c))
	}
	if once.run != nil && len(once.needs) > 0 && len(findings) == 0 {
		findings = append(findings, once.maybe(c))
	}
	return findings
}

// aside reports whether the run is not the process that has the timer, but one
// beside it that takes work from a queue. A program in Go that is called worker
// may be the whole component.
func aside(c *ledger.Component, r *ledger.Run, n fact.Need) bool {
	if !r.Hand() || clock(n) {
		return false
	}
	commands, _ := r.Commands()
	return path.Ext(n.At.File) != ".go" || !slices.ContainsFunc(commands, func(words []string) bool {
		return len(words) > 0 && path.Base(words[0]) == c.Name
	})
}

// clock reports whether a timer is one that a process for schedules starts.
func clock(n fact.Need) bool { return n.Library == "laravel" }

// certain reports whether a timer is that of a job, or of work that is seen to harm
// when it is done twice: of any other bare interval it is not known what it does.
func certain(n fact.Need) bool { return n.Library != "" || n.Sort == "database" }

func (j *jobs) each(c *ledger.Component) finding.Finding {
	severity := finding.Warning
	if j.copies.Likely || !certain(j.needs[0]) {
		severity = finding.Info
	}
	f := doc.Finding(severity, c.Name, j.run.Environment.Name, j.needs[0].Name)
	f.Message = fmt.Sprintf("%s run (%s), and each starts by the clock, without a lock: %s", j.copies, j.copies.Text, j.names())
	f.Consequence = "each job runs once for each copy: what it sends, charges or writes is done more than once"
	f.Remedy = "take a lock that the copies share, or give the schedule to one process alone"
	f.Evidence = j.evidence()
	if !j.copies.At.IsZero() {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: j.copies.At, Text: j.copies.Text, Environment: j.run.Environment.Name})
	}
	return f
}

func (j *jobs) maybe(c *ledger.Component) finding.Finding {
	f := doc.Finding(finding.Info, c.Name, j.run.Environment.Name, j.needs[0].Name)
	f.Message = fmt.Sprintf("the process starts by the clock, without a lock: %s", j.names())
	f.Consequence = "it happens twice as soon as a second copy runs, if only while a new version takes over"
	f.Remedy = "take a lock that the copies share before there are several"
	w := j.run.Workload
	f.Evidence = append(j.evidence(), finding.Evidence{Role: finding.Related, At: w.At, Text: w.Kind + " " + w.Name, Environment: j.run.Environment.Name})
	return f
}

// maxNamed is how many jobs a finding names.
const maxNamed = 8

// names lists the jobs, with what starts them.
func (j *jobs) names() string {
	var names []string
	for _, n := range j.needs {
		name := n.Name
		if n.Library != "" {
			name += " (" + n.Library + ")"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	shown := strings.Join(names[:min(len(names), maxNamed)], ", ")
	if more := len(names) - maxNamed; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	return shown
}

func (j *jobs) evidence() []finding.Evidence {
	var all []finding.Evidence
	for _, n := range j.needs[:min(len(j.needs), maxNamed)] {
		all = append(all, finding.Evidence{Role: finding.Need, At: n.At, Text: n.Text})
	}
	return all
}
