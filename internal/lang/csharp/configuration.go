package csharp

import (
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/connection"
	"rehearse/internal/syntax/flow"
	"rehearse/internal/syntax/pattern"
)

// variableOf returns the name of the variable that stands for a setting
// (https://learn.microsoft.com/en-us/aspnet/core/fundamentals/configuration/#non-prefixed-environment-variables).
func variableOf(name string) string {
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == ':', c == '.', c == '-':
		default:
			return ""
		}
	}
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return ""
	}
	return strings.ReplaceAll(name, ":", "__")
}

// maxSections bounds how many sections stand in one another.
const maxSections = 6

// section returns what stands before the names that are asked of an expression:
// "" for the whole of the configuration.
func section(g *pattern.Reading, of syntax.Node, depth int) (prefix string, ok bool) {
	if depth == 0 {
		return "", false
	}
	call := of.Field("function")
	if method := call.Field("name").Text(); method == "GetSection" || method == "GetRequiredSection" {
		name, ok := g.File.Text(first(of.Field("arguments"))).Literal()
		outer, known := section(g, call.Field("expression"), depth-1)
		return outer + name + ":", ok && known
	}
	if b := g.File.Resolve(of); b != nil && !b.Value.IsZero() && b.Value.ID() != of.ID() && strings.Contains(b.Value.Text(), "Section(") {
		return section(g, b.Value, depth-1)
	}
	text := strings.ToLower(of.Text())
	return "", strings.HasSuffix(text, "configuration") || strings.HasSuffix(text, "config")
}

func first(arguments syntax.Node) syntax.Node {
	if all := arguments.Children(); len(all) > 0 {
		return all[0]
	}
	return syntax.Node{}
}

// setting takes in a read of the configuration. A value type is content with
// its zero.
func setting(g *pattern.Reading, m *syntax.Match) {
	node, method, given := m.Node("setting"), m.Node("method").Text(), m.Node("default")
	name, ok := g.File.Text(m.Node("name")).Literal()
	prefix, known := section(g, m.Node("of"), maxSections)
	if !ok || !known || g.File.Assigned(node) {
		return
	}
	if method == "GetConnectionString" {
		prefix += "ConnectionStrings:"
	}
	variable := variableOf(prefix + name)
	if variable == "" || ambient[strings.ToLower(variable)] {
		return
	}
	necessity, fatal, fallback := fact.Defaulted, false, given
	if given.IsZero() {
		out := g.File.Absence(node)
		necessity, fatal, fallback = out.Necessity, out.Fatal, out.Fallback
		if strings.HasPrefix(method, "GetValue<") && method != "GetValue<string>" && necessity == fact.Required {
			necessity, fatal = fact.Guarded, false
		}
	}
	if g.File.Null(fallback) {
		necessity, fallback = fact.Guarded, syntax.Node{}
	}
	read := g.Variable(node, variable, necessity, fatal, fallback)
	read.Library = Library
	if fallback.IsZero() {
		return
	}
	text, ok := g.File.Text(fallback).Known()
	if !ok {
		return
	}
	if read.Default == nil && necessity == fact.Defaulted {
		read.Default = &text
	}
	if call, ok := pattern.Address(variable, text); ok && !strings.Contains(text, "://") {
		call.At, call.Text, call.Variable, call.Library = read.At, read.Text, variable, Library
		g.Add(call)
	}
}

// ambient settings are those that the host itself gives, in small letters.
var ambient = map[string]bool{"aspnetcore_environment": true, "dotnet_environment": true, "environment": true, "applicationname": true, "contentroot": true, "path_base": true, "pathbase": true}

// elsewhere takes note of settings that are not read. What only another file
// gives may be overridden by those that are.
func elsewhere(g *pattern.Reading, m *syntax.Match) {
	node := m.Node("source")
	n := fact.Need{Kind: fact.Setting, At: node.Span(), Text: node.Field("function").Field("name").Text() + "(…)", Library: Library}
	if strings.HasPrefix(n.Text, "AddJsonFile") || strings.HasPrefix(n.Text, "AddInMemory") || strings.HasPrefix(n.Text, "AddServiceD") {
		n.Necessity = fact.Defaulted
	}
	g.Add(n)
}

// prefixed takes note of what the names of variables begin with that give
// settings without it.
func prefixed(g *pattern.Reading, m *syntax.Match) {
	node, said := m.Node("prefixed"), m.Node("prefix").Children()
	if len(said) == 0 {
		return
	}
	if prefix, ok := g.File.Text(said[len(said)-1]).Literal(); ok && prefix != "" {
		g.Add(fact.Need{Kind: fact.Setting, Also: []string{prefix}, At: node.Span(), Text: "AddEnvironmentVariables(…)", Library: Library, Necessity: fact.Defaulted})
	}
}

// urls takes in the addresses that a host is told to listen on, several of them
// with semicolons between
// (https://learn.microsoft.com/en-us/aspnet/core/fundamentals/servers/kestrel/endpoints#url-formats).
func urls(g *pattern.Reading, m *syntax.Match) {
	node := m.Node("listen")
	for _, argument := range m.Node("urls").Children() {
		text := g.File.Text(argument)
		for _, n := range listening(text.String(), node.Span()) {
			n.Text, n.Variable = "…"+node.Field("function").Field("name").Text()+"(\""+n.Text+"\")", text.Variable()
			g.Add(n)
		}
	}
}

// listening reads addresses to listen on.
func listening(text string, at source.Span) []fact.Need {
	var all []fact.Need
	for _, one := range strings.Split(text, ";") {
		_, authority, found := strings.Cut(strings.TrimSpace(one), "://")
		if !found || strings.Contains(one, flow.Gap) {
			continue
		}
		authority, _, _ = strings.Cut(authority, "/")
		i := strings.LastIndexByte(authority, ':')
		if i < 0 {
			continue
		}
		port, err := strconv.Atoi(authority[i+1:])
		if err != nil || port <= 0 || port > 65535 {
			continue
		}
		host := strings.Trim(authority[:i], "[]")
		switch host {
		case "*", "+", "0.0.0.0", "::":
			host = ""
		}
		all = append(all, fact.Need{Kind: fact.Listen, Name: authority[i+1:], Host: host, Port: port, At: at, Text: "http://" + authority})
	}
	return all
}

// connected takes in the address in a text that a driver takes.
func connected(g *pattern.Reading, m *syntax.Match) {
	node := m.Node("text")
	t := g.File.Text(node)
	text := t.String()
	if strings.Contains(text, flow.Gap) || m.Set["scheme"] == "" && !connection.Told(text) {
		return
	}
	call, ok := pattern.Address("host", connection.Address(text))
	if !ok {
		return
	}
	if call.Port == 0 {
		call.Port, _ = strconv.Atoi(m.Set["port"]) // none is said
	}
	if call.Scheme == "" {
		call.Scheme = m.Set["scheme"]
	}
	call.Variable = t.Variable()
	if call.Variable == "" {
		call.Variable = g.File.Supplies(node)
	}
	call.At, call.Text = node.Span(), "…"+call.Host+"…"
	g.Add(call)
}

// verbs are the attributes that tell the method of an action.
var verbs = map[string]string{"HttpGet": "GET", "HttpPost": "POST", "HttpPut": "PUT", "HttpDelete": "DELETE", "HttpPatch": "PATCH"}

// mapping takes in the path that an action of a controller serves, behind that
// of its class. One that has its own verbs beside a route says it with those.
func mapping(g *pattern.Reading, m *syntax.Match) {
	serve := m.Node("serve")
	action := serve.Parent().Parent()
	class := action.Parent().Parent()
	if class.Kind() != "class_declaration" {
		return
	}
	path, ok := template(g, serve)
	verb := verbs[serve.Field("name").Text()]
	if !ok {
		return
	}
	if own := attribute(action, "Route"); verb != "" && !own.IsZero() && path == "" {
		if path, ok = template(g, own); !ok {
			return
		}
	} else if verb == "" {
		for name := range verbs {
			if !attribute(action, name).IsZero() {
				return
			}
		}
	}
	route := attribute(class, "Route")
	if route.IsZero() && path == "" {
		return // by convention, which the start tells
	}
	prefix, ok := template(g, route)
	if !ok {
		return
	}
	if strings.HasPrefix(path, "/") || strings.HasPrefix(path, "~/") {
		prefix = ""
	}
	name := "/" + strings.Trim(strings.Trim(prefix, "/")+"/"+strings.TrimPrefix(strings.TrimPrefix(path, "~"), "/"), "/")
	name = strings.NewReplacer("[controller]", strings.TrimSuffix(class.Field("name").Text(), "Controller"), "[action]", action.Field("name").Text()).Replace(name)
	if strings.ContainsAny(name, "[]") {
		return
	}
	text := strings.ToValidUTF8(strings.Join(strings.Fields(serve.Text()), " "), "")
	g.Add(fact.Need{Kind: fact.Path, Name: name, Method: verb, At: serve.Span(), Text: "[" + text[:min(len(text), 80)] + "]", Library: Library})
}

// template returns what an attribute says of a path, "" where it says nothing.
func template(g *pattern.Reading, attribute syntax.Node) (string, bool) {
	for _, c := range attribute.Children() {
		if c.Kind() != "attribute_argument_list" {
			continue
		}
		argument := first(c)
		if !argument.Field("name").IsZero() {
			return "", true
		}
		return g.File.Text(first(argument)).Literal()
	}
	return "", true
}

// attribute returns the attribute of that name of a declaration.
func attribute(of syntax.Node, name string) syntax.Node {
	for _, list := range of.Children() {
		if list.Kind() != "attribute_list" {
			continue
		}
		for _, c := range list.Children() {
			if c.Field("name").Text() == name {
				return c
			}
		}
	}
	return syntax.Node{}
}
