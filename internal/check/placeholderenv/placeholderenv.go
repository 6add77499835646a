// Package placeholderenv finds defaults that production will silently use and
// that cannot be meant for it.
package placeholderenv

import (
	"embed"
	"fmt"
	"maps"
	"regexp"
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
	Name:     "placeholder-env",
	Category: finding.Environment,
	Summary:  "The default that production will silently use is a placeholder or a local address.",
	Why: "The variable has a default, so nothing complains where it is not supplied. The default is good for a developer's machine alone: " +
		"an address on localhost, a password that everybody knows, a host that is only an example.",
	Fix:    "Supply the variable in production, or have the code give up without it.",
	Silent: "A default that works anywhere, and one that says where the process itself listens.",
	Sources: []string{
		"https://www.rfc-editor.org/rfc/rfc2606 (reserved names for examples and tests)",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		variables := c.Variables()
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			need, kind, ok := placeholder(c, variables[name])
			if !ok || ledger.ForTests(name) {
				continue
			}
			seen := map[string]bool{} // by the names of environments
			for _, r := range c.Production() {
				if !r.Reads(c, name) || !lacks(c, r, name) || r.Settled(need) || seen[r.Environment.Name] || ledger.Renamed(c, r, name) || ledger.Off(c, r, name) {
					continue
				}
				if kind.local && l.AnswersOn(c, r, name) != nil {
					continue // who answers there locally is known: loopback-url says it
				}
				seen[r.Environment.Name] = true
				severity := finding.Warning
				there := ""
				if kind.local {
					severity, there = weigh(c, r, need)
				}
				if ledger.Partial(c, r) {
					severity = finding.Info
				}
				f := doc.Finding(severity, c.Name, r.Environment.Name, name)
				f.Message = fmt.Sprintf("nothing in %s supplies %s, so its default is used, which is %s%s", r.Environment.Name, name, kind.what, there)
				f.Consequence = kind.consequence
				f.Remedy = fmt.Sprintf("supply %s at %s:%d", name, r.Place().File, r.Place().Line)
				f.Evidence = []finding.Evidence{
					{Role: finding.Need, At: need.At, Text: need.Text},
					{Role: finding.Absent, At: r.Place(), Environment: r.Environment.Name},
				}
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// lacks reports whether nothing supplies the variable. Where a Secret that is
// not in the tree may do so, others of its kind must stand in the open.
func lacks(c *ledger.Component, r *ledger.Run, name string) bool {
	switch _, _, state := r.Variable(name); state {
	case ledger.Absent:
		return true
	case ledger.Unknown:
		_, alike := r.Alike(name)
		_, _, outside := ledger.Outside(c, r, name)
		return alike || outside
	}
	return false
}

// weigh tells how grave it is that a local address is used, and what is there
// instead: that production has something to be connected to is known where
// another environment names it, or where something there answers on the port.
func weigh(c *ledger.Component, r *ledger.Run, need fact.Need) (finding.Severity, string) {
	var having []*ledger.Run
	for _, other := range c.Production() {
		if _, _, state := other.Variable(need.Name); state == ledger.Supplied && other.Environment == r.Environment {
			having = append(having, other)
		}
	}
	if r.PlaysOther(having) {
		return finding.Info, ""
	}
	if what, ok := r.AnswersThere(need.Name, ledger.PortOf(*need.Default)); ok {
		return finding.Warning, ", while " + what + " is there"
	}
	_, told := c.Told(need.Name)
	for _, other := range c.Runs {
		if _, _, state := other.Variable(need.Name); state == ledger.Supplied || told {
			return finding.Warning, ""
		}
	}
	return finding.Info, ""
}

type placeholderKind struct {
	what, consequence string
	local             bool
}

// placeholder returns the read whose default cannot be meant for production.
// One read with another default, or with none, is enough to stay silent: which
// of them production reaches is not known.
func placeholder(c *ledger.Component, reads []fact.Need) (fact.Need, placeholderKind, bool) {
	var found fact.Need
	var kind placeholderKind
	for _, n := range reads {
		if c.Tool(n.At.File) {
			continue
		}
		if n.Necessity != fact.Defaulted || n.Default == nil || n.Browser {
			return fact.Need{}, placeholderKind{}, false
		}
		k, ok := kindOf(n.Name, *n.Default)
		if !ok || listens(c, n) {
			return fact.Need{}, placeholderKind{}, false
		}
		if found.Name == "" {
			found, kind = n, k
		}
	}
	return found, kind, found.Name != ""
}

func listens(c *ledger.Component, n fact.Need) bool {
	for _, l := range c.Of(fact.Listen) {
		if l.Variable == n.Name {
			return true
		}
	}
	for _, word := range []string{"BIND", "LISTEN", "HTTP_ADDR", "SERVER_HOST", "ORIGIN", "CORS", "ALLOWED", "TRUSTED"} {
		if strings.Contains(n.Name, word) {
			return true
		}
	}
	return n.Name == "HOST" || n.Name == "HOSTNAME" || n.Name == "ADDR" || n.Name == "ADDRESS"
}

// kindOf tells what kind of placeholder a default is.
func kindOf(name, value string) (placeholderKind, bool) {
	text := strings.ToLower(strings.TrimSpace(value))
	switch host := ledger.HostOf(text); {
	case ledger.Loopback(host):
		return placeholderKind{"an address on the machine itself", "the process connects to itself, where nothing answers", true}, true
	case reserved(host):
		return placeholderKind{"a host that exists in examples only", "no such host is found", false}, true
	}
	if secret(name) && slices.Contains(placeholders, strings.Trim(text, "<>[]{}\"'")) {
		return placeholderKind{"a placeholder that everybody can read in the code", "a secret is in force that is none", false}, true
	}
	if namesake(name, text) {
		return placeholderKind{"a name made of its own, where somebody else gives one", "what is asked for by it is not found", true}, true
	}
	return placeholderKind{}, false
}

// assigned are the ends of the names of variables whose values another service
// gives out: of templates of mails, of clients and tenants.
var assigned = regexp.MustCompile(`_(TEMPLATE|TEMPLATE_ID|TENANT_ID|CLIENT_ID|TRACKING_ID|MEASUREMENT_ID)$`)

// namesake reports whether a default is made of the words of its variable:
// account_locked_id for NOTIFY_ACCOUNT_LOCKED_TEMPLATE.
func namesake(name, text string) bool {
	if !assigned.MatchString(name) {
		return false
	}
	own := strings.Split(strings.ToLower(name), "_")
	told := 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == '_' || r == '-' }) {
		switch {
		case word == "id" || word == "template":
		case slices.Contains(own, word):
			told++
		default:
			return false
		}
	}
	return told > 1 && (strings.HasSuffix(text, "id") || strings.HasSuffix(text, "template"))
}

// reserved reports whether a host is one that RFC 2606 and RFC 6761 keep for
// examples and tests.
func reserved(host string) bool {
	for _, name := range []string{"example.com", "example.org", "example.net", "example.test"} {
		if host == name || strings.HasSuffix(host, "."+name) {
			return true
		}
	}
	for _, end := range []string{".test", ".example", ".invalid"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

func secret(name string) bool {
	for _, word := range []string{"SECRET", "PASSWORD", "PASSWD", "TOKEN", "API_KEY", "PRIVATE_KEY", "SIGNING_KEY", "ENCRYPTION_KEY", "JWT"} {
		if strings.Contains(strings.ToUpper(name), word) {
			return true
		}
	}
	return false
}

var placeholders = []string{
	"changeme", "change-me", "change_me", "change me", "changethis", "change-this", "secret", "supersecret", "super-secret", "super_secret",
	"mysecret", "my-secret", "your-secret", "your_secret", "your-secret-key", "your-secret-key-here", "your_jwt_secret", "secretkey", "secret-key", "secret_key", "jwt_secret",
	"password", "passw0rd", "admin", "test", "testing", "dev", "dev-secret", "devsecret", "dev-secret-key", "development", "insecure", "placeholder", "dummy", "foo", "bar", "foobar",
	"todo", "xxx", "keyboard cat", "shhh", "shhhh", "default", "fixme", "replace-me", "replaceme", "not-so-secret", "notsosecret",
}
