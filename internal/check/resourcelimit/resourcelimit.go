// Package resourcelimit finds limits that are lower than what the process is
// told to take, or than what is asked for it.
package resourcelimit

import (
	"embed"
	"fmt"

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
	Name:     "resource-limit",
	Category: finding.Container,
	Summary:  "A limit of a container is lower than what its process is told to take, than what the definition asks for it, or than what the process is seen to take on the stage.",
	Why: "A developer's machine lets a process have what it wants. A container with a limit is killed without a word when it goes beyond it (OOMKilled, exit status 137): " +
		"a heap of 2 GB in a container of 1 GB works until it is used. `rehearse run` starts the process with the memory that it has in production, and without that limit. A limit that is below the request is refused when it is deployed.",
	Fix: "Raise the limit, or let the process take less: the heap is to leave room for what is beside it (threads, code, buffers), a quarter of the limit as a rule.",
	Silent: "A process that sizes itself by the limit of its container, a container without a limit, amounts that are known only when it is deployed, and heaps that are smaller than the limit, " +
		"save those of Elasticsearch and OpenSearch, which take as much again beside it.",
	Sources: []string{
		"https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
		"https://docs.docker.com/reference/compose-file/deploy/#resources",
		"https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html",
		"https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib",
		"https://www.elastic.co/guide/en/elasticsearch/reference/current/advanced-configuration.html#set-jvm-heap-size",
		"https://pkg.go.dev/runtime#hdr-Environment_Variables",
		"https://www.postgresql.org/docs/current/runtime-config-resource.html",
		"https://neo4j.com/docs/operations-manual/current/performance/memory-configuration/",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	runs := map[*fact.Workload]*ledger.Run{}
	names := map[*fact.Workload]string{}
	for _, c := range l.Components {
		for _, r := range c.Runs {
			if r.Workload != nil {
				runs[r.Workload], names[r.Workload] = r, c.Name
			}
		}
	}
	var findings []finding.Finding
	for _, e := range l.Environments {
		if !e.IsProduction() {
			continue
		}
		bases := l.Bases(e)
		seen := map[string]bool{}
		for i := range e.Workloads {
			w := &e.Workloads[i]
			s := subject{environment: e, workload: w, run: runs[w], base: bases[w], component: names[w]}
			if s.component == "" {
				s.component = w.Name
			}
			for _, f := range append(s.asked(), s.taken()...) {
				if key := fmt.Sprint(f.Component, f.Subject, f.Evidence[0].At, f.Evidence[1].At); !seen[key] {
					seen[key] = true
					findings = append(findings, f)
				}
			}
		}
	}
	return findings
}

// subject is a workload of an environment, with what is known of what it runs.
type subject struct {
	environment *fact.Environment
	workload    *fact.Workload
	run         *ledger.Run // nil where no component's code is in it
	base        string      // the image that it runs or is made of
	component   string
}

// asked finds what is asked for beyond the limit: Kubernetes and Docker refuse
// it. A limit in thousandths of a byte is a slip of the pen.
func (s subject) asked() []finding.Finding {
	var findings []finding.Finding
	for _, b := range s.workload.Bounds {
		limit := s.workload.Bound(b.Resource, true)
		if b.Limit || limit == nil || b.Amount <= limit.Amount || limit.Amount == 0 && limit.Text == "0" {
			continue
		}
		f := doc.Finding(finding.Error, s.component, s.environment.Name, b.Resource)
		f.Message = fmt.Sprintf("%s of %s is asked for %s, and its limit is %s", b.Text, b.Resource, s.workload.Name, limit.Text)
		if b.Resource == "cpu" {
			f.Message = fmt.Sprintf("%s cpu are asked for %s, and its limit is %s", b.Text, s.workload.Name, limit.Text)
		}
		f.Consequence = "it is refused: what is asked for must be less than or equal to the limit"
		f.Remedy = fmt.Sprintf("raise the limit to %s at least, or ask for less", b.Text)
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: b.At, Text: b.Resource + ": " + b.Text, Environment: s.environment.Name},
			{Role: finding.Conflict, At: limit.At, Text: b.Resource + ": " + limit.Text, Environment: s.environment.Name},
		}
		findings = append(findings, f)
	}
	return findings
}

// taken finds what the process is told to take beyond its limit of memory.
func (s subject) taken() []finding.Finding {
	limit := s.workload.Bound("memory", true)
	if limit == nil || limit.Amount <= 0 {
		return nil
	}
	t, ok := s.largest(limit.Amount)
	if !ok {
		return nil
	}
	f := doc.Finding(finding.Warning, s.component, s.environment.Name, "memory")
	f.Message = fmt.Sprintf("%s lets %s take %s, and the limit of its container is %s", t.where, s.workload.Name, t.text, limit.Text)
	if t.beside != "" {
		f.Message += ": " + t.beside
	}
	f.Consequence = "the process is killed when it uses what it is told it has: OOMKilled, exit status 137"
	f.Remedy = "raise the limit well above it, or let the process take less"
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: t.at, Text: t.text, Environment: s.environment.Name},
		{Role: finding.Conflict, At: limit.At, Text: "memory: " + limit.Text, Environment: s.environment.Name},
	}
	return []finding.Finding{f}
}
