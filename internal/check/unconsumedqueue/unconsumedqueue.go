// Package unconsumedqueue finds work that is put where no worker takes it from.
package unconsumedqueue

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "unconsumed-queue",
	Category: finding.Environment,
	Summary:  "Work is routed to a queue or a schedule that no worker in this environment takes from.",
	Why: "A developer's worker takes everything, or the job runs in the process itself. In production each worker is told its queues: what is put into another " +
		"one waits there, without an error, until somebody asks where the mails are.",
	Fix: "Name the queue in the options of a worker (-Q, -q, :queues:), or route the work to a queue that one takes from. Run a worker, or a beat, where " +
		"there is none.",
	Silent: "Names that only the running program knows, brokers whose consumers may be other systems, and environments of which the tree does not show who " +
		"takes work at all.",
	Sources: []string{
		"https://docs.celeryq.dev/en/stable/userguide/workers.html#queues",
		"https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#starting-the-scheduler",
		"https://github.com/sidekiq/sidekiq/wiki/Advanced-Options#queues",
		"https://guides.rubyonrails.org/configuring.html#config-action-mailer-deliver-later-queue-name",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		queues := c.Of(fact.Queue)
		for _, s := range systems {
			puts := s.puts(c.Working(fact.Queue))
			if len(puts) == 0 && !slices.ContainsFunc(queues, func(n fact.Need) bool { return n.Sort == "take" && n.Library == "celery" && s.name == celery.name }) {
				continue
			}
			before, manned := len(findings), false
			for _, e := range l.Environments {
				if e.IsProduction() {
					workers := s.workers(c, e)
					manned = manned || len(workers) > 0
					findings = append(findings, s.judge(l, c, e, workers, puts, queues)...)
				}
			}
			if !manned && len(findings) == before {
				// Where most of the queues are nobody's, the workers are not seen.
				if found := s.compare(c, production, s.manned(l, c, queues), puts, queues); len(found) <= few {
					findings = append(findings, found...)
				}
			}
		}
		findings = append(findings, unbeaten(l, c)...)
	}
	return append(findings, parted(l)...)
}

// few are as many queues as are likely forgotten at once.
const few = 3

// worker is a process that takes work.
type worker struct {
	words []string
	at    source.Span
	name  string
}

// workers returns the processes of a component in an environment that a system
// of queues starts.
func (s system) workers(c *ledger.Component, e *fact.Environment) []worker {
	var all []worker
	for _, r := range c.Runs {
		if r.Environment != e || r.Workload == nil {
			continue
		}
		commands, at := r.Commands()
		for _, words := range commands {
			if s.is(words) {
				all = append(all, worker{words, at, r.Workload.Name})
				break
			}
		}
	}
	return all
}

func (s system) judge(l *ledger.Ledger, c *ledger.Component, e *fact.Environment, workers []worker, puts, queues []fact.Need) []finding.Finding {
	if len(workers) == 0 {
		return s.none(l, c, e, puts)
	}
	if others(c, e) {
		return nil
	}
	return s.compare(c, e.Name, workers, puts, queues)
}

// others reports whether an environment has workers that are not the component's: of
// what they take from its code may say more.
func others(c *ledger.Component, e *fact.Environment) bool {
	own := map[string]bool{}
	for _, r := range c.Runs {
		if r.Environment == e && r.Workload != nil {
			own[r.Workload.Name] = true
		}
	}
	return slices.ContainsFunc(e.Workloads, func(w fact.Workload) bool { return !own[w.Name] && workers.MatchString(w.Name) })
}

// workers is what workloads are called that take work from queues, and that no
// other program is called like.
var workers = regexp.MustCompile(`(?i)\bworkers?\b|celery|sidekiq`)

// compare finds the queues that work is put into and that none of the workers
// takes from.
func (s system) compare(c *ledger.Component, environment string, workers []worker, puts, queues []fact.Need) []finding.Finding {
	if len(workers) == 0 {
		return nil
	}
	taken, sure := s.taken(workers, queues)
	if !sure {
		return nil
	}
	// The queue that is meant where none is named may be another.
	routed := slices.ContainsFunc(puts, func(n fact.Need) bool { return n.Name != s.standard }) ||
		slices.ContainsFunc(queues, func(n fact.Need) bool { return n.Sort == "take" && slices.Contains(s.libraries, n.Library) })
	var findings []finding.Finding
	seen := map[string]bool{}
	for _, n := range puts {
		if slices.Contains(taken, n.Name) || seen[n.Name] || n.Name == s.standard && routed {
			continue
		}
		seen[n.Name] = true
		f := doc.Finding(finding.Warning, c.Name, environment, n.Name)
		f.Message = fmt.Sprintf("work is put into the queue %s, and no worker takes from it: %s takes from %s", n.Name, names(workers), strings.Join(taken, ", "))
		f.Consequence = "the work waits in the queue and is never done"
		f.Remedy = "add " + n.Name + " to the queues of a worker"
		f.Evidence = []finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}
		for _, w := range workers {
			if !w.at.IsZero() {
				f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: w.at, Text: strings.Join(w.words[:min(len(w.words), 12)], " "), Environment: environment})
			}
		}
		findings = append(findings, f)
	}
	return append(findings, s.declared(c, environment, workers, taken, queues, seen)...)
}

// declared finds queues that the configuration of Celery declares and that none
// of its workers takes from, each of which is told others.
func (s system) declared(c *ledger.Component, environment string, workers []worker, taken []string, queues []fact.Need, seen map[string]bool) []finding.Finding {
	if s.name != celery.name {
		return nil
	}
	var findings []finding.Finding
	for _, n := range queues {
		if n.Sort != "take" || n.Library != "celery" || slices.Contains(taken, n.Name) || seen[n.Name] {
			continue
		}
		seen[n.Name] = true
		f := doc.Finding(finding.Warning, c.Name, environment, n.Name)
		f.Message = fmt.Sprintf("the queue %s is declared, and no worker takes from it: %s takes from %s", n.Name, names(workers), strings.Join(taken, ", "))
		f.Consequence = "what is put into it, by its name or as the default, waits there and is never done"
		f.Remedy = "add " + n.Name + " to the queues of a worker"
		f.Evidence = []finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}
		for _, w := range workers {
			if !w.at.IsZero() {
				f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: w.at, Text: strings.Join(w.words[:min(len(w.words), 12)], " "), Environment: environment})
			}
		}
		findings = append(findings, f)
	}
	return findings
}

func names(workers []worker) string {
	var all []string
	for _, w := range workers {
		if !slices.Contains(all, w.name) {
			all = append(all, w.name)
		}
	}
	return strings.Join(all, " and ")
}

// none finds an environment that has what puts work into queues, and no worker
// at all, where the developer's has one.
func (s system) none(l *ledger.Ledger, c *ledger.Component, e *fact.Environment, puts []fact.Need) []finding.Finding {
	var web *ledger.Run
	for _, r := range c.Production() {
		if r.Environment != e || r.Workload.Once {
			continue
		}
		if bundled(r) {
			return nil // it may start the worker, too
		}
		// A page that stands in for the application puts nothing into queues.
		if web == nil && r.Serves() && !r.Hand() && !strings.Contains(strings.ToLower(r.Workload.Name+r.Workload.At.File), "maintenance") {
			web = r
		}
	}
	at, name, ok := s.local(l)
	if web == nil || !ok || len(puts) == 0 {
		return nil
	}
	f := doc.Finding(finding.Warning, c.Name, e.Name, s.name+" worker")
	f.Message = fmt.Sprintf("work is put into queues of %s, and nothing here runs a worker, as %s does locally", s.name, name)
	f.Consequence = "the work waits in the queue and is never done"
	f.Remedy = "add a workload that runs the worker"
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: puts[0].At, Text: puts[0].Text},
		{Role: finding.Supply, At: at, Text: name, Environment: "local"},
		{Role: finding.Absent, At: web.Workload.At, Text: web.Workload.Kind + " " + web.Workload.Name, Environment: e.Name},
	}
	return []finding.Finding{f}
}

// local returns the worker of the developer's environment.
func (s system) local(l *ledger.Ledger) (source.Span, string, bool) {
	for _, e := range l.Environments {
		if !e.IsLocal() {
			continue
		}
		for _, w := range e.Workloads {
			if s.is(ledger.Words(append(slices.Clone(w.Command), w.Args...))) {
				return w.At, w.Name, true
			}
		}
	}
	return source.Span{}, "", false
}

// bundled reports whether a run starts several processes, or a script that is
// not read: a worker may be among them.
func bundled(r *ledger.Run) bool {
	commands, _ := r.Commands()
	script := func(w string) bool { return strings.HasSuffix(w, ".sh") || strings.Contains(w, "entrypoint") }
	if !slices.ContainsFunc(commands, func(words []string) bool { return !slices.ContainsFunc(words, script) }) {
		return true
	}
	return slices.ContainsFunc(commands, func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool {
			return slices.ContainsFunc([]string{"supervisord", "foreman", "honcho", "overmind", "s6-", "/init", "runit", "concurrently"}, func(m string) bool { return strings.Contains(w, m) })
		})
	})
}

// unbeaten finds a schedule of Celery that no beat looks at, although a worker
// is there.
func unbeaten(l *ledger.Ledger, c *ledger.Component) []finding.Finding {
	needs := c.Working(fact.Timer)
	i := slices.IndexFunc(needs, func(n fact.Need) bool { return n.Library == "celery" })
	if i < 0 {
		return nil
	}
	n := needs[i]
	at, name, ok := beat.local(l)
	var findings []finding.Finding
	for _, e := range l.Environments {
		if !e.IsProduction() {
			continue
		}
		workers := celery.workers(c, e)
		if len(workers) == 0 || len(beat.workers(c, e)) > 0 || slices.ContainsFunc(c.Production(), func(r *ledger.Run) bool { return r.Environment == e && bundled(r) }) {
			continue
		}
		f := doc.Finding(finding.Info, c.Name, e.Name, n.Name)
		f.Message = fmt.Sprintf("tasks are to be started by the clock, and nothing here runs a beat of Celery: %s are workers", names(workers))
		f.Consequence = "no scheduled task is ever started"
		f.Remedy = "add one workload that runs celery beat"
		f.Evidence = []finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}
		if ok {
			f.Severity = finding.Warning
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Supply, At: at, Text: name, Environment: "local"})
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: workers[0].at, Text: strings.Join(workers[0].words[:min(len(workers[0].words), 12)], " "), Environment: e.Name})
		findings = append(findings, f)
	}
	return findings
}
