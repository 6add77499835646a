// Package loopbackurl finds calls to the machine itself that reach something
// else on a developer's machine than in production.
package loopbackurl

import (
	"embed"
	"fmt"
	"path"
	"slices"

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
	Name:     "loopback-url",
	Category: finding.Network,
	Summary:  "A component in production calls localhost, and what listens there on a developer's machine is not in the same pod.",
	Why: "On one machine everything shares one loopback, so http://localhost:5000 reaches whatever listens there. " +
		"In production each container or pod has a loopback of its own: the call reaches the caller itself, and is refused.",
	Fix: "Call the other component by the name of its service, from a variable that each environment supplies.",
	Silent: "A default that production overrides, an address that the component or a container beside it answers on, the network of the host, " +
		"and a port of which it is not known who answers there.",
	Sources: []string{
		"https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking",
		"https://docs.docker.com/compose/how-tos/networking/",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		type call struct {
			environment, subject string
		}
		seen := map[call]bool{}
		for _, r := range c.Production() {
			for _, f := range append(inCode(l, c, r), inDefinition(l, c, r)...) {
				if key := (call{r.Environment.Name, f.Subject}); !seen[key] {
					seen[key] = true
					findings = append(findings, f)
				}
			}
		}
	}
	return findings
}

// inCode finds addresses that stand in the code, by themselves or as the
// default of a variable that nothing supplies.
func inCode(l *ledger.Ledger, c *ledger.Component, r *ledger.Run) []finding.Finding {
	var findings []finding.Finding
	for _, n := range c.Of(fact.Call) {
		if !ledger.Loopback(n.Host) || n.Browser || c.Tool(n.At.File) || !r.Reaches(n.At.File) || r.Workload.Once && !r.StartsIn(n.At.File) {
			continue // of what runs once it is not known which part of the code it comes to
		}
		answer := l.Answer(c, r, n.Port)
		if answer == nil || given(r, n.Instead) {
			continue
		}
		f := loopback(c, r, n.Host, n.Port, answer)
		f.Evidence = append([]finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}, f.Evidence...)
		if !n.Given {
			f.Severity = finding.Info // a default that may never be taken, a link, an origin that is let in
		}
		if n.Variable != "" {
			f.Severity = finding.Error
			if _, _, state := r.Variable(n.Variable); state != ledger.Absent || ledger.Renamed(c, r, n.Variable) || !r.Reads(c, n.Variable) {
				continue
			}
			if ledger.Partial(c, r) {
				f.Severity = finding.Info
			}
			f.Subject = n.Variable
			f.Message = fmt.Sprintf("nothing in %s supplies %s, so its default is used: %s", r.Environment.Name, n.Variable, f.Message)
			f.Remedy = fmt.Sprintf("supply %s at %s:%d with the address of %s there", n.Variable, r.Place().File, r.Place().Line, answer.What)
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Absent, At: r.Place(), Environment: r.Environment.Name})
		}
		findings = append(findings, f)
	}
	return findings
}

// inDefinition finds addresses that production itself supplies.
func inDefinition(l *ledger.Ledger, c *ledger.Component, r *ledger.Run) []finding.Finding {
	var findings []finding.Finding
	variables := c.Variables()
	for _, name := range r.Names() {
		reads, read := variables[name]
		supply, via, state := r.Variable(name)
		if !read || state != ledger.Supplied || supply.Value.Origin != fact.Literal {
			continue
		}
		text := supply.Value.Reveal()
		host, port := ledger.HostOf(text), ledger.PortOf(text)
		if !ledger.Loopback(host) {
			continue
		}
		answer := l.Answer(c, r, port)
		if answer == nil {
			continue
		}
		f := loopback(c, r, host, port, answer)
		if slices.ContainsFunc(r.Environment.From, func(file string) bool { return path.Base(file) == "Chart.yaml" }) {
			f.Severity = finding.Warning // whoever installs the chart may say another
		}
		f.Subject = name
		f.Message = fmt.Sprintf("%s is given to %s: %s", name, r.Environment.Name, f.Message)
		f.Remedy = fmt.Sprintf("give %s the address of %s there", name, answer.What)
		f.Evidence = append([]finding.Evidence{
			{Role: finding.Need, At: reads[0].At, Text: reads[0].Text},
			{Role: finding.Conflict, At: supply.At, Text: ledger.Shown(supply), Environment: r.Environment.Name},
		}, f.Evidence...)
		if !via.IsZero() {
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: via, Text: name, Environment: r.Environment.Name})
		}
		findings = append(findings, f)
	}
	return findings
}

func loopback(c *ledger.Component, r *ledger.Run, host string, port int, answer *ledger.Answer) finding.Finding {
	address := fmt.Sprintf("%s:%d", host, port)
	f := doc.Finding(finding.Error, c.Name, r.Environment.Name, address)
	f.Message = fmt.Sprintf("%s is %s on a developer's machine, and nothing in %s", address, answer.What, r.Environment.Name)
	f.Consequence = "connection refused, by the component's own container"
	f.Remedy = fmt.Sprintf("take the address of %s from a variable that each environment supplies", answer.What)
	if answer.Need != nil {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Supply, At: answer.Need.At, Text: answer.Need.Text, Environment: "local"})
	}
	return f
}

// given reports whether one of the variables reaches the run, or may.
func given(r *ledger.Run, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		_, _, state := r.Variable(name)
		return state != ledger.Absent
	})
}
