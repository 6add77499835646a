package java

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
	"rehearse/internal/syntax/property"
)

// value takes in the placeholders of an annotation's text: @Value("${app.url}").
func value(g *pattern.Reading, m *syntax.Match) {
	node := m.Node("text")
	text, ok := g.File.Text(node).Literal()
	if !ok {
		return
	}
	needs, _ := property.Needs(text)
	for _, n := range needs {
		if unescaped := strings.ReplaceAll(n.Name, "\\", ""); unescaped != n.Name {
			continue
		}
		add(g, m.Node("value"), n)
	}
}

// add takes in the need of a property, read at the node.
func add(g *pattern.Reading, node syntax.Node, n fact.Need) {
	read := g.Tagged(node, n.Name, n.Necessity, n.Fatal, n.Default)
	read.Library, read.Also, read.Instead = n.Library, n.Also, append(read.Instead, n.Instead...)
	if call, ok := pattern.Address(n.Name, text(n.Default)); ok {
		call.At, call.Text, call.Variable, call.Library = read.At, read.Text, n.Name, n.Library
		g.Add(call)
	}
}

func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}

// looked takes in a property that is asked for by its name.
func looked(g *pattern.Reading, m *syntax.Match) {
	name, ok := g.File.Text(m.Node("name")).Literal()
	if !ok {
		return
	}
	n, ok := property.Need(name)
	if !ok {
		return
	}
	node, given := m.Node("property"), m.Node("default")
	switch {
	case !given.IsZero() && !g.File.Null(given):
		n.Necessity = fact.Defaulted
		if text, ok := g.File.Text(given).Known(); ok {
			n.Default = &text
		}
		if strings.HasSuffix(given.Text(), ".class") {
			n.Necessity = fact.Guarded // the type that it is converted to
		}
	case m.Set["strict"] != "":
		n.Fatal = true
	default:
		out := g.File.Absence(node)
		n.Necessity, n.Fatal = out.Necessity, out.Fatal
		if text, ok := g.File.Text(out.Fallback).Known(); ok {
			n.Default = &text
		}
	}
	add(g, node, n)
}

// injected takes in what @ConfigProperty asks for. A type that can be empty is
// content without a value.
func injected(g *pattern.Reading, m *syntax.Match) {
	options, node := m.Node("options"), m.Node("injected")
	name, ok := g.File.Text(g.File.Option(options, "name", "value")).Literal()
	if !ok {
		return
	}
	n, ok := property.Need(name)
	if !ok {
		return
	}
	n.Fatal = true
	if given := g.File.Option(options, "defaultValue"); !given.IsZero() {
		n.Necessity, n.Fatal = fact.Defaulted, false
		if text, ok := g.File.Text(given).Known(); ok {
			n.Default = &text
		}
	} else if kind := node.Parent().Parent().Field("type").Text(); strings.Contains(kind, "Optional") || strings.Contains(kind, "Provider") || strings.Contains(node.Parent().Text(), "Nullable") {
		n.Necessity, n.Fatal = fact.Guarded, false
	}
	add(g, node, n)
}

// demands are the constraints that a missing value breaks
// (https://jakarta.ee/specifications/bean-validation/3.0/jakarta-bean-validation-spec-3.0.html#builtinconstraints).
var demands = []string{"NotNull", "NotBlank", "NotEmpty"}

// bean takes in the fields of a class whose values a group of properties gives.
// Where nothing asks for a value, a field without one is the code's own matter.
func bean(g *pattern.Reading, m *syntax.Match) {
	prefix, ok := prefixOf(g, m.Node("prefix"))
	if !ok || prefix == "" {
		return
	}
	for _, member := range m.Node("members").Children() {
		name, given := member.Field("name"), syntax.Node{}
		switch member.Kind() {
		case "field_declaration":
			declared := member.Field("declarator")
			name, given = declared.Field("name"), declared.Field("value")
		case "formal_parameter":
		default:
			continue
		}
		modifiers := modifiersOf(member)
		n, ok := property.Need(prefix + "." + name.Text())
		if !ok || name.IsZero() || strings.Contains(modifiers.Text(), "static") {
			continue
		}
		n.Necessity = fact.Guarded
		if !given.IsZero() {
			n.Necessity = fact.Defaulted
			if text, ok := g.File.Text(given).Known(); ok {
				n.Default = &text
			}
		} else if annotated(modifiers, demands...) {
			n.Necessity, n.Fatal = fact.Required, true
		}
		add(g, name, n)
	}
}

func prefixOf(g *pattern.Reading, arguments syntax.Node) (string, bool) {
	if named := g.File.Option(arguments, "prefix", "value"); !named.IsZero() {
		return g.File.Text(named).Literal()
	}
	if all := arguments.Children(); len(all) == 1 {
		return g.File.Text(all[0]).Literal()
	}
	return "", false
}

func modifiersOf(n syntax.Node) syntax.Node {
	for _, c := range n.Children() {
		if c.Kind() == "modifiers" {
			return c
		}
	}
	return syntax.Node{}
}

// annotation returns the first of the modifiers that has one of the names.
func annotation(modifiers syntax.Node, names ...string) syntax.Node {
	for _, c := range modifiers.Children() {
		for _, name := range names {
			if c.Field("name").Text() == name {
				return c
			}
		}
	}
	return syntax.Node{}
}

func annotated(modifiers syntax.Node, names ...string) bool {
	return !annotation(modifiers, names...).IsZero()
}

// elsewhere takes note of files of properties that are not read, which give what
// those that are do not.
func elsewhere(g *pattern.Reading, m *syntax.Match) {
	node := m.Node("source")
	g.Add(fact.Need{Kind: fact.Setting, At: node.Span(), Text: "@" + node.Field("name").Text(), Library: property.Library, Necessity: fact.Defaulted})
}
