package pattern

import (
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// group is a set of paths with a common beginning.
type group struct {
	router syntax.Node // that serves the whole group; zero where that is the root
	prefix string
}

// paths takes in the paths that the code serves. Those of a router that this
// file does not mount are silent: nothing here tells their beginning.
func (g *Reading) paths() {
	if len(g.found["path"]) == 0 {
		return
	}
	groups, elsewhere := map[syntax.ID]group{}, map[syntax.ID]bool{}
	for _, m := range g.found["router"] {
		elsewhere[m.Node("group").ID()] = true
	}
	for _, m := range g.found["group"] {
		prefix, ok := g.File.Text(m.Node("prefix")).Literal()
		if m.Node("prefix").IsZero() {
			prefix, ok = "", true
		}
		if !ok {
			continue
		}
		id := m.Node("group").ID()
		if member := m.Node("member"); !member.IsZero() {
			id = member.ID()
			delete(elsewhere, id)
		}
		groups[id] = group{m.Node("router"), prefix}
	}
	for _, m := range g.found["mount"] {
		prefix, ok := g.File.Text(m.Node("prefix")).Literal()
		if m.Node("prefix").IsZero() {
			prefix, ok = "", true
		}
		b := g.File.Resolve(m.Node("router"))
		if !ok || b == nil || b.Value.IsZero() {
			continue
		}
		at := groups[b.Value.ID()]
		groups[b.Value.ID()] = group{at.router, join(prefix, at.prefix)}
		delete(elsewhere, b.Value.ID())
	}
	told := map[syntax.ID]bool{} // the places whose method a larger pattern tells
	for _, m := range g.found["path"] {
		if !m.Node("method").IsZero() {
			told[m.Node("serve").ID()] = true
		}
	}
	for _, m := range g.found["path"] {
		if m.Node("method").IsZero() && told[m.Node("serve").ID()] {
			continue
		}
		prefix, ok := g.prefix(m.Node("router"), groups, elsewhere)
		path, known := g.File.Text(m.Node("path")).Literal()
		if !ok || !known {
			continue
		}
		for _, method := range methods(g, m) {
			g.path(m, method, prefix, path)
		}
	}
}

// prefix returns what stands before the paths of a router, and whether it can
// be told.
func (g *Reading) prefix(router syntax.Node, groups map[syntax.ID]group, elsewhere map[syntax.ID]bool) (string, bool) {
	prefix := ""
	if router.IsZero() {
		return "", true // nothing but the file's place tells who serves it
	}
	for range 8 {
		id := router.ID()
		b := g.File.Resolve(router)
		if b != nil {
			if id = b.Value.ID(); b.Value.IsZero() {
				id = b.Name.ID()
			}
		}
		if elsewhere[id] || (b == nil || b.Value.ID() == b.Name.ID()) && !rootName.MatchString(router.Text()) {
			return "", false
		}
		in, ok := groups[id]
		if !ok {
			return prefix, true
		}
		prefix, router = join(in.prefix, prefix), in.router
		if router.IsZero() {
			return prefix, true
		}
	}
	return "", false
}

// rootName is what a router is called that another file, or no single name,
// holds and that serves its paths as they are.
var rootName = regexp.MustCompile(`(?i)(app|application|server|srv|mux|engine|echo|fastify|hono|http|^e|^r|\.\w*router)$|\)$`)

// join puts two parts of a path together.
func join(a, b string) string {
	if a == "" || a == "/" {
		return b
	}
	if b == "" || b == "/" {
		return a
	}
	return strings.TrimRight(a, "/") + "/" + strings.TrimLeft(b, "/")
}

var method = regexp.MustCompile(`(?i)(?:\b|Method)(get|head|post|put|patch|delete|options)\b`)

// methods returns the HTTP methods of a path, "" for any.
func methods(g *Reading, m *syntax.Match) []string {
	text := m.Set["method"]
	if n := m.Node("method"); !n.IsZero() {
		text = n.Text()
	}
	if n := m.Node("options"); !n.IsZero() {
		if listed := g.File.Option(n, "methods", "method"); !listed.IsZero() {
			text = listed.Text()
		}
	}
	var all []string
	for _, name := range method.FindAllStringSubmatch(text, -1) {
		all = appendNew(all, strings.ToUpper(name[1]))
	}
	if len(all) == 0 {
		all = []string{""}
	}
	return all
}

// inPattern is a pattern of net/http's ServeMux: "[METHOD ][HOST]/[PATH]"
// (https://pkg.go.dev/net/http#hdr-Patterns-ServeMux).
var inPattern = regexp.MustCompile(`^([A-Z]+)\s+(.*)$`)

func (g *Reading) path(m *syntax.Match, method, prefix, path string) {
	if in := inPattern.FindStringSubmatch(path); in != nil {
		method, path = in[1], in[2]
	}
	path = join(prefix, path)
	if path == "" {
		path = "/"
	}
	if !strings.HasPrefix(path, "/") {
		if m.Set["relative"] == "" {
			return // a host stands before it, or it is no path
		}
		path = "/" + path
	}
	node := m.Node("serve")
	g.Add(fact.Need{
		Kind: fact.Path, Name: path, Method: method, At: node.Span(),
		Text: opening(node, m.Node("path")),
	})
}
