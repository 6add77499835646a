package ledger

import (
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/spelling"
)

// Outside returns the supply of a run of another environment or workload by
// which it is seen that a variable is kept in the open, and lacks here: what
// cannot be seen into in run r are Secrets alone, the name is not that of a
// secret, and where else the same code runs, a plain value stands in the
// definition. Nobody puts into a Secret what its neighbour says aloud.
func Outside(c *Component, r *Run, name string) (fact.Supply, *Run, bool) {
	if !r.onlySecretsHidden() || Secret(name) {
		return fact.Supply{}, nil, false
	}
	for _, other := range c.Production() {
		if other == r || other.Environment.Kind != r.Environment.Kind || passing(other.Environment) {
			continue
		}
		for _, s := range slices.Backward(other.Explicit()) {
			if s.Name == name && other.plain(s) {
				return s, other, true
			}
		}
	}
	return fact.Supply{}, nil, false
}

// passing reports whether an environment is that of a change which is looked at: it
// is told aloud what others have in Secrets.
func passing(e *fact.Environment) bool {
	return strings.Contains(e.Name, "preview") || strings.Contains(e.Name, "review")
}

// Alike returns a supply of the run that shows where a variable of that kind
// would stand: what cannot be seen into are Secrets alone, the name is not that
// of a secret, and at least two variables that end in the same word are given
// plain values.
func (r *Run) Alike(name string) (fact.Supply, bool) {
	own := spelling.Parts(name)
	if !r.onlySecretsHidden() || Secret(name) || len(own) < 2 {
		return fact.Supply{}, false
	}
	var alike []fact.Supply
	for _, s := range r.Explicit() {
		theirs := spelling.Parts(s.Name)
		if len(theirs) > 1 && theirs[len(theirs)-1] == own[len(own)-1] && r.plain(s) {
			alike = append(alike, s)
		}
	}
	if len(alike) < 2 {
		return fact.Supply{}, false
	}
	return alike[0], true
}

// Beside returns a run of the same code that takes every set which cannot be
// seen into here, and is given the variable by its own definition all the same:
// so the sets do not hold it, and this run lacks it.
func Beside(c *Component, r *Run, name string) (*Run, bool) {
	if len(r.unknown) == 0 || r.Workload == nil {
		return nil, false
	}
	for _, other := range c.Production() {
		if other == r || other.Environment.Kind != r.Environment.Kind || passing(other.Environment) || !slices.ContainsFunc(other.Own(), func(s fact.Supply) bool { return s.Name == name }) {
			continue
		}
		if !slices.ContainsFunc(r.unknown, func(o Opaque) bool { return !slices.ContainsFunc(other.unknown, o.same) }) {
			return other, true
		}
	}
	return nil, false
}

// same reports whether two opaque things are one: a set of one kind and name.
func (o Opaque) same(other Opaque) bool { return o.Kind != "" && o.What == other.What }

// Relatives returns a supply that stands in the open beside where the variable
// would: what cannot be seen into are Secrets alone, the name is not that of a
// secret, and at least three variables that the code reads and that begin with
// the same word are given plain values.
func Relatives(c *Component, r *Run, name string) (fact.Supply, bool) {
	first, _, found := strings.Cut(name, "_")
	if !found || len(first) < 3 || !r.onlySecretsHidden() || Secret(name) {
		return fact.Supply{}, false
	}
	variables := c.Variables()
	var relatives []fact.Supply
	for _, s := range r.Explicit() {
		head, _, more := strings.Cut(s.Name, "_")
		if _, read := variables[s.Name]; read && more && head == first && r.plain(s) {
			relatives = append(relatives, s)
		}
	}
	if len(relatives) < 3 {
		return fact.Supply{}, false
	}
	return relatives[0], true
}

// onlySecretsHidden reports whether something of the run cannot be seen into,
// and all of that are Secrets. A job, which runs some of the code once, says
// nothing of what is kept where.
func (r *Run) onlySecretsHidden() bool {
	if r.Workload == nil || r.Workload.Once {
		return false
	}
	for _, o := range r.unknown {
		if o.Kind != secretSet {
			return false
		}
	}
	return len(r.unknown) > 0
}

// secretSet is the kind of the sets that hold what nobody is to see.
const secretSet = "Secret"

// plain reports whether a supply says its value aloud.
func (r *Run) plain(s fact.Supply) bool {
	switch s.Value.Origin {
	case fact.Literal, fact.Template:
		return !strings.Contains(s.Value.Reveal(), "@") // no address with a password
	case fact.Reference:
		return s.Value.Ref.Kind != secretSet
	}
	return false
}

// Secret reports whether the name of a variable says that its value is to be
// kept from others, or may hold such a part: the address of a database has a
// password in it.
func Secret(name string) bool {
	return slices.ContainsFunc(spelling.Parts(name), func(w string) bool { return slices.Contains(secretWords, w) })
}

var secretWords = []string{
	"SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASS", "PWD", "PASSPHRASE", "TOKEN", "KEY", "KEYS", "APIKEY", "CREDENTIAL", "CREDENTIALS", "CRED", "CREDS",
	"AUTH", "SALT", "PEPPER", "CERT", "CERTIFICATE", "SIGNATURE", "SIGNING", "DSN", "WEBHOOK", "JWT", "HMAC", "LICENSE", "OAUTH",
	"DATABASE", "DB", "PG", "POSTGRES", "POSTGRESQL", "MYSQL", "MONGO", "MONGODB", "AMQP", "RABBITMQ", "USER", "USERNAME", "LOGIN", "EMAIL",
	"CLIENT", "SENTRY", "PIN", "SEED", "PROXY",
}

// Reads reports whether the code of any component reads the variable.
func (l *Ledger) Reads(name string) bool {
	return slices.ContainsFunc(l.Components, func(c *Component) bool {
		return slices.ContainsFunc(c.Needs, func(n fact.Need) bool { return n.Kind == fact.Variable && n.Name == name })
	})
}
