// Package restartunsafe finds what a process does each time it starts and may
// do only once.
package restartunsafe

import (
	"embed"
	"fmt"

	"rehearse/internal/check"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
	"rehearse/internal/start"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "restart-unsafe",
	Category: finding.Container,
	Summary:  "What may be done only once (seed, reset, load fixtures, create the first user) is done each time a container starts, and by every replica; or the signal to stop does not reach the process.",
	Why: "On a developer's machine the start script runs when the developer wants it to, on a database that can be thrown away. In production the platform starts " +
		"containers whenever it likes: after a crash, on a new machine, once for each replica. What users changed is overwritten, rows come twice, or the second start fails. " +
		"And it stops them when it likes: Ctrl+C on a terminal reaches every process, SIGTERM only the first of the container. Where that is a shell that waits for the " +
		"server, the server hears nothing, and is killed in the middle of what it does.",
	Fix: "Do it in a job that runs once for each release, or let the step look first whether it has been done. Start the server with exec, or in the JSON form of CMD.",
	Silent: "A step behind a condition (a marker file, a variable, a count of rows), seeds that only add what is missing, jobs and init containers, " +
		"a process that is told to run as in development, and migrations, which know what has been done: of these it is told, as information, where several replicas start at once and nothing locks. " +
		"A script that handles signals, an init in front of it, shells that replace themselves with the last command, and branches of which one has the exec.",
	Sources: []string{
		"https://laravel.com/docs/seeding#running-seeders",
		"https://docs.djangoproject.com/en/stable/ref/django-admin/#loaddata",
		"https://www.prisma.io/docs/orm/reference/prisma-cli-reference#db-push",
		"https://sequelize.org/docs/v6/other-topics/migrations/#running-seeds",
		"https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-restarts",
		"https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example",
		"https://man7.org/linux/man-pages/man7/pid_namespaces.7.html",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	type place struct {
		environment, what string
		at                source.Span
	}
	told := map[place]bool{}
	for _, b := range start.Of(l) {
		if b.Development() {
			continue
		}
		for _, f := range unheard(&b) {
			if at := (place{b.Environment, f.Subject, f.Evidence[0].At}); !told[at] {
				told[at] = true
				findings = append(findings, f)
			}
		}
		for _, s := range b.Steps {
			if !s.Always {
				continue
			}
			k, ok := kindOf(s)
			if !ok {
				continue
			}
			if f, ok := judge(&b, s, k); ok && !told[place{b.Environment, k.what, s.At}] {
				told[place{b.Environment, k.what, s.At}] = true
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// judge tells how grave it is that a step runs whenever the process starts.
func judge(b *start.Beginning, s start.Step, k kind) (finding.Finding, bool) {
	severity := finding.Warning
	consequence := ""
	var shown []finding.Evidence
	switch k.does {
	case destroys:
		severity, consequence = finding.Error, "what users have stored since the last start is gone"
	case loses:
		consequence = "columns and tables that the new code no longer has are dropped without a question, with what is in them"
	case overwrites:
		consequence = "what users have changed since is overwritten, or stands there twice"
	case creates:
		if !s.Strict {
			return finding.Finding{}, false // it fails the second time, and nobody minds
		}
		severity, consequence = finding.Error, "it fails the second time, since the user is there, and the container does not come up again"
	case seeds:
		verdict, at := weigh(b, s, k)
		switch verdict {
		case careful:
			return finding.Finding{}, false
		case unknown:
			severity = finding.Info
		}
		consequence = "what users have changed since is overwritten, or stands there twice"
		if !at.IsZero() {
			shown = append(shown, finding.Evidence{Role: finding.Related, At: at, Text: "the seeds"})
		}
	case migrates:
		if copies(b) == "" {
			return finding.Finding{}, false
		}
		severity, consequence = finding.Info, "replicas that start together migrate together, and one of them may fail"
	}
	f := doc.Finding(severity, b.Title(), b.Environment, k.what)
	f.Message = fmt.Sprintf("%s runs each time the container starts%s", k.what, copies(b))
	f.Consequence = consequence
	f.Remedy = "run it in a job once for each release, or only where it is seen not to have been done"
	f.Evidence = append([]finding.Evidence{{Role: finding.Need, At: s.At, Text: k.what}}, shown...)
	if b.Run != nil && b.Run.Workload != nil {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: b.Run.Workload.At, Text: b.Run.Workload.Kind + " " + b.Run.Workload.Name, Environment: b.Environment})
	} else if b.At != s.At && !b.At.IsZero() {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: b.At, Text: "the start", Environment: b.Environment})
	}
	return f, true
}

// copies says, behind a sentence, that several containers start.
func copies(b *start.Beginning) string {
	if b.Run == nil {
		return ""
	}
	for _, c := range b.Run.Copies() {
		if !c.Machine {
			return ", in every replica (" + c.Text + ")"
		}
	}
	return ""
}
