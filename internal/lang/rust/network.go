package rust

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/flow"
	"rehearse/internal/syntax/pattern"
)

// bound takes in an address that a server binds: "host:port", (host, port), or
// a SocketAddr made of these
// (https://doc.rust-lang.org/std/net/trait.ToSocketAddrs.html).
func bound(g *pattern.Reading, m *syntax.Match) {
	host, port, ok := address(g, m.Node("address"), 6)
	if !ok {
		return
	}
	n := fact.Need{Kind: fact.Listen, At: m.Node("bound").Span(), Text: cut(m.Node("bound"))}
	text := host.String()
	if port == nil {
		at := strings.LastIndexByte(text, ':')
		if at < 0 {
			if n.Variable = host.Variable(); n.Variable == "" {
				return
			}
			text = ""
		} else {
			n.Variable = cmp.Or(host.VariableAt(at+1), host.VariableAt(0))
			n.Port, _ = strconv.Atoi(text[at+1:])
			text = text[:at]
		}
	} else {
		n.Variable = cmp.Or(port.Variable(), host.Variable())
		n.Port, _ = strconv.Atoi(port.String())
	}
	if n.Port < 0 || n.Port > 65535 || n.Port == 0 && n.Variable == "" {
		return // any free port, or one that only the running program knows
	}
	if n.Port > 0 {
		n.Name = strconv.Itoa(n.Port)
	}
	switch text = strings.Trim(text, "[]"); {
	case text == "0.0.0.0", text == "::", strings.Contains(text, flow.Gap), strings.Contains(text, "UNSPECIFIED"):
		text = ""
	case strings.Contains(text, "LOCALHOST"):
		text = "127.0.0.1"
	case !hostName.MatchString(text):
		text = ""
	}
	n.Host = text
	g.Add(n)
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.:-]*$`)

// address returns the parts of an address, or, where port is nil, one text of
// both.
func address(g *pattern.Reading, n syntax.Node, hops int) (host, port flow.Text, ok bool) {
	if hops == 0 || n.IsZero() {
		return nil, nil, false
	}
	switch n.Kind() {
	case "reference_expression":
		return address(g, n.Field("value"), hops-1)
	case "identifier":
		if b := g.File.Resolve(n); b != nil && !b.Value.IsZero() && g.File.Reads(b.Value) == "" {
			if host, port, ok := address(g, b.Value, hops-1); ok {
				return host, port, true
			}
		}
	case "tuple_expression":
		parts := n.Children()
		if len(parts) != 2 {
			return nil, nil, false
		}
		return ip(g, parts[0]), g.File.Text(parts[1]), true
	case "call_expression":
		function, arguments := n.Field("function"), n.Field("arguments").Children()
		switch text := function.Text(); {
		case (strings.HasSuffix(text, "SocketAddr::from") || strings.HasSuffix(text, "SocketAddrV4::from")) && len(arguments) == 1:
			return address(g, arguments[0], hops-1)
		case (strings.HasSuffix(text, "SocketAddr::new") || strings.HasSuffix(text, "SocketAddrV4::new")) && len(arguments) == 2:
			return ip(g, arguments[0]), g.File.Text(arguments[1]), true
		case strings.HasSuffix(text, ".unwrap"), strings.HasSuffix(text, ".expect"), strings.HasSuffix(text, ".parse"), strings.HasSuffix(text, ".into"), strings.HasSuffix(text, ".unwrap_or"):
			return address(g, function.Field("value"), hops)
		}
		if inner := function.Field("function"); !inner.IsZero() { // "…".parse::<SocketAddr>()
			return address(g, inner.Field("value"), hops-1)
		}
	case "try_expression", "parenthesized_expression", "await_expression":
		if in := n.Children(); len(in) > 0 {
			return address(g, in[0], hops-1)
		}
	}
	text := g.File.Text(n)
	whole := text.String()
	return text, nil, strings.Contains(whole, ":") || text.Variable() != ""
}

// ip is the address of a machine: a text, [0, 0, 0, 0], Ipv4Addr::new(0, 0, 0, 0),
// or a constant.
func ip(g *pattern.Reading, n syntax.Node) flow.Text {
	parts := []syntax.Node{}
	switch text := n.Text(); {
	case n.Kind() == "array_expression":
		parts = n.Children()
	case strings.Contains(text, "UNSPECIFIED"), strings.Contains(text, "LOCALHOST"):
		return flow.Text{{Literal: text[strings.LastIndex(text, "::")+2:], Known: true}}
	case n.Kind() == "call_expression" && strings.HasSuffix(n.Field("function").Text(), "Addr::new"):
		parts = n.Field("arguments").Children()
	case n.Kind() == "call_expression" && (strings.HasSuffix(n.Field("function").Text(), "IpAddr::from") || strings.HasSuffix(n.Field("function").Text(), "IpAddr::V4")):
		if in := n.Field("arguments").Children(); len(in) == 1 {
			return ip(g, in[0])
		}
	}
	if len(parts) == 4 {
		var numbers []string
		for _, p := range parts {
			text, ok := g.File.Text(p).Literal()
			if !ok {
				return flow.Text{{}}
			}
			numbers = append(numbers, text)
		}
		return flow.Text{{Literal: strings.Join(numbers, "."), Known: true}}
	}
	return g.File.Text(n)
}

// attribute takes in a path that stands before its handler, where nothing in
// the file puts it below another.
func attribute(g *pattern.Reading, m *syntax.Match) {
	if strings.Contains(string(g.File.Tree.File.Data), "scope(") || strings.Contains(string(g.File.Tree.File.Data), ".mount(") {
		return
	}
	add(g, m.Node("path"), m.Node("attribute"), []string{strings.ToUpper(m.Node("method").Text())})
}

// route takes in a path of axum's Router or of actix's App, where nothing in the
// file puts it below another.
func route(g *pattern.Reading, m *syntax.Match) {
	data := string(g.File.Tree.File.Data)
	if strings.Contains(data, ".nest(") || strings.Contains(data, "scope(") {
		return
	}
	var methods []string
	for _, found := range verb.FindAllStringSubmatch(m.Node("methods").Text(), -1) {
		methods = append(methods, strings.ToUpper(found[1]))
	}
	if len(methods) == 0 {
		methods = []string{""}
	}
	add(g, m.Node("path"), m.Node("route"), methods)
}

var verb = regexp.MustCompile(`\b(get|post|put|patch|delete|head)\(`)

func add(g *pattern.Reading, at, node syntax.Node, methods []string) {
	path, ok := g.File.Text(at).Literal()
	if !ok || !strings.HasPrefix(path, "/") {
		return
	}
	for _, method := range methods {
		g.Add(fact.Need{Kind: fact.Path, Name: path, Method: method, At: at.Span(), Text: cut(at)})
	}
}

// cut brings the source of a node onto one line of at most 120 bytes.
func cut(n syntax.Node) string {
	text := n.Text()
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text[:min(len(text), 400)], "")), " ")
	if len(text) > 120 {
		text = strings.ToValidUTF8(text[:117], "") + "…"
	}
	return text
}
