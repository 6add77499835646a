package ledger

import (
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/link"
	"rehearse/internal/spelling"
	"rehearse/internal/syntax/connection"
)

// HostOf returns the host in a text that is a URL, a host or a host and port,
// in small letters; "" where it is none of these.
func HostOf(text string) string {
	host, _ := split(text)
	return host
}

// PortOf returns the port in a text that is a URL or a host and port, or the
// one that the URL's scheme stands for; 0 where there is none.
func PortOf(text string) int {
	_, port := split(text)
	return port
}

func split(text string) (string, int) {
	host, port := cut(text)
	if port < 0 || port > 65535 {
		return "", 0
	}
	return host, port
}

func cut(text string) (string, int) {
	text = connection.Address(text)
	if strings.Contains(text, "://") {
		u, err := url.Parse(text)
		if err != nil {
			return "", 0
		}
		port, _ := strconv.Atoi(u.Port())
		if port == 0 {
			port = schemePorts[u.Scheme]
		}
		return strings.ToLower(u.Hostname()), port
	}
	host, tail, found := strings.Cut(text, ":")
	if strings.HasPrefix(text, "[") {
		host, tail, found = strings.Cut(strings.TrimPrefix(text, "["), "]:")
		host = strings.TrimSuffix(host, "]")
	} else if strings.Count(text, ":") > 1 {
		host, tail, found = text, "", false
	}
	if strings.ContainsAny(host, " /\\@,;=?&") {
		return "", 0
	}
	port := 0
	if found {
		var err error
		if port, err = strconv.Atoi(tail); err != nil {
			return "", 0
		}
	}
	return strings.ToLower(host), port
}

// schemePorts are the ports that URL schemes stand for (IANA, "Service Name and
// Transport Protocol Port Number Registry", and the documentation of each).
var schemePorts = map[string]int{
	"http": 80, "https": 443, "ws": 80, "wss": 443, "postgres": 5432, "postgresql": 5432, "mysql": 3306, "mariadb": 3306,
	"sqlserver": 1433, "redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671, "mongodb": 27017, "nats": 4222, "kafka": 9092, "smtp": 25, "ldap": 389,
}

// Loopback reports whether a host is the machine itself: a name for loopback
// (RFC 6761, 6.3) or an address of it.
func Loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// AnswersThere returns what is meant, in the environment of the run, by a
// variable whose default is an address of the machine: a workload other than
// its own that listens on the port, if the port is not one that anything may
// listen on, or one that the variable's name speaks of.
func (r *Run) AnswersThere(name string, port int) (string, bool) {
	for i := range r.Environment.Workloads {
		w := &r.Environment.Workloads[i]
		if r.Workload != nil && w.Name == r.Workload.Name && w.Namespace == r.Workload.Namespace || w.Init || w.Once {
			continue
		}
		image := path.Base(link.Repository(w.Image))
		if named(name, w.Name) || named(name, image) || port != 0 && link.Port(image) == port && !everyday[port] {
			return w.Kind + " " + w.Name, true
		}
		if slices.ContainsFunc(w.Ports, func(p fact.Port) bool { return p.Number == port && port != 0 && !everyday[port] }) {
			return w.Kind + " " + w.Name, true
		}
	}
	return "", false
}

// everyday ports are those that any web server may listen on.
var everyday = map[int]bool{80: true, 443: true, 3000: true, 3001: true, 4000: true, 5000: true, 8000: true, 8080: true, 8081: true, 8443: true, 8888: true, 9000: true}

// databases are words for the database of an application that has one.
var databases = []string{"DB", "DATABASE", "PG", "POSTGRES", "POSTGRESQL", "MYSQL", "MARIADB", "MONGO", "MONGODB"}

// named reports whether the name of a variable speaks of a workload or image.
func named(variable, workload string) bool {
	word := strings.ToUpper(workload)
	for _, w := range spelling.Parts(variable) {
		if len(w) > 1 && (w == word || slices.Contains(databases, w) && slices.Contains(databases, word)) {
			return true
		}
	}
	return false
}

// Answer is what answers on a port of the developer's machine.
type Answer struct {
	Component *Component // nil for a backing service
	What      string     // "the component api", "the postgres of compose.yaml"
	Need      *fact.Need // where the component listens
}

// AnswersOn returns what answers, on the developer's machine, at the local
// address that variable name of component c has by default; nil where it is
// not known, or where it also answers in the pod of run r.
func (l *Ledger) AnswersOn(c *Component, r *Run, name string) *Answer {
	for _, n := range c.Variables()[name] {
		if n.Default != nil && Loopback(HostOf(*n.Default)) {
			return l.Answer(c, r, PortOf(*n.Default))
		}
	}
	return nil
}

// Answer returns what answers on a port of the developer's machine, other than
// component c itself; nil where it is not known, or where it also answers in
// the pod of run r.
func (l *Ledger) Answer(c *Component, r *Run, port int) *Answer {
	if port == 0 || l.beside(c, r, port) {
		return nil
	}
	for _, other := range l.Components {
		if other == c {
			continue
		}
		for _, n := range other.Of(fact.Listen) {
			if l.PortOf(other, n) == port {
				return &Answer{Component: other, What: "the component " + other.Name, Need: &n}
			}
		}
	}
	for _, w := range l.Environments[0].Workloads {
		for _, p := range w.Ports {
			if p.Published == port {
				return &Answer{What: "the " + w.Name + " of " + w.At.File}
			}
		}
	}
	return nil
}

// PortOf returns the port that a component listens on locally.
func (l *Ledger) PortOf(c *Component, n fact.Need) int {
	if n.Variable == "" {
		return n.Port
	}
	if local := c.Local(); local != nil {
		if s, _, state := local.Variable(n.Variable); state == Supplied && s.Value.Origin == fact.Literal {
			if port, err := strconv.Atoi(strings.TrimPrefix(s.Value.Reveal(), ":")); err == nil {
				return port
			}
			return PortOf(s.Value.Reveal())
		}
	}
	return n.Port
}

// beside reports whether something may answer on the port inside the pod of
// run r: the component itself, another container that declares the port, or
// one that declares none.
func (l *Ledger) beside(c *Component, r *Run, port int) bool {
	for _, n := range c.Of(fact.Listen) {
		if l.PortOf(c, n) == port {
			return true
		}
	}
	if r == nil || r.Workload == nil {
		return false
	}
	if r.Workload.HostNet {
		return true
	}
	for i := range r.Environment.Workloads {
		w := &r.Environment.Workloads[i]
		if w.Init || w == r.Workload || w.Name != r.Workload.Name || w.Kind != r.Workload.Kind || w.Namespace != r.Workload.Namespace || w.Container == r.Workload.Container {
			continue
		}
		if len(w.Ports) == 0 {
			return true
		}
		for _, p := range w.Ports {
			if p.Number == port {
				return true
			}
		}
	}
	return false
}
