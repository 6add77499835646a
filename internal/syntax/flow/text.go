package flow

import (
	"strings"

	"rehearse/internal/syntax"
)

// Text is what is known of the value of an expression: literal texts, and gaps
// whose value only the running program knows.
type Text []Part

// Part is a part of a Text.
type Part struct {
	Literal  string
	Known    bool
	Variable string // the environment variable that supplies the part; Literal is then its default, where Known
}

// Gap stands for an unknown part in the rendering of a Text: a byte that is not
// in source code.
const Gap = "\x00"

// String renders the text with defaults for variables and Gap for what is not
// known.
func (t Text) String() string {
	var b strings.Builder
	for _, p := range t {
		if p.Known {
			b.WriteString(p.Literal)
		} else {
			b.WriteString(Gap)
		}
	}
	return b.String()
}

// Literal returns the text where every part of it is known and none is a
// variable's.
func (t Text) Literal() (string, bool) {
	for _, p := range t {
		if !p.Known || p.Variable != "" {
			return "", false
		}
	}
	return t.String(), len(t) > 0
}

// Known returns the text where every part of it is known, with defaults for
// variables.
func (t Text) Known() (string, bool) {
	for _, p := range t {
		if !p.Known {
			return "", false
		}
	}
	return t.String(), len(t) > 0
}

// Variable returns the variable that supplies the whole text; "" where none
// does.
func (t Text) Variable() string {
	if len(t) == 1 {
		return t[0].Variable
	}
	return ""
}

// VariableAt returns the variable that supplies the part of the rendered text
// that stands at the offset; "" where none does.
func (t Text) VariableAt(offset int) string {
	at := 0
	for _, p := range t {
		width := len(Gap)
		if p.Known {
			width = len(p.Literal)
		}
		if offset < at+width {
			return p.Variable
		}
		at += width
	}
	return ""
}

// Learn tells the file that a node reads a variable, and what the value is
// where the variable is absent: a literal, the value of another node, or neither.
func (f *File) Learn(read syntax.Node, variable string, value *string, fallback syntax.Node) {
	f.known[read.ID()] = known{variable, value}
	if !fallback.IsZero() {
		f.fallbacks[fallback.ID()] = variable
	}
}

// Supplies returns the variable for which the node, or what it is a part of,
// is the default.
func (f *File) Supplies(n syntax.Node) string {
	for range 6 {
		if variable, ok := f.fallbacks[n.ID()]; ok || n.IsZero() {
			return variable
		}
		n = n.Parent()
	}
	return ""
}

// Reads returns the variable that the node reads, "" where it reads none that
// was learned.
func (f *File) Reads(n syntax.Node) string { return f.known[n.ID()].variable }

// maxText bounds the source of an expression whose value is of interest.
const maxText = 4096

// maxHops bounds how many names are followed from one to the next.
const maxHops = 6

// Text returns what is known of the value of an expression.
func (f *File) Text(n syntax.Node) Text { return f.text(n, maxHops) }

func (f *File) text(n syntax.Node, hops int) Text {
	t := f.made(n, hops)
	if variable, ok := f.fallbacks[n.ID()]; ok && len(t) == 1 && t[0].Variable == "" {
		t[0].Variable = variable
	}
	return t
}

func (f *File) made(n syntax.Node, hops int) Text {
	gap := Text{{}}
	if hops <= 0 || n.IsZero() || n.End()-n.Start() > maxText {
		return gap
	}
	if k, ok := f.known[n.ID()]; ok {
		p := Part{Variable: k.variable}
		if k.value != nil {
			p.Literal, p.Known = *k.value, true
		}
		return Text{p}
	}
	for _, r := range f.roles[n.ID()] {
		switch r.name {
		case "string":
			return f.pieces(n, hops-1)
		case "number":
			return Text{{Literal: strings.ReplaceAll(n.Text(), "_", ""), Known: true}}
		case "outer":
			return f.text(r.m.Node("inner"), hops)
		case "whole":
			return f.instead(r.m.Node("value"), r.m.Node("fallback"), hops-1)
		case "branch":
			if r.m.Set["expression"] != "" {
				return f.instead(r.m.Node("then"), r.m.Node("else"), hops-1)
			}
		case "sum":
			t := f.text(r.m.Node("left"), hops)
			if with, ok := r.m.Set["with"]; ok {
				t = append(t, Part{Literal: with, Known: true})
			}
			return append(t, f.text(r.m.Node("right"), hops)...)
		case "format":
			return f.filled(r.m, hops-1)
		}
	}
	if b := f.Resolve(n); b != nil && !b.Value.IsZero() && b.kind == "name" && b.Value.ID() != n.ID() {
		return f.text(b.Value, hops-1)
	}
	return gap
}

// instead is a value that has a fallback.
func (f *File) instead(value, fallback syntax.Node, hops int) Text {
	v, d := f.text(value, hops), f.text(fallback, hops)
	if len(v) != 1 || v[0].Known && v[0].Variable == "" {
		return v
	}
	if literal, ok := d.Literal(); ok && v[0].Variable != "" && !v[0].Known {
		return Text{{Literal: literal, Known: true, Variable: v[0].Variable}}
	}
	if v[0].Variable == "" && !v[0].Known || d.Variable() != "" && d[0].Known && !v[0].Known {
		return d
	}
	return v
}

// pieces is the text between the quotes of a literal, its holes filled in.
func (f *File) pieces(n syntax.Node, hops int) Text {
	start, end := inner(n)
	data := f.Tree.File.Data
	var t Text
	for _, c := range n.Children() {
		alone := f.role(c, "part") != nil
		if f.role(c, "hole") == nil && !alone || c.Start() < start || c.End() > end {
			continue
		}
		from, to := c.Start(), c.End()
		if alone && from > start && to < end && data[from-1] == '{' && data[to] == '}' {
			from, to = from-1, to+1
		}
		if alone && from > start && data[from-1] == '$' {
			from-- // Kotlin: $name, ${expression}
		}
		if from > start {
			t = append(t, Part{Literal: string(data[start:from]), Known: true})
		}
		of := c
		if inside := c.Children(); !alone && len(inside) > 1 && inside[0].Text() == "{" {
			of = inside[1] // C# has a name for the brace too
		} else if !alone && len(inside) > 0 {
			of = inside[0]
		} else if !alone {
			of = syntax.Node{}
		}
		t = append(t, f.text(of, hops)...)
		start = to
	}
	if start < end || len(t) == 0 {
		t = append(t, Part{Literal: string(data[start:end]), Known: true})
	}
	return t
}

// inner returns where the text of a literal stands, without its prefix and its
// quotes.
func inner(n syntax.Node) (start, end int) {
	text := n.Text()
	start, end = n.Start(), n.End()
	open := strings.IndexAny(text, "\"'`")
	if open < 0 {
		return start, end
	}
	quote := 1
	if len(text) >= open+6 && strings.Count(text[open:open+3], text[open:open+1]) == 3 {
		quote = 3
	}
	if len(text) < open+2*quote {
		return end, end
	}
	return start + open + quote, end - quote
}

// unquoted returns what a key is called: "k", and :k as Ruby has it, is k.
func unquoted(text string) string { return strings.TrimPrefix(strings.Trim(text, "\"'`"), ":") }

// filled is a template in the way of printf or of format, with its values.
func (f *File) filled(m *syntax.Match, hops int) Text {
	template, ok := f.text(m.Node("template"), hops).Literal()
	if !ok {
		return Text{{}}
	}
	var values []syntax.Node
	if single := m.Node("single"); !single.IsZero() {
		values = append(values, single)
	}
	for _, v := range m.Node("values").Children() {
		if v.ID() != m.Node("template").ID() {
			values = append(values, v)
		}
	}
	var t Text
	for template != "" {
		at, width := verb(template)
		if at < 0 {
			break
		}
		if at > 0 {
			t = append(t, Part{Literal: template[:at], Known: true})
		}
		template = template[at+width:]
		if len(values) == 0 {
			t = append(t, Part{})
			continue
		}
		t = append(t, f.text(values[0], hops)...)
		values = values[1:]
	}
	if template != "" {
		t = append(t, Part{Literal: template, Known: true})
	}
	return t
}

// verb finds the first %s, %d, %v or {} of a template.
func verb(template string) (at, width int) {
	for i := 0; i+1 < len(template); i++ {
		switch two := template[i : i+2]; {
		case two == "{}", two[0] == '%' && strings.Contains("sdvqi", two[1:]):
			return i, 2
		case two[0] == '{':
			if end := strings.IndexByte(template[i:], '}'); end > 0 {
				return i, end + 1
			}
		}
	}
	return -1, 0
}
