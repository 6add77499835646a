package scene

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// Binding is the value that a variable has on the stage, and where it is from.
// The value may be secret: it goes to a process and nowhere else.
type Binding struct {
	value   string
	At      source.Span
	StandIn string // how the value was made, where the definition does not tell it; "" where it does

	invented bool // nothing tells what it is, neither here nor locally
}

// bindLocal fills the variables that the component has where it is developed.
func (s *Scene) bindLocal(r *Role) {
	r.localEnv = map[string]Binding{}
	local := r.Component.Local()
	for _, name := range local.Names() {
		supply, _, state := local.Variable(name)
		if state != ledger.Supplied {
			continue
		}
		r.localEnv[name] = s.bind(supply, func(other string) (string, bool) {
			in, _, state := local.Variable(other)
			return in.Value.Reveal(), state == ledger.Supplied && in.Value.Origin == fact.Literal
		}, func() Binding { return generated(name) })
	}
	for _, env := range r.Component.Start.Local.Env {
		r.localEnv[env.Name] = Binding{value: env.Value.Reveal(), At: env.At}
	}
}

// bindProduction fills the variables that reach the component in production.
// What a definition supplies by reference gets a stand-in of the right kind.
func (s *Scene) bindProduction(r *Role) {
	r.prodEnv = map[string]Binding{}
	names := map[string]bool{}
	for _, name := range r.Run.Names() {
		names[name] = true
	}
	if len(r.Run.Opaque()) > 0 {
		// What cannot be seen into is taken to hold what there is locally: also what
		// the code reads by a name that only the run tells.
		for name := range r.localEnv {
			names[name] = true
		}
	}
	for name := range names {
		supply, via, state := r.Run.Variable(name)
		standIn := func() Binding { return s.standIn(r, name) }
		switch state {
		case ledger.Absent:
			continue
		case ledger.Unknown:
			r.prodEnv[name] = standIn()
			continue
		}
		b := s.bind(supply, func(other string) (string, bool) {
			in, _, state := r.Run.Variable(other)
			if state == ledger.Supplied && in.Value.Origin == fact.Literal {
				return in.Value.Reveal(), true
			}
			l, ok := r.localEnv[other]
			return l.value, ok
		}, standIn)
		if !via.IsZero() {
			b.At = via
		}
		if external(s, r, b.value) {
			from := b.At
			b = standIn()
			b.At = from
			b.StandIn = "its host is outside of the project: " + b.StandIn
		}
		if value, ok := s.admitted(r, b.value); ok {
			b.value, b.StandIn = value, "its user and its database are those of the stage"
		}
		r.prodEnv[name] = b
	}
	s.admitParts(r)
}

// admitted returns the address of a staged service with the user, the password
// and the database that it has on the stage: those of production are not there,
// and that they are refused here would say nothing.
func (s *Scene) admitted(r *Role, value string) (string, bool) {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" {
		return "", false
	}
	n := s.named(r, u.Hostname())
	if n == nil || n.service == nil || !n.service.speaks(u.Scheme) {
		return "", false
	}
	v, before := n.service, *u
	switch {
	case v.Kind != "postgres": // the others ask for no password
		u.User = nil
	default:
		u.User = url.UserPassword(v.User, v.Password)
		u.Path, u.RawPath = "/"+v.Database, ""
	}
	return u.String(), before.String() != u.String()
}

// admitParts does the same for an address that is given in parts: DB_USER and
// DB_NAME are as they are locally where DB_HOST names a staged service.
func (s *Scene) admitParts(r *Role) {
	for name, host := range r.prodEnv {
		stem, ok := strings.CutSuffix(name, "HOST")
		n := s.named(r, host.value)
		if !ok || stem == "" || n == nil || n.service == nil {
			continue
		}
		for _, part := range []string{"USER", "USERNAME", "PASSWORD", "PASSWD", "PASS", "NAME", "DATABASE", "DB"} {
			local, isLocal := r.localEnv[stem+part]
			if prod, isProd := r.prodEnv[stem+part]; isLocal && isProd {
				local.At, local.StandIn = prod.At, "the local value"
				r.prodEnv[stem+part] = local
			}
		}
	}
}

// bind returns the value of a supply. lookup gives the variables around it.
func (s *Scene) bind(supply fact.Supply, lookup func(string) (string, bool), standIn func() Binding) Binding {
	switch supply.Value.Origin {
	case fact.Literal:
		return Binding{value: supply.Value.Reveal(), At: supply.At}
	case fact.Template:
		return Binding{value: expand(supply.Value, lookup), At: supply.At}
	case fact.PassThrough:
		if value, ok := lookup(supply.Name); ok {
			return Binding{value: value, At: supply.At, StandIn: "the local value"}
		}
	}
	b := standIn()
	b.At = supply.At
	return b
}

// expand writes out a template: ${NAME} is a variable, $$ a dollar.
func expand(v fact.Value, lookup func(string) (string, bool)) string {
	defaults := map[string]string{}
	for _, in := range v.Vars {
		if in.Default != nil {
			defaults[in.Name] = *in.Default
		}
	}
	var out strings.Builder
	text := v.Reveal()
	for {
		before, after, found := strings.Cut(text, "$")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, rest, closed := strings.Cut(strings.TrimPrefix(after, "{"), "}")
		switch {
		case strings.HasPrefix(after, "$"):
			out.WriteByte('$')
			text = after[1:]
		case strings.HasPrefix(after, "{") && closed:
			if value, ok := lookup(name); ok && value != "" {
				out.WriteString(value)
			} else {
				out.WriteString(defaults[name])
			}
			text = rest
		default:
			out.WriteByte('$')
			text = after
		}
	}
}

// standIn returns a value for a variable that production supplies by
// reference: the local one, with the address that production has for what the
// local one names; else a generated one.
func (s *Scene) standIn(r *Role, name string) Binding {
	local, ok := r.localEnv[name]
	if !ok {
		for _, service := range s.Services {
			if service.Supplies[name] != "" {
				return Binding{value: service.expand(service.Supplies[name], service.host(), service.Port), StandIn: "the staged " + service.Kind}
			}
		}
		return generated(name)
	}
	if value, what, ok := s.moved(r, name, local.value); ok {
		return Binding{value: value, StandIn: "the local value, at " + what}
	}
	return Binding{value: local.value, StandIn: "the local value"}
}

// moved returns a local address as production has it: the loopback and what
// answers there become the name and the port of that service.
func (s *Scene) moved(r *Role, name, value string) (moved, what string, ok bool) {
	host, port := ledger.HostOf(value), ledger.PortOf(value)
	if !ledger.Loopback(host) {
		return "", "", false
	}
	if port == 0 {
		port = siblingPort(r, name)
	}
	for _, l := range r.loopbacks {
		if l.port != port {
			continue
		}
		toHost, toPort := "", port
		if l.service != nil {
			toHost, toPort, what = l.service.host(), l.service.Port, "the staged "+l.service.Kind
		} else if toHost, toPort = s.addressOf(l.role); toHost == "" {
			return "", "", false
		} else {
			what = "service " + toHost
		}
		return readdress(value, toHost, toPort), what, true
	}
	return "", "", false
}

// siblingPort returns the port in DB_PORT, for DB_HOST.
func siblingPort(r *Role, name string) int {
	stem := strings.TrimSuffix(strings.TrimSuffix(name, "HOST"), "HOSTNAME")
	port, err := strconv.Atoi(r.localEnv[stem+"PORT"].value)
	if err != nil {
		return 0
	}
	return port
}

// readdress puts another host and port into a URL, a host and port, or a host.
func readdress(value, host string, port int) string {
	if u, err := url.Parse(value); err == nil && u.Host != "" {
		u.Host = fmt.Sprintf("%s:%d", host, port)
		return u.String()
	}
	if strings.Contains(value, ":") {
		return fmt.Sprintf("%s:%d", host, port)
	}
	return host
}

// generated returns a value for a variable of which only the name is known.
func generated(name string) Binding {
	value := "rehearse-stand-in"
	switch upper := strings.ToUpper(name); {
	case strings.HasSuffix(upper, "PORT"):
		value = "8080"
	case strings.HasSuffix(upper, "URL"), strings.HasSuffix(upper, "URI"):
		value = "http://stand-in.invalid"
	}
	return Binding{value: value, StandIn: "a generated value", invented: true}
}

// external reports whether the value is an address outside of the project: a
// full domain name that no definition declares, where a service is staged in
// its place.
func external(s *Scene, r *Role, value string) bool {
	host := ledger.HostOf(value)
	if !strings.Contains(host, ".") || ledger.Loopback(host) || !strings.Contains(value, "://") {
		return false
	}
	return s.named(r, host) == nil
}
