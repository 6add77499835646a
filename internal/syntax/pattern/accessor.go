package pattern

import (
	"bytes"
	"regexp"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/flow"
)

// maxAccessors bounds the accessors that one file defines.
const maxAccessors = 100

// accessors returns the functions of the file that read a variable which their
// caller names.
func (g *Reading) accessors() []fact.Accessor {
	var found []fact.Accessor
	for _, r := range g.reads {
		b := g.File.Resolve(r.name)
		if r.need.Name != "" || b == nil || !b.Parameter {
			continue
		}
		fn := g.File.Around(r.node)
		params := fn.Parameters
		if len(params) > 0 && (params[0] == "self" || params[0] == "cls") {
			params = params[1:]
		}
		at := slices.Index(params, r.name.Text())
		if len(found) == maxAccessors {
			break
		}
		if fn.Name == "" || at < 0 || slices.ContainsFunc(found, func(a fact.Accessor) bool { return a.Name == fn.Name }) {
			continue
		}
		found = append(found, g.accessor(r, fn.Name, params, at))
	}
	return found
}

// fallbackName is what a parameter is called that is taken where a variable is
// absent.
var fallbackName = regexp.MustCompile(`(?i)def|fallback|alt|other|^d$`)

func (g *Reading) accessor(r *read, name string, params []string, at int) fact.Accessor {
	out := r.out
	a := fact.Accessor{Name: name, Variable: at, Default: -1, Necessity: out.Necessity, Fatal: out.Fatal}
	if !out.Fallback.IsZero() && !g.File.Null(out.Fallback) {
		if i := slices.Index(params, out.Fallback.Text()); i >= 0 {
			a.Default = i
			a.Necessity = fact.Required
		} else if literal, ok := g.File.Text(out.Fallback).Literal(); ok {
			a.Necessity, a.Value = fact.Defaulted, &literal
		}
	}
	if a.Default < 0 && a.Value == nil {
		a.Default = slices.IndexFunc(params, fallbackName.MatchString)
		if a.Default == at {
			a.Default = -1
		}
	}
	if a.Default >= 0 {
		switch value := g.File.Default(params[a.Default], r.node); {
		case g.File.Null(value):
			if a.Default != slices.Index(params, out.Fallback.Text()) && !a.Fatal {
				a.Necessity = fact.Guarded
			}
		case !value.IsZero():
			a.Necessity, a.Fatal = fact.Defaulted, false
			if literal, ok := g.File.Text(value).Known(); ok {
				a.Value = &literal
			}
		}
	}
	return a
}

// capitals is what the variables are called that are looked for in calls of
// accessors: a function of the same name may be another's.
var capitals = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// invocations takes calls of accessors for reads.
func (g *Reading) invocations(all []fact.Accessor) {
	tree := g.File.Tree
	for i, a := range all {
		if a.Module != "" || slices.ContainsFunc(all[:i], func(o fact.Accessor) bool { return o.Name == a.Name }) {
			continue // the file's own comes first
		}
		name := []byte(a.Name)
		for at := 0; ; {
			j := bytes.Index(tree.File.Data[at:], name)
			if j < 0 {
				break
			}
			start := at + j
			at = start + len(name)
			if n := tree.At(start, at); n.Start() == start && n.End() == at {
				g.invocation(a, n)
			}
		}
	}
}

func (g *Reading) invocation(a fact.Accessor, name syntax.Node) {
	call, arguments := name.Parent(), syntax.Node{}
	for range 3 {
		if arguments = argumentsOf(call); !arguments.IsZero() {
			break
		}
		call = call.Parent()
	}
	if fn := first(call.Field("function"), call.Field("method"), call.Field("name"), callee(call)); !fn.Covers(name) || fn.End() != name.End() {
		return
	}
	var args []syntax.Node
	for _, c := range arguments.Children() {
		if c.Kind() != "comment" {
			args = append(args, c)
		}
	}
	if a.Variable >= len(args) || g.isRead[call.ID()] {
		return
	}
	variable, ok := g.literal(args[a.Variable])
	if !ok || !capitals.MatchString(variable) {
		return
	}
	set := map[string]string{}
	var value syntax.Node
	if a.Default >= 0 && a.Default < len(args) {
		value = args[a.Default]
	}
	if named := g.File.Option(arguments, "default", "fallback"); !named.IsZero() {
		value = named
	}
	out := g.outcome(call, value, set)
	if value.IsZero() || g.File.Null(value) {
		switch {
		case a.Necessity == fact.Defaulted:
			out = flow.Outcome{Necessity: fact.Defaulted, Whole: call}
		case a.Fatal:
			out.Necessity, out.Fatal = fact.Required, true
		case a.Necessity == fact.Guarded && out.Necessity == fact.Required && !out.Fatal:
			out.Necessity = fact.Guarded
		}
	}
	r := &read{node: call, name: args[a.Variable], set: set, out: out}
	r.need = g.variable(call, variable, out, set)
	if r.need.Necessity == fact.Defaulted && r.need.Default == nil && a.Value != nil && value.IsZero() {
		r.need.Default = a.Value
		g.File.Learn(call, variable, a.Value, syntax.Node{})
	}
	g.note(r)
}

// argumentsOf returns the arguments of a call, the zero Node of all else. The
// grammar of Kotlin names no part of it.
func argumentsOf(call syntax.Node) syntax.Node {
	if named := call.Field("arguments"); !named.IsZero() {
		return named
	}
	for _, suffix := range call.Children() {
		if suffix.Kind() != "call_suffix" {
			continue
		}
		for _, c := range suffix.Children() {
			if c.Kind() == "value_arguments" {
				return c
			}
		}
	}
	return syntax.Node{}
}

// callee returns what is called where the grammar does not name it.
func callee(call syntax.Node) syntax.Node {
	if all := call.Children(); call.Kind() == "call_expression" && len(all) > 0 {
		return all[0]
	}
	return syntax.Node{}
}
