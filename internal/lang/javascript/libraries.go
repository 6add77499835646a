package javascript

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

// maxDeep bounds how deep descriptions of settings lie in one another.
const maxDeep = 8

// settings reads the object that convict is given: settings in settings, of
// which those with a key env are told by a variable. A default of null is none,
// unless the setting is nullable
// (https://github.com/mozilla/node-convict/tree/master/packages/convict#readme).
func settings(g *pattern.Reading, m *syntax.Match) {
	object := described(g, m.Node("schema"), 6)
	if !object.IsZero() {
		convicted(g, object, maxDeep)
	}
}

func convicted(g *pattern.Reading, object syntax.Node, depth int) {
	if depth == 0 {
		return
	}
	if named := g.File.Option(object, "env"); named.Kind() == "string" {
		name := strings.Trim(named.Text(), "\"'`")
		value := g.File.Option(object, "default")
		switch {
		case !value.IsZero() && !g.File.Null(value):
			g.Variable(named, name, fact.Defaulted, false, value)
		case g.File.Option(object, "nullable").Text() == "true":
			g.Variable(named, name, fact.Guarded, false, syntax.Node{})
		default:
			g.Variable(named, name, fact.Required, false, syntax.Node{})
		}
		return
	}
	for _, pair := range object.Children() {
		if field := g.File.Field(pair); field != nil && field.Node("value").Kind() == "object" {
			convicted(g, field.Node("value"), depth-1)
		}
	}
}

// asked reads a variable that env-var is asked for. What the calls behind it say
// tells whether it has to be there (https://github.com/evanshortiss/env-var).
func asked(g *pattern.Reading, m *syntax.Match) {
	name := strings.Trim(m.Node("name").Text(), "\"'`")
	whole := m.Node("call")
	necessity, value := fact.Guarded, syntax.Node{}
	for n := 0; n < maxDeep; n++ {
		member := whole.Parent()
		call := member.Parent()
		if member.Kind() != "member_expression" || call.Kind() != "call_expression" {
			break
		}
		switch args := call.Field("arguments").Children(); member.Field("property").Text() {
		case "required":
			if len(args) == 0 || args[0].Text() != "false" {
				necessity = fact.Required
			}
		case "default":
			if len(args) > 0 {
				necessity, value = fact.Defaulted, args[0]
			}
		}
		whole = call
	}
	g.Variable(whole, name, necessity, necessity == fact.Required, value)
}

// listed reads names of variables in a list of which the code asks which are
// absent: required.filter((name) => !process.env[name]).
func listed(g *pattern.Reading, m *syntax.Match) {
	if list := m.Node("list"); list.Kind() == "identifier" || list.Kind() == "array" {
		g.Listed(m.Node("whole"), list)
	}
}
