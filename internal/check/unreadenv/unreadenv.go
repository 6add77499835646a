// Package unreadenv finds variables that a component is given and that nothing
// reads.
package unreadenv

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
	Name:     "unread-env",
	Category: finding.Environment,
	Summary:  "A component is given a variable that nothing in its code reads.",
	Why: "What was once a setting is none any more, or is called otherwise now. Whoever changes the value in production changes nothing, " +
		"and looks for the reason elsewhere.",
	Fix: "Take it out, or read it.",
	Silent: "What a library, a runtime or the platform reads by its name, a component of whose variables many are read in ways that cannot be followed, " +
		"an image that starts a script, and a name that is nearly that of a variable which is read (mismatched-env tells of it).",
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		seen := map[string]bool{} // by environment and name
		for _, r := range c.Production() {
			for _, s := range unread(l, c, r) {
				if seen[r.Environment.Name+" "+s.Name] {
					continue
				}
				seen[r.Environment.Name+" "+s.Name] = true
				f := doc.Finding(finding.Info, c.Name, r.Environment.Name, s.Name)
				f.Message = fmt.Sprintf("%s is given to %s/%s, and nothing reads it", s.Name, r.Workload.Kind, r.Workload.Name)
				f.Consequence = "to change it changes nothing"
				f.Remedy = fmt.Sprintf("take it out at %s:%d, or read it", s.At.File, s.At.Line)
				f.Evidence = []finding.Evidence{{Role: finding.Supply, At: s.At, Text: ledger.Shown(s), Environment: r.Environment.Name}}
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// unread returns what the definition of a run says for this workload alone and
// nothing reads. Where less than three of four of its variables are seen to be
// read, the code reads them in ways that are not seen: nothing is said then.
func unread(l *ledger.Ledger, c *ledger.Component, r *ledger.Run) []fact.Supply {
	if r.Stage == nil || scripted(r) {
		return nil
	}
	var all []fact.Supply
	read, spoken := 0, named(r)
	argv, _ := r.Command()
	command := strings.Join(argv, " ")
	for _, s := range r.Own() {
		switch {
		case l.Reads(s.Name):
			read++
		case !ledger.Consumed(s.Name) && !slices.Contains(libraries, s.Name) && !strings.Contains(s.Name, "__") && s.Kind == fact.Variable && s.Phase == fact.Run && !spoken[s.Name] && !strings.Contains(command, s.Name):
			all = append(all, s)
		}
	}
	if read < 3*len(all) || read < 3 {
		return nil
	}
	near := append(ledger.NearMisses(c, r), ledger.Relabelled(c, r)...)
	return slices.DeleteFunc(all, func(s fact.Supply) bool {
		return slices.ContainsFunc(near, func(m ledger.NearMiss) bool { return m.Supplied.Name == s.Name })
	})
}

// libraries are variables that a library reads by their names, and that code may
// read as well (the documentation of Rails, of Prisma, of the JVM, of Protocol
// Buffers and of the clients of language models).
var libraries = []string{
	"DATABASE_URL", "REDIS_URL", "MEMCACHE_SERVERS", "MONGODB_URI", "ELASTICSEARCH_URL", "JDBC_DATABASE_URL", "CLOUDINARY_URL", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "MAVEN_OPTS",
	"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "TRACELOOP_BASE_URL", "TRACELOOP_API_KEY",
	"LD_PRELOAD", "MALLOC_ARENA_MAX", "FORWARDED_ALLOW_IPS", "STRIPE_API_KEY", "SECRET_KEY_BASE", "CELERY_BROKER_URL", "FLASK_SECRET_KEY", "NEXTAUTH_URL", "NEXTAUTH_SECRET", "AUTH_SECRET", "AUTH_URL", "AUTH_TRUST_HOST",
}

// scripted reports whether the run starts a script, which may read anything.
func scripted(r *ledger.Run) bool {
	argv, _ := r.Command()
	start := strings.Join(argv, " ")
	return start == "" || strings.Contains(start, ".sh") || strings.Contains(start, "entrypoint") || strings.Contains(start, "/bin/") && len(argv) == 1
}

// named returns the variables that other variables of the workload speak of.
func named(r *ledger.Run) map[string]bool {
	all := map[string]bool{}
	for _, s := range r.Own() {
		for _, v := range s.Value.Vars {
			if v.Name != s.Name {
				all[v.Name] = true
			}
		}
	}
	return all
}
