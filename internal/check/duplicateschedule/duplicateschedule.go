// Package duplicateschedule finds work that is started by the clock in every
// copy of a process.
package duplicateschedule

import (
	"embed"
	"fmt"
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
	Silent: "Schedulers that agree among themselves (Sidekiq-Cron, Agenda, repeatable jobs of Bull), files that take a lock, short intervals, and work that every " +
		"process does for itself alone: heartbeats, caches, metrics.",
	Sources: []string{
		"https://apscheduler.readthedocs.io/en/3.x/faq.html#how-do-i-share-a-single-job-store-among-one-or-more-worker-processes",
		"https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#introduction",
		"https://laravel.com/docs/scheduling#running-tasks-on-one-server",
		"https://docs.nestjs.com/techniques/task-scheduling",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		needs := c.Working(fact.Timer)
		if len(needs) == 0 {
			continue
		}
		findings = append(findings, beats(c, needs)...)
		needs = slices.DeleteFunc(needs, func(n fact.Need) bool { return n.Library == "celery" })
		findings = append(findings, several(c, needs)...)
	}
	return findings
}

// several finds the jobs of processes of which several run, and of those of
// which another may: these are one finding together.
func several(c *ledger.Component, needs []fact.Need) []finding.Finding {
	var findings []finding.Finding
	told := map[string]bool{}
	var once []fact.Need
	var alone *ledger.Run
	for _, n := range needs {
		found := false
		for _, r := range c.Production() {
			if r.Workload.Once || !r.Reaches(n.At.File) || r.Hand() && !clock(n) {
				continue
			}
			copies := r.Copies()
			if len(copies) == 0 {
				if alone == nil {
					alone = r
				}
				continue
			}
			found = true
			key := r.Environment.Name + "\n" + n.Library + "\n" + n.Name
			if told[key] {
				continue
			}
			told[key] = true
			findings = append(findings, each(c, r, n, copies[0]))
		}
		if !found {
			once = append(once, n)
		}
	}
	if alone != nil && len(once) > 0 && len(findings) == 0 {
		findings = append(findings, maybe(c, alone, once))
	}
	return findings
}

// clock reports whether a timer is one that a process for schedules starts.
func clock(n fact.Need) bool { return n.Library == "laravel" }

func each(c *ledger.Component, r *ledger.Run, n fact.Need, copies ledger.Copies) finding.Finding {
	severity := finding.Warning
	if n.Library == "" || copies.Likely {
		severity = finding.Info // what the job is, and whether it may run twice, is not known
	}
	f := doc.Finding(severity, c.Name, r.Environment.Name, n.Name)
	f.Message = fmt.Sprintf("%s is started by every process, and %s run (%s)", job(n), copies, copies.Text)
	f.Consequence = "the job runs once for each copy: what it sends, charges or writes is done more than once"
	f.Remedy = "take a lock that the copies share, or give the schedule to one process alone"
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}
	if !copies.At.IsZero() {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: copies.At, Text: copies.Text, Environment: r.Environment.Name})
	}
	return f
}

// maxNamed is how many jobs a finding names.
const maxNamed = 8

func maybe(c *ledger.Component, r *ledger.Run, needs []fact.Need) finding.Finding {
	var names []string
	for _, n := range needs {
		if !slices.Contains(names, n.Name) {
			names = append(names, n.Name)
		}
	}
	shown := strings.Join(names[:min(len(names), maxNamed)], ", ")
	if more := len(names) - maxNamed; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	f := doc.Finding(finding.Info, c.Name, r.Environment.Name, names[0])
	f.Message = fmt.Sprintf("the process starts by the clock, without a lock: %s", shown)
	f.Consequence = "it happens twice as soon as a second copy runs, if only while a new version takes over"
	f.Remedy = "take a lock that the copies share before there are several"
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: needs[0].At, Text: needs[0].Text},
		{Role: finding.Related, At: r.Workload.At, Text: r.Workload.Kind + " " + r.Workload.Name, Environment: r.Environment.Name},
	}
	return f
}

// job names a timer in a sentence.
func job(n fact.Need) string {
	if n.Library == "" {
		return "the work of a timer (" + n.Name + ")"
	}
	return fmt.Sprintf("the job %s of %s", n.Name, n.Library)
}

// beats finds the beat of Celery where two of it run: "You have to ensure only
// a single scheduler is running for a schedule at a time, otherwise you'd end
// up with duplicate tasks".
func beats(c *ledger.Component, needs []fact.Need) []finding.Finding {
	i := slices.IndexFunc(needs, func(n fact.Need) bool { return n.Library == "celery" })
	if i < 0 {
		return nil
	}
	n := needs[i]
	var findings []finding.Finding
	first := map[string]*ledger.Run{}
	for _, r := range c.Production() {
		if !beat(r) || !r.Reaches(n.At.File) {
			continue
		}
		f := doc.Finding(finding.Warning, c.Name, r.Environment.Name, n.Name)
		f.Consequence = "every task of the schedule is put into its queue more than once"
		f.Remedy = "run one celery beat, in a workload of its own with one replica"
		f.Evidence = []finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}
		copies := r.Copies()
		switch other := first[r.Environment.Name]; {
		case len(copies) > 0 && !copies[0].Machine && !copies[0].Likely:
			f.Message = fmt.Sprintf("%s of %s run, and each has a beat of Celery", copies[0], r.Workload.Name)
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: copies[0].At, Text: copies[0].Text, Environment: r.Environment.Name})
		case other != nil && other.Workload.Name != r.Workload.Name:
			f.Message = fmt.Sprintf("%s and %s both run a beat of Celery", other.Workload.Name, r.Workload.Name)
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: r.Workload.At, Text: r.Workload.Kind + " " + r.Workload.Name, Environment: r.Environment.Name})
		default:
			first[r.Environment.Name] = r
			continue
		}
		findings = append(findings, f)
	}
	return findings
}

// beat reports whether the run starts a beat of Celery: by itself, or in a
// worker (https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#starting-the-scheduler).
func beat(r *ledger.Run) bool {
	all, _ := r.Commands()
	return slices.ContainsFunc(all, func(words []string) bool {
		i := slices.IndexFunc(words, func(w string) bool { return w == "celery" || strings.HasSuffix(w, "/celery") })
		return i >= 0 && slices.ContainsFunc(words[i:], func(w string) bool { return w == "beat" || w == "-B" || w == "--beat" })
	})
}
