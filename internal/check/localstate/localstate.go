// Package localstate finds what a process keeps to itself and its copies would
// have to share: sessions, limits, the sockets of clients.
package localstate

import (
	"embed"
	"fmt"
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
	Name:     "local-state",
	Category: finding.Concurrency,
	Summary:  "Sessions, limits, caches or sockets are kept in the memory of a process of which several run, or which is restarted.",
	Why: "One process on a laptop sees every request. In production the next request goes to another copy, which has another memory: the user is logged out, " +
		"the limit counts a part of the requests, the message reaches only the clients of one copy. And each deployment empties it.",
	Fix: "Keep it where every copy finds it: a store in Redis or the database, signed cookies, an adapter for sockets. Where it is to stay local, send a client " +
		"always to the same copy, and expect it to be lost with the copy.",
	Silent: "A store that is given, code of development and tests, processes that answer no requests, and, save of stores that their own documentation keeps from " +
		"production, what a single process keeps.",
	Sources: []string{
		"https://expressjs.com/en/resources/middleware/session.html",
		"https://socket.io/docs/v4/using-multiple-nodes/",
		"https://docs.djangoproject.com/en/stable/topics/cache/#local-memory-caching",
		"https://channels.readthedocs.io/en/stable/topics/channel_layers.html",
	},
	Examples: examples,
}

// kept tells, of a sort of state, what is lost and how grave that is.
type kept struct {
	what, lost, instead string
	several             finding.Severity // where several copies are certain
}

var sorts = map[string]kept{
	"session": {"sessions are kept", "a user is logged out when the next request reaches another copy", "a store that the copies share, or signed cookies", finding.Error},
	"limiter": {"rate limits are counted", "each copy counts for itself, so the limit is a multiple of what the code says", "a store that the copies share", finding.Warning},
	"socket":  {"the clients of sockets are kept", "a message reaches only the clients that are connected to the same copy", "an adapter or a layer that the copies share", finding.Warning},
	"lock":    {"locks are held", "two copies hold the same lock at once", "a lock in the database or in Redis", finding.Warning},
	"cache":   {"a cache is kept", "each copy has its own: one may answer with what another has already replaced", "a cache that the copies share, if it must not be stale", finding.Info},
	"store":   {"what clients come back for is kept", "it is not there when the next request reaches another copy", "the database, or Redis", finding.Info},
}

// unfit are the stores of sessions that their own documentation keeps from
// production even where one process runs.
var unfit = map[string]string{
	"express-session": "its documentation says of MemoryStore that it is \"purposely not designed for a production environment\": it leaks memory, and is empty after each restart",
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		findings = append(findings, undeployed(c)...)
		seen := map[string]bool{}
		for _, n := range c.Working(fact.State) {
			for _, e := range environments(c) {
				key := e + "\n" + n.Sort + "\n" + n.Library
				if seen[key] {
					continue
				}
				if f, ok := lost(c, e, n); ok {
					seen[key] = true
					findings = append(findings, f)
				}
			}
		}
	}
	return findings
}

func environments(c *ledger.Component) []string {
	var names []string
	seen := map[string]bool{}
	for _, r := range c.Production() {
		if name := r.Environment.Name; !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// lost judges a state in one environment by the run of it that has the most
// copies.
func lost(c *ledger.Component, environment string, n fact.Need) (finding.Finding, bool) {
	var best finding.Finding
	found := false
	for _, r := range c.Production() {
		if r.Environment.Name != environment || !r.Serves() || r.Hand() || !r.Reaches(n.At.File) {
			continue
		}
		f, ok := judge(c, r, n)
		if ok && (!found || f.Severity.Rank() > best.Severity.Rank()) {
			best, found = f, true
		}
	}
	return best, found
}

func judge(c *ledger.Component, r *ledger.Run, n fact.Need) (finding.Finding, bool) {
	sort, ok := sorts[n.Sort]
	if !ok {
		return finding.Finding{}, false
	}
	disk := n.Name == "filesystem"
	place := "in the memory of the process"
	if disk {
		place = "in files of the container"
	}
	name := n.Name
	if n.Library != "" && !strings.Contains(n.Library, n.Name) {
		name = n.Library + " " + n.Name
	}
	copies := append(r.Copies(), twins(c, r)...)
	for _, several := range copies {
		if several.Machine && disk {
			continue
		}
		severity := sort.several
		if several.Likely && severity == finding.Error {
			severity = finding.Warning
		} else if several.Likely {
			severity = finding.Info
		}
		if sticky(r) && !several.Machine {
			severity = finding.Info
		}
		f := doc.Finding(severity, c.Name, r.Environment.Name, name)
		f.Message = fmt.Sprintf("%s %s, of which %s run (%s)", sort.what, place, several, several.Text)
		f.Consequence = sort.lost
		f.Remedy = "use " + sort.instead
		f.Evidence = []finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}
		if !several.At.IsZero() {
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: several.At, Text: several.Text, Environment: r.Environment.Name})
		}
		return f, true
	}
	if n.Sort != "session" {
		return finding.Finding{}, false
	}
	severity, why := finding.Info, "it is empty after each deployment"
	if text, ok := unfit[n.Library]; ok {
		severity, why = finding.Warning, text
	}
	f := doc.Finding(severity, c.Name, r.Environment.Name, name)
	f.Message = fmt.Sprintf("%s %s: %s", sort.what, place, why)
	f.Consequence = "every user is logged out by a deployment, and at random as soon as a second copy runs"
	f.Remedy = "use " + sort.instead
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: n.At, Text: n.Text},
		{Role: finding.Related, At: r.Workload.At, Text: r.Workload.Kind + " " + r.Workload.Name, Environment: r.Environment.Name},
	}
	return f, true
}

// twins tells where several workloads of the component stand behind one
// service: each answers a part of the requests.
func twins(c *ledger.Component, r *ledger.Run) []ledger.Copies {
	for _, s := range r.Services() {
		n := 0
		for _, o := range c.Production() {
			if o.Environment == r.Environment && ledger.Selects(&s, o.Workload) && o.Workload.Name != r.Workload.Name {
				n++
			}
		}
		if n > 0 {
			return []ledger.Copies{{Count: n + 1, Text: "Service " + s.Name + " selects them all", At: s.At}}
		}
	}
	return nil
}

// sticky reports whether a client always reaches the same copy: by its address,
// or by a cookie of the ingress.
func sticky(r *ledger.Run) bool {
	for _, s := range r.Services() {
		if s.Sticky {
			return true
		}
		for _, route := range r.Environment.Routes {
			if route.Service != s.Name {
				continue
			}
			for key, value := range route.Annotation {
				if affine(key, value) {
					return true
				}
			}
		}
	}
	return false
}

// affine reports whether an annotation of an ingress ties a client to a copy:
// those of ingress-nginx, HAProxy, Traefik, and of load balancers of clouds
// (https://kubernetes.github.io/ingress-nginx/examples/affinity/cookie/).
func affine(key, value string) bool {
	key, value = strings.ToLower(key), strings.ToLower(value)
	return strings.HasSuffix(key, "/affinity") && value != "" || strings.HasSuffix(key, "/upstream-hash-by") || strings.Contains(key, "sticky") && value != "false" ||
		strings.HasSuffix(key, "/cookie-persistence") || strings.HasSuffix(key, "/target-group-attributes") && strings.Contains(value, "stickiness.enabled=true") ||
		strings.HasSuffix(key, "/cookie-based-affinity") && value == "true"
}
