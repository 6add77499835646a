package php

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

// ports are those of the drivers of PDO where a text names none
// (https://www.php.net/manual/en/pdo.drivers.php).
var ports = map[string]int{"mysql": 3306, "pgsql": 5432, "sqlsrv": 1433, "dblib": 1433}

// schemes are what the same servers are called in a URL.
var schemes = map[string]string{"mysql": "mysql", "pgsql": "postgres", "sqlsrv": "sqlserver", "dblib": "sqlserver"}

var (
	hostPart = regexp.MustCompile(`(?:[:;]|^)\s*(?:host|server)=([^;]*)`)
	portPart = regexp.MustCompile(`(?:[:;])\s*port=([0-9]+)`)
	hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$`)
)

// dsn takes in the server that a data source name of PDO tells.
func dsn(g *pattern.Reading, m *syntax.Match) {
	node := m.Node("dsn")
	for p := node.Parent(); p.Kind() == "binary_expression"; p = p.Parent() {
		return // it is the beginning of a longer one
	}
	text := g.File.Text(node)
	whole := text.String()
	driver, _, _ := strings.Cut(whole, ":")
	at := hostPart.FindStringSubmatchIndex(whole)
	if at == nil || ports[driver] == 0 {
		return
	}
	host := strings.TrimSpace(whole[at[2]:at[3]])
	if host == flow.Gap || !hostName.MatchString(host) {
		return
	}
	n := fact.Need{Kind: fact.Call, Name: host, Host: host, Scheme: schemes[driver], Port: ports[driver], At: node.Span(), Text: cut(node)}
	if port := portPart.FindStringSubmatch(whole); port != nil {
		n.Port, _ = strconv.Atoi(port[1])
		if n.Port > 65535 {
			return
		}
	}
	n.Variable = cmp.Or(g.File.Supplies(node), text.VariableAt(at[2]))
	g.Add(n)
}

// served takes in a route, with the beginnings that the groups around it give
// its path. Laravel serves routes/api.php below /api
// (https://laravel.com/docs/routing#api-routes).
func served(g *pattern.Reading, m *syntax.Match) {
	node := m.Node("served")
	file := "/" + g.File.Tree.File.Path
	path, ok := g.File.Text(m.Node("path")).Literal()
	if !ok || !within(file) {
		return
	}
	parts := []string{path}
	for _, call := range calls(m.Node("served")) {
		prefix, known, has := prefixed(g, call)
		if !known {
			return
		}
		if has {
			parts = append([]string{prefix}, parts...)
		}
	}
	for p := node.Parent(); !p.IsZero(); p = p.Parent() {
		if k := p.Kind(); k == "method_declaration" || k == "function_definition" {
			return // who calls it, and with which beginning, is not told here
		}
		if name := p.Field("name").Text(); name != "group" && name != "map" {
			continue
		}
		for _, call := range append([]syntax.Node{p}, calls(p)...) {
			prefix, known, has := prefixed(g, call)
			if !known {
				return
			}
			if has {
				parts = append([]string{prefix}, parts...)
			}
		}
	}
	if strings.HasSuffix(file, "/routes/api.php") {
		parts = append([]string{"api"}, parts...)
	}
	method := strings.ToUpper(m.Node("method").Text())
	switch method {
	case "ANY":
		method = ""
	case "VIEW":
		method = "GET"
	}
	g.Add(fact.Need{Kind: fact.Path, Name: joined(parts), Method: method, At: node.Span(), Text: cut(node)})
}

// within reports whether nothing outside of a file says where its routes begin:
// of Laravel's files, web.php and api.php alone.
func within(file string) bool {
	if at := strings.LastIndex(file, "/routes/"); at >= 0 {
		rest := file[at+len("/routes/"):]
		return rest == "web.php" || rest == "api.php" || rest == "routes.php"
	}
	return strings.HasSuffix(file, "/index.php") || strings.HasSuffix(file, "/app.php") || strings.HasSuffix(file, "/routes.php")
}

// calls returns the calls of which n is the last: Route::prefix('a')->name('b').
func calls(n syntax.Node) []syntax.Node {
	var all []syntax.Node
	for range 20 {
		n = n.Field("object")
		if kind := n.Kind(); kind != "member_call_expression" && kind != "scoped_call_expression" {
			break
		}
		all = append(all, n)
	}
	return all
}

// prefixed returns the beginning that a call gives to the paths of a group, and
// whether it can be told.
func prefixed(g *pattern.Reading, call syntax.Node) (prefix string, known, has bool) {
	arguments := call.Field("arguments").Children()
	if len(arguments) == 0 {
		return "", true, false
	}
	at := syntax.Node{}
	switch call.Field("name").Text() {
	case "prefix":
		at = arguments[0]
	case "domain":
		return "", false, false
	case "group":
		at = g.File.Option(arguments[0], "prefix")
		if at.IsZero() && len(arguments) > 1 && arguments[0].Children()[0].Kind() == "string" {
			at = arguments[0] // Slim: $app->group('/users', function …)
		}
	}
	if at.IsZero() {
		return "", true, false
	}
	text, ok := g.File.Text(at).Literal()
	return text, ok, ok
}

func joined(parts []string) string {
	var b strings.Builder
	for _, part := range parts {
		if part = strings.Trim(part, "/"); part != "" {
			b.WriteString("/" + part)
		}
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}

// attribute takes in a route that stands before a method of a controller, with
// that of its class before it.
func attribute(g *pattern.Reading, m *syntax.Match) {
	path, ok := g.File.Text(m.Node("path")).Literal()
	if !ok || !strings.HasPrefix(path, "/") && path != "" {
		return
	}
	node := m.Node("attribute")
	parts := []string{path}
	for p := node.Parent(); !p.IsZero(); p = p.Parent() {
		if p.Kind() != "class_declaration" {
			continue
		}
		text := p.Field("attributes").Text()
		if strings.Contains(text, "Route(") {
			prefix := classRoute.FindStringSubmatch(text)
			if prefix == nil {
				return
			}
			parts = append([]string{prefix[1]}, parts...)
		}
	}
	methods := []string{""}
	if listed := g.File.Option(m.Node("options"), "methods"); !listed.IsZero() {
		methods = verb.FindAllString(listed.Text(), -1)
	}
	for _, method := range methods {
		g.Add(fact.Need{Kind: fact.Path, Name: joined(parts), Method: method, At: node.Span(), Text: cut(node)})
	}
}

var (
	classRoute = regexp.MustCompile(`Route\(\s*(?:path:\s*)?['"](/[^'"]*)['"]`)
	verb       = regexp.MustCompile(`GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS`)
)

var (
	userInfo = regexp.MustCompile(`(://)[^/\s"'@]*@`)
	password = regexp.MustCompile(`(?i)(password|pwd|user)=[^;'"]*`)
)

// cut brings the source of a node onto one line of at most 120 bytes, without
// what may be secret.
func cut(n syntax.Node) string {
	text := n.Text()
	text = password.ReplaceAllString(userInfo.ReplaceAllString(text[:min(len(text), 400)], "${1}…@"), "${1}=…")
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if len(text) > 120 {
		text = strings.ToValidUTF8(text[:117], "") + "…"
	}
	return text
}
