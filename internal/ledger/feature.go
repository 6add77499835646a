package ledger

import (
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/spelling"
)

// Told returns the line of a .env.example or the like that gives the component's
// developer a value to start from. It supplies nothing: it says what a working
// environment has.
func (c *Component) Told(name string) (fact.Supply, bool) {
	for _, s := range c.told {
		if s.Name == name && !s.Value.Empty() && s.Value.Reveal() != "null" {
			return s, true
		}
	}
	return fact.Supply{}, false
}

// Family returns one of the supplies that the definition of a run gives for
// variables of the same family as name, which the code reads too: a list that
// has two of them and not the third was meant to have it. The family is told by
// the first word; where the list has few of the variables that begin with it, it
// is the application's, and the second word tells.
func Family(c *Component, r *Run, name string) (fact.Supply, bool) {
	variables := c.Variables()
	own := spelling.Parts(name)
	relatives := func(near int) []fact.Supply {
		var all []fact.Supply
		for _, s := range r.Explicit() {
			if w := spelling.Parts(s.Name); variables[s.Name] != nil && len(w) > near && shared(w, own) >= near {
				all = append(all, s)
			}
		}
		return all
	}
	size := 0
	for other := range variables {
		if shared(spelling.Parts(other), own) > 0 {
			size++
		}
	}
	near := 1
	if size > manyTimes*len(relatives(1)) {
		near = 2
	}
	if len(own) <= near || unlocked(name) {
		return fact.Supply{}, false
	}
	all := relatives(near)
	if len(all) < 2 {
		return fact.Supply{}, false
	}
	return all[0], true
}

// manyTimes is how many times larger than what a list has of it a family may be.
const manyTimes = 5

// unlocked reports whether a variable is a credential, or a number, for what is
// often used without: a cache or a mail server within the environment.
func unlocked(name string) bool {
	w := spelling.Parts(name)
	return slices.ContainsFunc(w, func(s string) bool { return slices.Contains(openServices, s) }) && slices.Contains(openWords, w[len(w)-1])
}

var (
	openServices = []string{"REDIS", "VALKEY", "MEMCACHED", "SMTP", "MAIL", "EMAIL", "RABBITMQ", "NATS", "ELASTICSEARCH", "MONGO", "MONGODB", "KAFKA"}
	openWords    = []string{"PASSWORD", "PASS", "PASSWD", "TOKEN", "USER", "USERNAME", "AUTH", "DB", "TLS", "SSL", "INDEX"}
)

// Off reports whether name is one of the variables of a feature that is off in
// the run: the code asks whether another variable of its family is there, and
// nothing supplies that one, neither here nor locally.
func Off(c *Component, r *Run, name string) bool {
	own := spelling.Parts(name)
	if len(own) < 2 {
		return false
	}
	supplied := false // some of the family is: then a nearer relative must tell
	for _, other := range r.Names() {
		w := spelling.Parts(other)
		supplied = supplied || len(w) > 1 && w[0] == own[0]
	}
	for other, reads := range c.Variables() {
		theirs := spelling.Parts(other)
		near := shared(own, theirs)
		if other == name || near == 0 || slices.Contains(options, theirs[len(theirs)-1]) || supplied && near < max(len(own), len(theirs))-1 {
			continue
		}
		if !slices.ContainsFunc(reads, func(n fact.Need) bool { return n.Necessity == fact.Guarded }) {
			continue
		}
		_, _, here := r.Variable(other)
		_, _, locally := c.Local().Variable(other)
		if here == Absent && locally != Supplied {
			return true
		}
	}
	return false
}

// options are last words of variables that say how a feature works, and not
// whether there is one.
var options = []string{"SECURE", "SSL", "TLS", "DEBUG", "VERBOSE", "TIMEOUT", "LEVEL", "VERSION", "FORMAT", "PREFIX", "SUFFIX", "LIMIT", "SIZE", "TTL", "INTERVAL", "PROXY"}

// shared returns how many words two names have in common at the beginning.
func shared(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
