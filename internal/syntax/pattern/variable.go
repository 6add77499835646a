package pattern

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/flow"
)

// read is a read of a variable, as it stands in the code.
type read struct {
	node, name syntax.Node
	set        map[string]string
	out        flow.Outcome
	need       fact.Need
}

// variableName is what a variable may be called: POSIX, Base Definitions, 8.1,
// with lower case letters too.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// take notes an environment, or a read of a variable.
func (g *Reading) take(m *syntax.Match) {
	set := m.Set
	switch m.Set["need"] {
	case "environment":
		if g.objects == nil {
			g.objects = map[syntax.ID]map[string]string{}
		}
		g.objects[m.Node("environment").ID()] = m.Set
		return
	case "access":
		of, ok := g.environment(m.Node("object"), 3)
		if !ok {
			return
		}
		set = maps.Clone(of)
		maps.Copy(set, m.Set)
	}
	node := m.Node("read")
	r := &read{node: node, name: m.Node("name"), set: set}
	if g.File.Assigned(node) || g.isRead[node.ID()] {
		return
	}
	value := m.Node("default")
	if named := g.File.Field(value); named != nil {
		value = named.Node("value")
		if key := named.Node("key").Text(); key != "default" {
			value = syntax.Node{}
		}
	}
	r.out = g.outcome(node, value, set)
	name, ok := g.literal(r.name)
	if set["imported"] != "" {
		name, ok = r.name.Text(), true
	}
	if ok && variableName.MatchString(name) {
		if keep := g.reader.Keep; keep != nil && !keep(name, set) {
			return
		}
		r.need = g.variable(node, name, r.out, set)
	}
	g.note(r)
}

// note takes in a read.
func (g *Reading) note(r *read) {
	if g.isRead == nil {
		g.isRead = map[syntax.ID]bool{}
	}
	g.isRead[r.node.ID()] = true
	g.reads = append(g.reads, r)
}

// environment reports whether the expression holds all variables, and returns
// what the pattern says that found them.
func (g *Reading) environment(n syntax.Node, hops int) (map[string]string, bool) {
	if set, ok := g.objects[n.ID()]; ok {
		return set, true
	}
	if hops == 0 || len(g.objects) == 0 {
		return nil, false
	}
	b := g.File.Resolve(n)
	if b == nil || b.Value.IsZero() || b.Value.ID() == n.ID() {
		return nil, false
	}
	return g.environment(b.Value, hops-1)
}

// Environment reports whether the expression holds all variables.
func (g *Reading) Environment(n syntax.Node) bool {
	_, ok := g.environment(n, 3)
	return ok
}

// literal returns the text of a name: of a property, of a literal, or of a
// constant of the file.
func (g *Reading) literal(n syntax.Node) (string, bool) {
	switch kind := n.Kind(); {
	case strings.Contains(kind, "property_identifier"):
		return n.Text(), true
	default:
		return g.File.Text(n).Literal()
	}
}

// outcome tells what becomes of the code where what it reads is absent.
func (g *Reading) outcome(node, value syntax.Node, set map[string]string) flow.Outcome {
	switch {
	case !value.IsZero() && !g.File.Null(value):
		return flow.Outcome{Necessity: fact.Defaulted, Fallback: value, Whole: node}
	case set["optional"] != "":
		return flow.Outcome{Necessity: fact.Guarded, Whole: node}
	case set["test"] != "":
		return g.File.Test(node, set["missing"] == "")
	case set["strict"] != "":
		if o, ok := g.File.Tried(node); ok {
			o.Whole = node
			return o
		}
		return flow.Outcome{Fatal: true, Whole: node}
	}
	o := g.File.Absence(node)
	if !value.IsZero() && o.Necessity == fact.Required && !o.Fatal {
		o.Necessity, o.Blank = fact.Guarded, true // it is said in so many words that there may be no value
	}
	if tried, ok := g.File.Tried(node); ok && o.Strict() {
		tried.Whole = o.Whole
		return tried
	}
	return o
}

// variable makes the need of a read, and tells the flow of values of it.
func (g *Reading) variable(node syntax.Node, name string, out flow.Outcome, set map[string]string) fact.Need {
	n := fact.Need{
		Kind: fact.Variable, Name: name, At: node.Span(),
		Necessity: out.Necessity, Fatal: out.Fatal, Blank: out.Blank,
		Browser: set["browser"] != "", Branch: branched(node),
	}
	if set["phase"] == "build" {
		n.Phase = fact.Build
	}
	if out.Necessity == fact.Defaulted {
		if g.File.Null(out.Fallback) {
			n.Necessity, n.Blank = fact.Guarded, true
		} else if literal, ok := g.File.Text(out.Fallback).Known(); ok {
			n.Default = &literal
		}
	}
	if browser, ok := g.inlined(name); ok {
		n.Phase, n.Browser = fact.Build, n.Browser || browser
	}
	if n.Phase == fact.Build && g.inBrowser() {
		n.Browser = true
	}
	if len(g.found["link"]) > 0 && g.within(node, g.nodes("link")) {
		n.Default = nil
	}
	n.Text = excerpt(node, out.Whole, name)
	g.File.Learn(node, name, n.Default, out.Fallback)
	return n
}

// inlined reports whether the variable takes the place of its reads when the
// code is built, and whether that code runs in a browser for certain.
func (g *Reading) inlined(name string) (browser, ok bool) {
	for prefix, browser := range g.reader.Inlined {
		if strings.HasPrefix(name, prefix) {
			file := "/" + g.File.Tree.File.Path
			folder, told := g.reader.Bundled[prefix]
			return browser, !told || !strings.Contains(file, "/server/") || strings.Contains(file, "/"+folder+"/")
		}
	}
	return false, false
}

// Variable takes in a read of a variable that a pattern alone cannot tell, with
// what is taken where the variable is absent, if anything is.
func (g *Reading) Variable(node syntax.Node, name string, necessity fact.Necessity, fatal bool, value syntax.Node) *fact.Need {
	r := &read{node: node, name: node, out: flow.Outcome{Necessity: necessity, Fatal: fatal, Fallback: value, Whole: node}}
	r.need = g.variable(node, name, r.out, nil)
	g.note(r)
	return &r.need
}

// Asked takes in a read of a variable that a caller names, with what is taken
// where the variable is absent, if anything is.
func (g *Reading) Asked(node, name, value syntax.Node) {
	if !g.isRead[node.ID()] {
		g.note(&read{node: node, name: name, out: g.outcome(node, value, nil)})
	}
}

// Tagged is Variable for a default that no node holds.
func (g *Reading) Tagged(node syntax.Node, name string, necessity fact.Necessity, fatal bool, value *string) *fact.Need {
	n := g.Variable(node, name, necessity, fatal, syntax.Node{})
	n.Default = value
	g.File.Learn(node, name, value, syntax.Node{})
	return n
}

// maxPairs bounds how many pairs of reads of a file are weighed.
const maxPairs = 1 << 22

// settle weighs the reads against each other.
func (g *Reading) settle() {
	left := maxPairs
	where := map[*read][]syntax.Node{}
	places := func(r *read) []syntax.Node {
		all, ok := where[r]
		if !ok {
			all = g.File.Places(r.node)
			where[r] = all
		}
		return all
	}
	for _, r := range g.reads {
		g.tell(r)
		if r.need.Name == "" || !r.out.Tells() {
			continue
		}
		for _, o := range g.reads {
			if left--; left < 0 {
				break
			}
			if o != r && o.need.Name != "" {
				r.weigh(o, places)
			}
		}
	}
	for _, m := range g.found["write"] {
		g.written(m)
	}
	for _, r := range g.reads {
		if r.need.Name != "" {
			g.needs = append(g.needs, r.need)
		}
	}
}

// weigh takes from one read what it tells of another.
func (r *read) weigh(o *read, places func(*read) []syntax.Node) {
	switch {
	case o.need.Name == r.need.Name:
		if !r.out.Sheltered(o.node) || o.need.Necessity != fact.Required {
			return
		}
		if r.need.Necessity == fact.Required {
			o.need.Fatal = r.need.Fatal
		} else {
			o.need.Necessity, o.need.Fatal = fact.Guarded, false
		}
	case r.out.Fallback.Covers(o.node), !r.out.Fallback.IsZero() && r.out.Whole.Covers(o.node):
		r.need.Instead = appendNew(r.need.Instead, o.need.Name)
		o.need.Instead = appendNew(o.need.Instead, r.need.Name)
	case !r.need.Fatal && everywhere(places(o), r.out.Lacking):
		// It is used only where the other one is absent.
		o.need.Instead = appendNew(o.need.Instead, r.need.Name)
	case !r.need.Fatal && everywhere(places(o), r.out.Sheltered):
		o.need.Under = appendNew(o.need.Under, r.need.Name)
	}
}

func everywhere(places []syntax.Node, is func(syntax.Node) bool) bool {
	return !slices.ContainsFunc(places, func(n syntax.Node) bool { return !is(n) })
}

// affirmed are values of a switch that is on.
var affirmed = []string{"1", "true", "True", "TRUE", "yes", "on", "enabled"}

// tell finds out what a read that has a default tells of others: a feature is
// off where its switch is not supplied, unless it is on by default.
func (g *Reading) tell(r *read) {
	if r.need.Name == "" || r.need.Necessity != fact.Defaulted || r.need.Default == nil || slices.Contains(affirmed, *r.need.Default) {
		return
	}
	shelter := g.File.Shelter(r.out.Whole)
	r.out.Shelter(&shelter)
}

func appendNew(all []string, name string) []string {
	if slices.Contains(all, name) {
		return all
	}
	return append(all, name)
}

// written is a variable that the code itself sets: what reads it from there on
// finds it.
func (g *Reading) written(m *syntax.Match) {
	if object := m.Node("object"); !object.IsZero() && !g.Environment(object) {
		return
	}
	name, ok := g.literal(m.Node("name"))
	if !ok {
		return
	}
	for _, r := range g.reads {
		if r.need.Name != name || r.node.Start() < m.Node("name").Start() || m.Node("value").Covers(r.node) {
			continue
		}
		if r.need.Necessity != fact.Defaulted {
			r.need.Necessity, r.need.Fatal = fact.Defaulted, false
			if literal, ok := g.File.Text(m.Node("value")).Known(); ok {
				r.need.Default = &literal
			}
		}
	}
}
