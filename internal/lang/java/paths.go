package java

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
	"rehearse/internal/syntax/property"
)

// servers are the annotations of a class that serves what its methods say; one
// without them may be the client of another's.
var servers = []string{"RestController", "Controller", "Path", "RepositoryRestController", "BasePathAwareController"}

// methodOf tells the HTTP method of an annotation by its name.
var methodOf = map[string]string{
	"GetMapping": "GET", "PostMapping": "POST", "PutMapping": "PUT", "PatchMapping": "PATCH", "DeleteMapping": "DELETE",
	"GET": "GET", "POST": "POST", "PUT": "PUT", "PATCH": "PATCH", "DELETE": "DELETE",
}

// mapping takes in the paths that a method serves, behind those of its class.
func mapping(g *pattern.Reading, m *syntax.Match) {
	serve := m.Node("serve")
	name := serve.Field("name").Text()
	method := serve.Parent() // its modifiers
	class := method.Parent().Parent().Parent()
	modifiers := modifiersOf(class)
	if class.Kind() != "class_declaration" || !annotated(modifiers, servers...) {
		return
	}
	verbs := []string{methodOf[name]}
	var prefixes, paths []string
	switch name {
	case "GET", "POST", "PUT", "PATCH", "DELETE":
		if annotated(method, "Path") {
			return // said with the path
		}
		prefixes, paths = texts(g, annotation(modifiers, "Path")), []string{""}
	case "Path":
		prefixes, paths = texts(g, annotation(modifiers, "Path")), texts(g, serve)
		verbs = nil
		for _, c := range method.Children() {
			if verb := methodOf[c.Field("name").Text()]; verb != "" {
				verbs = append(verbs, verb)
			}
		}
		if len(verbs) == 0 {
			return // of a resource that serves under it
		}
	default:
		prefixes, paths = texts(g, annotation(modifiers, "RequestMapping")), texts(g, serve)
		if asked := g.File.Option(serve.Field("arguments"), "method"); !asked.IsZero() {
			verbs = nil
			for _, verb := range strings.FieldsFunc(asked.Text(), func(r rune) bool { return r < 'A' || r > 'Z' }) {
				if methodOf[verb] != "" {
					verbs = append(verbs, verb)
				}
			}
		}
	}
	for _, prefix := range prefixes {
		for _, path := range paths {
			for _, verb := range verbs {
				g.Add(fact.Need{Kind: fact.Path, Name: joined(prefix, path), Method: verb, At: serve.Span(), Text: excerpt(serve), Library: property.Library})
			}
		}
	}
}

// texts returns the paths that an annotation says: one empty one where it says
// none, none where only the running program knows them.
func texts(g *pattern.Reading, annotation syntax.Node) []string {
	arguments := annotation.Field("arguments")
	said := g.File.Option(arguments, "value", "path")
	if all := arguments.Children(); said.IsZero() && len(all) == 1 && g.File.Field(all[0]) == nil {
		said = all[0]
	}
	if said.IsZero() {
		return []string{""}
	}
	nodes := []syntax.Node{said}
	if said.Kind() == "element_value_array_initializer" {
		nodes = said.Children()
	}
	var all []string
	for _, n := range nodes {
		if text, ok := g.File.Text(n).Literal(); ok && !strings.Contains(text, "${") {
			all = append(all, text)
		}
	}
	return all
}

func joined(a, b string) string {
	path := "/" + strings.Trim(a, "/")
	if b = strings.TrimPrefix(b, "/"); b != "" {
		path = strings.TrimSuffix(path, "/") + "/" + b
	}
	return path
}

// excerpt is the annotation on one line, as far as reports show it.
func excerpt(n syntax.Node) string {
	text := strings.ToValidUTF8(strings.Join(strings.Fields(n.Text()), " "), "")
	if len(text) > 100 {
		text = strings.ToValidUTF8(text[:100], "") + "…"
	}
	return text
}
