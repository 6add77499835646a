package pattern

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/flow"
)

// The names under which options hold an address.
var (
	addressKeys = []string{"Addr", "addr", "address", "Address", "bind"}
	portKeys    = []string{"port", "Port"}
	hostKeys    = []string{"host", "hostname", "Host", "address"}
)

// hostName is what a name ends in that stands for a host, portName one for a
// port.
var (
	hostName = regexp.MustCompile(`(?i)(host(name)?|addr(ess)?|ip|bind|interface)\W*$`)
	portName = regexp.MustCompile(`(?i)port\W*$`)
)

// endpoint reads the address that a match captures, and reports whether
// anything is known of it.
func (g *Reading) endpoint(m *syntax.Match) (address, bool) {
	at, port, host := m.Node("address"), m.Node("port"), m.Node("host")
	if options := m.Node("options"); !options.IsZero() {
		if at.IsZero() {
			at = g.File.Option(options, addressKeys[:2]...)
		}
		if port.IsZero() {
			port = g.File.Option(options, portKeys...)
		}
		if host.IsZero() {
			host = g.File.Option(options, hostKeys...)
		}
	}
	if !at.IsZero() {
		t := g.File.Text(at)
		text := t.String()
		if strings.Contains(text, "://") {
			return parseURL(t)
		}
		if _, err := strconv.Atoi(text); err == nil {
			t = append(flow.Text{{Literal: ":", Known: true}}, t...)
			text = ":" + text
		}
		a, ok := parseHostPort(t, text, 0)
		g.optional(t)
		if v := t.Variable(); v != "" {
			a.variable = v
			if text == flow.Gap {
				a.host = ""
			}
		}
		return a, ok && (strings.Contains(text, ":") || a.variable != "")
	}
	a := address{host: m.Set["host"]}
	known := !host.IsZero() || a.host != ""
	if t := g.File.Text(host); t.String() == flow.Gap && t.Variable() == "" && !hostName.MatchString(host.Text()) {
		host = syntax.Node{} // a callback stands there
	}
	if !host.IsZero() {
		t := g.File.Text(host)
		a.host, a.variable = t.String(), t.Variable()
		if a.host != flow.Gap && a.host != "" && !hostText.MatchString(a.host) {
			return address{}, false
		}
	}
	if port.IsZero() {
		n, err := strconv.Atoi(m.Set["port"])
		a.port = n
		if err != nil {
			a.port = schemes[m.Set["scheme"]]
		}
		return a, err == nil || known
	}
	t := g.File.Text(port)
	if n, err := strconv.Atoi(t.String()); err == nil {
		a.port = n
		known = true
	} else if t.String() != flow.Gap {
		return address{}, false
	}
	if v := t.Variable(); v != "" {
		a.variable, known = v, true
	}
	return a, known || m.Set["sure"] != "" || portName.MatchString(port.Text())
}

// optional takes note that nothing is amiss where the variable before the colon
// of an address is absent: every address is bound then.
func (g *Reading) optional(t flow.Text) {
	if len(t) < 2 || t[0].Variable == "" {
		return
	}
	for i := range g.needs {
		if n := &g.needs[i]; n.Kind == fact.Variable && n.Name == t[0].Variable && n.Necessity == fact.Required && !n.Fatal {
			n.Necessity = fact.Guarded
		}
	}
}

// talked is what a variable is called whose addresses are not called.
var talked = regexp.MustCompile(`(?i)cors|origin|trusted|allowed|callback|redirect`)

// listens takes in the addresses that the code binds. Port 0 as a literal asks
// for any free port: nothing can be said of that.
func (g *Reading) listens() {
	for _, m := range g.fullest("listen") {
		a, ok := g.endpoint(m)
		if !ok || a.host == flow.Gap && a.variable == "" || a.port == 0 && g.ephemeral(m) {
			continue
		}
		switch a.host {
		case flow.Gap, "0.0.0.0", "::", "*":
			a.host = ""
		}
		node := m.Node("listen")
		n := fact.Need{Kind: fact.Listen, At: node.Span(), Host: a.host, Port: a.port, Variable: cmp.Or(a.portVariable, a.variable)}
		if a.port > 0 {
			n.Name = strconv.Itoa(a.port)
		}
		n.Text = opening(node, first(m.Node("address"), m.Node("port"), m.Node("options")))
		g.Add(n)
	}
}

// fullest returns, for each place, the match that tells most of it.
func (g *Reading) fullest(need string) []*syntax.Match {
	weight := func(m *syntax.Match) int { return len(m.Captures()) + 2*len(m.Set) }
	at := map[syntax.ID]int{}
	var all []*syntax.Match
	for _, m := range g.found[need] {
		id := m.Node(need).ID()
		if i, ok := at[id]; !ok {
			at[id] = len(all)
			all = append(all, m)
		} else if weight(m) > weight(all[i]) {
			all[i] = m
		}
	}
	return all
}

// ephemeral reports whether the port is the literal 0.
func (g *Reading) ephemeral(m *syntax.Match) bool {
	for _, name := range []string{"address", "port"} {
		if text, ok := g.File.Text(m.Node(name)).Literal(); ok && (text == "0" || strings.HasSuffix(text, ":0")) {
			return true
		}
	}
	return false
}

// first returns the first node that there is.
func first(nodes ...syntax.Node) syntax.Node {
	for _, n := range nodes {
		if !n.IsZero() {
			return n
		}
	}
	return syntax.Node{}
}

// calls takes in the addresses that clients are told in parts.
func (g *Reading) calls() {
	for _, m := range g.fullest("call") {
		a, ok := g.endpoint(m)
		if !ok || a.host == "" || a.host == flow.Gap {
			continue
		}
		if a.scheme == "" {
			a.scheme = m.Set["scheme"]
		}
		node := m.Node("call")
		g.call(a, node, opening(node, first(m.Node("address"), m.Node("host"), m.Node("options"))), true)
	}
}

// call takes in an address, which is given to a client where it stands, or only
// kept there.
func (g *Reading) call(a address, at syntax.Node, text string, given bool) {
	browser, _ := g.inlined(a.variable)
	g.Add(fact.Need{
		Kind: fact.Call, Name: a.host, At: at.Span(), Text: text,
		Scheme: a.scheme, Host: a.host, Port: a.port, Variable: a.variable, Browser: g.inBrowser() || browser, Given: given,
	})
}

// urls takes in the URLs that the code connects to: the default of a variable,
// what is given to a client, and every one whose host is no public name, unless
// it is only talked of.
func (g *Reading) urls() {
	quiet, client, all := g.nodes("quiet"), g.nodes("client"), g.nodes("url")
	for _, m := range g.found["url"] {
		node := m.Node("url")
		if all[node.Parent().ID()] || all[node.Parent().Parent().ID()] {
			continue // it is the beginning of a longer one
		}
		t := g.File.Text(node)
		a, ok := parseURL(t)
		if !ok || reserved(a.host) {
			continue
		}
		hushed, wanted := g.within(node, quiet), g.within(node, client)
		variable := g.File.Supplies(node)
		web := strings.HasPrefix(a.scheme, "http") || strings.HasPrefix(a.scheme, "ws")
		if hushed || talked.MatchString(variable) || !wanted && variable == "" && web && !own(a.host) {
			continue
		}
		if variable == "" && g.File.Replaces(node) {
			continue // whether what it stands in for is there is known only to the running program
		}
		if variable != "" {
			a.variable = variable
		}
		g.call(a, node, excerpt(node, syntax.Node{}, ""), wanted)
	}
}

func (g *Reading) nodes(need string) map[syntax.ID]bool {
	all := map[syntax.ID]bool{}
	for _, m := range g.found[need] {
		all[m.Node(need).ID()] = true
	}
	return all
}

// maxAround is how far around an address it is looked for what it is used for.
const maxAround = 12

func (g *Reading) within(n syntax.Node, nodes map[syntax.ID]bool) bool {
	if len(nodes) == 0 {
		return false
	}
	for range maxAround {
		if n.IsZero() || g.File.Scope(n) {
			return false
		}
		if nodes[n.ID()] {
			return true
		}
		n = n.Parent()
	}
	return false
}

// dotenvs takes in the loading of .env files.
func (g *Reading) dotenvs() {
	for _, m := range g.found["dotenv"] {
		node := m.Node("load")
		_, tried := g.File.Tried(node)
		tried = tried || branched(node) || attempted(node)
		out := g.File.Failure(node)
		names := g.envFiles(m)
		for _, name := range names {
			g.Add(fact.Need{
				Kind: fact.Dotenv, Name: name, At: node.Span(), Text: excerpt(node, syntax.Node{}, ""),
				Fatal: !tried && (out.Fatal && !out.Strict() || m.Set["fatal"] != ""), Necessity: fact.Guarded,
			})
		}
	}
}

// envFiles returns the names of the .env files that a match loads: none where
// only the running program knows them.
func (g *Reading) envFiles(m *syntax.Match) []string {
	var files []syntax.Node
	for _, c := range m.Captures() {
		switch c.Name {
		case "file":
			files = append(files, c.Node)
		case "files":
			files = append(files, c.Node.Children()...)
		}
	}
	var names []string
	told := false
	for _, f := range files {
		if path := g.File.Option(f, "path"); !path.IsZero() {
			f = path
		} else if m := g.File.Field(f); m != nil {
			if key := m.Node("key").Text(); key != "dotenv_path" {
				continue
			}
			f = m.Node("value")
		} else if g.File.Composite(f) {
			continue
		}
		told = true
		if name := baseless(g.File.Text(f).String()); name != "" {
			names = append(names, name)
		}
	}
	if !told {
		return []string{".env"}
	}
	return names
}

// baseless is the name of a file of which only the end may be known: what
// stands before it is where the program, or its code, is.
func baseless(name string) string {
	if i := strings.LastIndex(name, flow.Gap); i >= 0 {
		name = name[i+1:]
	}
	return strings.TrimPrefix(strings.TrimLeft(name, "/"), "./")
}
