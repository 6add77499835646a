package kotlin

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
	"rehearse/internal/syntax/property"
)

// methodOf tells the HTTP method of an annotation by its name.
var methodOf = map[string]string{
	"GetMapping": "GET", "PostMapping": "POST", "PutMapping": "PUT", "PatchMapping": "PATCH", "DeleteMapping": "DELETE",
}

// servers are the annotations of a class that serves what its functions say.
var servers = []string{"RestController", "Controller"}

// mapping takes in the paths that a function of a controller serves, behind
// those of its class.
func mapping(g *pattern.Reading, m *syntax.Match) {
	serve := m.Node("serve")
	class := serve.Parent().Parent().Parent().Parent()
	if class.Kind() != "class_declaration" {
		return
	}
	server := false
	for _, name := range servers {
		server = server || !annotation(class, name).IsZero()
	}
	if !server {
		return
	}
	for _, prefix := range texts(g, annotation(class, "RequestMapping")) {
		for _, path := range texts(g, serve) {
			g.Add(fact.Need{
				Kind: fact.Path, Name: joined(prefix, path), Method: methodOf[nameOf(serve)], At: serve.Span(),
				Text: excerpt(serve), Library: property.Library,
			})
		}
	}
}

// annotation returns the annotation of that name of a declaration.
func annotation(of syntax.Node, name string) syntax.Node {
	for _, modifiers := range of.Children() {
		if modifiers.Kind() != "modifiers" {
			continue
		}
		for _, c := range modifiers.Children() {
			if c.Kind() == "annotation" && nameOf(c) == name {
				return c
			}
		}
	}
	return syntax.Node{}
}

// nameOf returns what an annotation is called.
func nameOf(annotation syntax.Node) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(annotation.Text(), "@"), "(")
	return strings.TrimSpace(name)
}

// texts returns the paths that an annotation says: one empty one where it says
// none, none where only the running program knows them.
func texts(g *pattern.Reading, annotation syntax.Node) []string {
	arguments := syntax.Node{}
	for _, c := range annotation.Children() {
		for _, in := range c.Children() {
			if in.Kind() == "value_arguments" {
				arguments = in
			}
		}
	}
	var said []syntax.Node
	for _, argument := range arguments.Children() {
		if named := g.File.Field(argument); named == nil {
			said = append(said, argument)
		} else if key := named.Node("key").Text(); key == "value" || key == "path" {
			said = append(said, named.Node("value"))
		}
	}
	if len(said) == 0 {
		return []string{""}
	}
	var all []string
	for _, n := range said {
		if n.Kind() == "collection_literal" {
			for _, item := range n.Children() {
				if text, ok := g.File.Text(item).Literal(); ok && !strings.Contains(text, "${") {
					all = append(all, text)
				}
			}
		} else if text, ok := g.File.Text(n).Literal(); ok && !strings.Contains(text, "${") {
			all = append(all, text)
		}
	}
	return all
}

// maxNested bounds how many routes stand in one another.
const maxNested = 200

// route takes in a path that Ktor serves, behind those of the routes around it.
// Where a function that something else calls stands around it, the beginning is
// not known.
func route(g *pattern.Reading, m *syntax.Match) {
	serve, path := m.Node("serve"), ""
	if node := m.Node("path"); !node.IsZero() {
		text, ok := g.File.Text(node).Literal()
		if !ok {
			return
		}
		path = text
	}
	at := serve.Parent()
	for i := 0; ; at = at.Parent() {
		if i++; at.IsZero() || i > maxNested || at.Kind() == "function_declaration" && !strings.Contains(at.Text()[:min(len(at.Text()), 200)], "Application.") {
			return
		}
		if at.Kind() != "call_expression" {
			continue
		}
		switch called, _, _ := strings.Cut(at.Text(), "("); strings.TrimSpace(called) {
		case "route":
			arguments := at.Text()[len(called):]
			_, rest, found := strings.Cut(arguments, `"`)
			prefix, _, ends := strings.Cut(rest, `"`)
			if !found || !ends || strings.Contains(prefix, "$") {
				return
			}
			if first := at.Children()[0]; first.Kind() == "call_expression" {
				path = joined(prefix, path)
			}
		default:
			if word, _, _ := strings.Cut(called, "{"); strings.TrimSpace(word) == "routing" {
				g.Add(fact.Need{Kind: fact.Path, Name: joined("", path), Method: strings.ToUpper(m.Node("method").Text()), At: serve.Span(), Text: excerpt(serve)})
				return
			}
		}
	}
}

func joined(a, b string) string {
	path := "/" + strings.Trim(a, "/")
	if b = strings.TrimPrefix(b, "/"); b != "" {
		path = strings.TrimSuffix(path, "/") + "/" + b
	}
	return path
}

// excerpt is the beginning of the code on one line, as far as reports show it.
func excerpt(n syntax.Node) string {
	text, _, _ := strings.Cut(n.Text(), "\n")
	text = strings.TrimRight(text, "{ \t\r")
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "")
	if len(text) > 100 {
		text = strings.ToValidUTF8(text[:100], "") + "…"
	}
	if text == "" {
		return "…"
	}
	return text
}
