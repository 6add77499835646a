package kotlin

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
	"rehearse/internal/syntax/property"
)

// value takes in the placeholders of an annotation's text, in which the dollar
// has a backslash before it: @Value("\${app.url}").
func value(g *pattern.Reading, m *syntax.Match) {
	text, ok := g.File.Text(m.Node("text")).Literal()
	if !ok {
		return
	}
	needs, _ := property.Needs(strings.ReplaceAll(text, `\$`, "$"))
	for _, n := range needs {
		add(g, m.Node("value"), n)
	}
}

// add takes in the need of a property, read at the node.
func add(g *pattern.Reading, node syntax.Node, n fact.Need) {
	read := g.Tagged(node, n.Name, n.Necessity, n.Fatal, n.Default)
	read.Library, read.Also, read.Instead = n.Library, n.Also, append(read.Instead, n.Instead...)
	if n.Default == nil {
		return
	}
	if call, ok := pattern.Address(n.Name, *n.Default); ok {
		call.At, call.Text, call.Variable, call.Library = read.At, read.Text, n.Name, n.Library
		g.Add(call)
	}
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
	out := g.File.Absence(node)
	switch {
	case !given.IsZero():
		n.Necessity, out.Fallback = fact.Defaulted, given
	case m.Set["strict"] != "":
		n.Fatal = true
	default:
		n.Necessity, n.Fatal = out.Necessity, out.Fatal
	}
	if text, ok := g.File.Text(out.Fallback).Known(); ok && n.Necessity == fact.Defaulted {
		n.Default = &text
	}
	add(g, node, n)
}

// bean takes in the parameters of a class whose values a group of properties
// gives: one that can be null, or has a value, is content without.
func bean(g *pattern.Reading, m *syntax.Match) {
	arguments := m.Node("prefix")
	said := g.File.Option(arguments, "prefix", "value")
	if all := arguments.Children(); said.IsZero() && len(all) == 1 {
		said = all[0]
	}
	prefix, ok := g.File.Text(said).Literal()
	if !ok || prefix == "" {
		return
	}
	for _, parameter := range m.Node("members").Children() {
		if parameter.Kind() != "class_parameter" {
			continue
		}
		name, plain, given := syntax.Node{}, false, syntax.Node{}
		for _, c := range parameter.Children() {
			switch kind := c.Kind(); {
			case kind == "simple_identifier" && name.IsZero():
				name = c
			case kind == "user_type":
				plain = c.Text() == "String" || c.Text() == "Int" || c.Text() == "Long" || c.Text() == "URI" || c.Text() == "URL"
			case !name.IsZero() && kind != "nullable_type":
				given = c
			}
		}
		n, ok := property.Need(prefix + "." + name.Text())
		if !ok {
			continue
		}
		switch {
		case !given.IsZero():
			n.Necessity = fact.Defaulted
			if text, ok := g.File.Text(given).Known(); ok {
				n.Default = &text
			}
		case plain:
			n.Fatal = true
		default:
			n.Necessity = fact.Guarded
		}
		add(g, name, n)
	}
}

// elsewhere takes note of files of properties that are not read, which give what
// those that are do not.
func elsewhere(g *pattern.Reading, m *syntax.Match) {
	g.Add(fact.Need{Kind: fact.Setting, At: m.Node("source").Span(), Text: "@PropertySource", Library: property.Library, Necessity: fact.Defaulted})
}
