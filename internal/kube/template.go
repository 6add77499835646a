package kube

import (
	"regexp"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
	"rehearse/internal/yaml"
)

// A Template of OpenShift is a list of objects in which ${NAME} stands for a
// parameter, and a text that is ${{NAME}} and nothing else for one that need be
// no text (https://docs.openshift.com/container-platform/latest/openshift_images/using-templates.html).
// What it is filled in with here is what its parameters are by themselves; those
// that are given when it is used stay as they are written.

// parameter is a parameter of a template.
type parameter struct {
	value string // "" where it is given, or made up, when the template is used
	at    source.Span
}

type template struct {
	r          *reader
	parameters map[string]parameter
	names      []string // in order
	told       map[string]bool
	written    int // bytes that were filled in
}

// maxWritten bounds what filling in makes of a template.
const maxWritten = 4 << 20

// The forms of parameters, of their names, and of what stands there and is none
// (openshift/library-go, pkg/template/templateprocessing).
var (
	parameterForm = regexp.MustCompile(`\$\{([a-zA-Z0-9_]+)\}`)
	wholeForm     = regexp.MustCompile(`^\$\{\{([a-zA-Z0-9_]+)\}\}$`)
	strayForm     = regexp.MustCompile(`^(?:\$\{([a-zA-Z0-9_]+)\}\}|\$\{\{([a-zA-Z0-9_]+)\})$`)
	nameForm      = regexp.MustCompile(`^[a-zA-Z0-9_]+$`)
)

func (r *reader) template(o *yaml.Node) {
	t := template{r: r, parameters: map[string]parameter{}, told: map[string]bool{}}
	for _, p := range o.Get("parameters").Items() {
		t.parameter(p)
	}
	objects := o.Get("objects")
	if len(t.parameters) > 0 {
		for _, object := range objects.Items() {
			t.look(object, place{})
		}
	}
	r.filled = t.parameters
	defer func() { r.filled = nil }()
	workloads, sets := len(r.def.Workloads), len(r.def.Sets)
	for _, object := range objects.Items() {
		r.object(object.Fill(t.fill))
	}
	for i := range r.def.Workloads[workloads:] {
		t.hide(r.def.Workloads[workloads+i].Supplies)
	}
	for i := range r.def.Sets[sets:] {
		t.hide(r.def.Sets[sets+i].Supplies)
	}
}

func (t *template) parameter(p *yaml.Node) {
	name, value := p.Get("name"), p.Get("value")
	if name.Text() == "" {
		for _, pair := range p.Pairs() {
			if pair.Value.IsNull() && pair.Name() == strings.ToUpper(pair.Name()) && nameForm.MatchString(pair.Name()) {
				t.r.flaw(fact.Flaw{
					Kind: fact.Strange, Name: pair.Name(), At: pair.Key.At, Fatal: true,
					What: "it stands as a key of its own, and a parameter is named by name",
				})
			}
		}
		return
	}
	if !nameForm.MatchString(name.Text()) {
		t.r.flaw(fact.Flaw{
			Kind: fact.Refused, Name: name.Text(), At: name.At, Fatal: true,
			What: "it is no name of a parameter, which takes letters, digits and underscores alone",
		})
		return
	}
	if !value.IsNull() && !text(value) {
		t.r.flaw(fact.Flaw{
			Kind: fact.Refused, Name: name.Text(), At: value.At, Fatal: true,
			What: "the value of a parameter is a text, and this one is none: write it in quotes",
		})
	}
	if _, twice := t.parameters[name.Text()]; !twice {
		t.names = append(t.names, name.Text())
	}
	t.parameters[name.Text()] = parameter{value: value.Text(), at: name.At}
}

// fill fills in the parameters that have a value.
func (t *template) fill(text string) (string, bool) {
	if !strings.Contains(text, "${") || t.written > maxWritten {
		return text, false
	}
	if m := wholeForm.FindStringSubmatch(text); m != nil {
		if p, ok := t.parameters[m[1]]; ok {
			if p.value != "" {
				return p.value, true
			}
			return "${" + m[1] + "}", false
		}
		return text, false
	}
	filled := parameterForm.ReplaceAllStringFunc(text, func(whole string) string {
		if p := t.parameters[whole[2:len(whole)-1]]; p.value != "" && t.written <= maxWritten {
			t.written += len(p.value)
			return p.value
		}
		return whole
	})
	return filled, false
}

// hide marks the values that are given when the template is used.
func (t *template) hide(supplies []fact.Supply) {
	for i := range supplies {
		for _, m := range parameterForm.FindAllStringSubmatch(supplies[i].Value.Reveal(), -1) {
			if _, ok := t.parameters[m[1]]; ok {
				supplies[i].Value = fact.Unknowable("it is given when the template is used")
				break
			}
		}
	}
}

// place is where in an object a text stands.
type place struct {
	key    string          // of the text
	within string          // the kind of the object
	script bool            // a shell may fill it in, or what reads the file
	name   bool            // of an object, which takes no dollar
	env    map[string]bool // the variables of the container
	own    string          // the one of them that the text is of
}

// scripts are keys below which a ${NAME} may be meant for somebody else.
var scripts = map[string]bool{
	"command": true, "args": true, "script": true, "annotations": true, "dockerfile": true, "pipeline": true, "jenkinsfile": true, "message": true,
	"description": true, "data": true, "exec": true, "inline": true,
}

// look tells of the parameters that an object takes and the template does not
// declare: they stay as they are written.
func (t *template) look(n *yaml.Node, in place) {
	if kind := n.Get("kind").Text(); kind != "" && !n.Get("metadata").IsNull() {
		in = place{within: kind}
	}
	if env := n.Get("env"); env.IsList() {
		in.env = map[string]bool{}
		for _, e := range env.Items() {
			in.env[e.Get("name").Text()] = true
		}
	}
	if in.key == "env" {
		in.own = n.Get("name").Text()
	}
	for _, pair := range n.Pairs() {
		inner := in
		inner.key = pair.Name()
		inner.script = in.script || scripts[strings.ToLower(pair.Name())]
		inner.name = in.key == "metadata" && (pair.Name() == "name" || pair.Name() == "namespace")
		t.look(pair.Value, inner)
	}
	for _, item := range n.Items() {
		t.look(item, in)
	}
	if n.IsScalar() {
		t.bare(n, in)
	}
	if !n.IsScalar() || !strings.Contains(n.Text(), "${") {
		return
	}
	if m := strayForm.FindStringSubmatch(n.Text()); m != nil && t.declares(m[1]+m[2]) && !t.told[n.Text()] {
		t.told[n.Text()] = true
		t.r.flaw(fact.Flaw{
			Kind: fact.Unexpanded, Name: m[1] + m[2], At: n.At, Fatal: in.key != "value",
			What: "its braces are not in pairs: one stays as it is written, since a parameter is ${" + m[1] + m[2] + "} or ${{" + m[1] + m[2] + "}}",
		})
	}
	if m := wholeForm.FindStringSubmatch(n.Text()); m != nil {
		t.undeclared(n, m[1], in, true)
		return
	}
	for _, m := range parameterForm.FindAllStringSubmatch(n.Text(), 32) {
		t.undeclared(n, m[1], in, n.Text() == m[0])
	}
}

// bareForm is a parameter in braces without the dollar before them.
var bareForm = regexp.MustCompile(`(?:^|[^${])\{([A-Z][A-Z0-9_]+)\}(?:[^}]|$)`)

// bare tells of a parameter that lost its dollar. Texts that others fill in have
// braces of their own.
func (t *template) bare(n *yaml.Node, in place) {
	m := bareForm.FindStringSubmatch(n.Text())
	if m == nil || in.script || strings.ContainsAny(n.Text(), "\n\"") || !t.declares(m[1]) || t.told["{"+m[1]] {
		return
	}
	t.told["{"+m[1]] = true
	t.r.flaw(fact.Flaw{
		Kind: fact.Unexpanded, Name: m[1], At: n.At, Other: t.parameters[m[1]].at, Fatal: in.name,
		What: "{" + m[1] + "} stays as it is written: the $ of the parameter is missing before it",
	})
}

func (t *template) declares(name string) bool {
	_, ok := t.parameters[name]
	return ok
}

func (t *template) undeclared(n *yaml.Node, name string, in place, alone bool) {
	if t.declares(name) || t.told[name] || in.env[name] && name != in.own {
		return
	}
	flaw := fact.Flaw{
		Kind: fact.Undefined, Name: name, At: n.At, Fatal: in.name,
		What: "no parameter of the template has that name, so that ${" + name + "} stays as it is written",
	}
	for _, other := range t.names {
		if spelling.Near(other, name) {
			flaw.Near, flaw.Other = other, t.parameters[other].at
			break
		}
	}
	// A text that is filled in by whoever runs it, or a file that is, has its own variables.
	elsewhere := in.script && !(alone && in.within == "Secret") || strings.Contains(n.Text(), "\n") || name != strings.ToUpper(name)
	if elsewhere && (flaw.Near == "" || strings.Contains(n.Text(), "\n")) {
		return
	}
	t.told[name] = true
	t.r.flaw(flaw)
}
