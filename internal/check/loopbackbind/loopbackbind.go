// Package loopbackbind finds servers that only their own container can reach.
package loopbackbind

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strconv"
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
	Name:     "loopback-bind",
	Category: finding.Network,
	Summary:  "The server binds to the loopback address and is to be reached from outside its container.",
	Why: "A server on 127.0.0.1 answers whoever calls from the same machine. In production the call comes from another pod, from the load balancer or from " +
		"the kubelet: it reaches the container's own address, where nothing listens.",
	Fix:    "Bind to every address (0.0.0.0 or ::) in a container, or take the address from a variable.",
	Silent: "A port that nothing outside asks for, an address that production's variable overrides, and the network of the host.",
	Sources: []string{
		"https://kubernetes.io/docs/concepts/services-networking/connect-applications-service/",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		seen := map[string]bool{}
		for _, n := range c.Of(fact.Listen) {
			for _, r := range c.Production() {
				f, ok := bound(c, r, n)
				if key := r.Environment.Name + f.Subject; ok && !seen[key] {
					seen[key] = true
					findings = append(findings, f)
				}
			}
		}
	}
	return findings
}

// servers are what files are called in which the server of an application is
// started; a component may hold others, which are started by hand, or never.
var servers = []string{"main", "server", "app", "index", "program", "application", "start", "run", "serve", "www"}

// severity tells how sure it is that what listens is the server that is asked.
func severity(c *ledger.Component, r *ledger.Run, n fact.Need, port int, given *fact.Supply) finding.Severity {
	base := strings.ToLower(strings.TrimSuffix(path.Base(n.At.File), path.Ext(n.At.File)))
	switch {
	case given != nil, slices.Contains(c.Entry, n.At.File), r.StartsIn(n.At.File), port != 0 && slices.Contains(servers, base):
		return finding.Error
	case port != 0:
		return finding.Warning
	}
	return finding.Info
}

func bound(c *ledger.Component, r *ledger.Run, n fact.Need) (finding.Finding, bool) {
	host, port := n.Host, n.Port
	var given *fact.Supply
	if n.Variable != "" {
		supply, _, state := r.Variable(n.Variable)
		switch {
		case state == ledger.Unknown:
			return finding.Finding{}, false
		case state == ledger.Supplied && supply.Value.Origin != fact.Literal:
			return finding.Finding{}, false
		case state == ledger.Supplied:
			text := supply.Value.Reveal()
			if p, err := strconv.Atoi(text); err == nil {
				port = p // the variable says the port alone
			} else if h := ledger.HostOf(text); h != "" || ledger.PortOf(text) != 0 {
				host, given = h, &supply
				if p := ledger.PortOf(text); p != 0 {
					port = p
				}
			}
		}
	}
	if !ledger.Loopback(host) || r.Workload.HostNet {
		return finding.Finding{}, false
	}
	asker, ok := r.AsksFor(port)
	if !ok {
		return finding.Finding{}, false
	}
	subject := host
	if port != 0 {
		subject = fmt.Sprintf("%s:%d", host, port)
	}
	f := doc.Finding(severity(c, r, n, port, given), c.Name, r.Environment.Name, subject)
	f.Message = fmt.Sprintf("the server listens on %s, and %s asks for it from outside the container", subject, asker.What)
	f.Consequence = "connection refused, although the process is up"
	f.Remedy = "bind to 0.0.0.0, or to an address that production supplies"
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}
	if given != nil {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: given.At, Text: ledger.Shown(*given), Environment: r.Environment.Name})
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: asker.At, Text: asker.What, Environment: r.Environment.Name})
	return f, true
}
