package compose

import (
	"strings"

	"rehearse/internal/fact"
)

// template is a text with variables: ${NAME}, ${NAME:-default}, $NAME and so
// on (https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md).
type template []part

// part is a text, or a variable with the operator and the argument that follow
// its name.
type part struct {
	text     string
	name     string // "" of a text
	operator string // :-, -, :?, ?, :+, + or ""
	argument template
}

// maxNesting bounds the variables in the defaults of variables. No file that a
// person wrote comes near it.
const maxNesting = 16

// operators are those of the syntax, the longer before those they begin with.
var operators = []string{":-", ":?", ":+", "-", "?", "+"}

// parse is false where text is not of compose's form; compose refuses the
// whole file then.
func parse(text string, nesting int) (template, bool) {
	if nesting > maxNesting {
		return nil, false
	}
	var t template
	for text != "" {
		i := strings.IndexByte(text, '$')
		if i < 0 {
			return append(t, part{text: text}), true
		}
		if i > 0 {
			t = append(t, part{text: text[:i]})
		}
		text = text[i+1:]
		if strings.HasPrefix(text, "$") {
			t, text = append(t, part{text: "$"}), text[1:]
			continue
		}
		if n := nameLength(text); n > 0 {
			t, text = append(t, part{name: text[:n]}), text[n:]
			continue
		}
		end := closing(text)
		if end < 0 {
			return nil, false
		}
		p, ok := braced(text[1:end], nesting)
		if !ok {
			return nil, false
		}
		t, text = append(t, p), text[end+1:]
	}
	return t, true
}

// braced reads what stands between the braces.
func braced(text string, nesting int) (part, bool) {
	n := nameLength(text)
	p := part{name: text[:n]}
	rest := text[n:]
	if n == 0 || rest == "" {
		return p, n > 0
	}
	for _, operator := range operators {
		after, ok := strings.CutPrefix(rest, operator)
		if !ok {
			continue
		}
		p.operator = operator
		p.argument, ok = parse(after, nesting+1)
		return p, ok
	}
	return p, false
}

func nameLength(text string) int {
	for i := range len(text) {
		c := text[i]
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(text)
}

// closing returns the index of the brace that closes the one that text begins
// with; -1 where there is none.
func closing(text string) int {
	if !strings.HasPrefix(text, "{") {
		return -1
	}
	open := 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			open++
		case '}':
			open--
			if open == 0 {
				return i
			}
		}
	}
	return -1
}

// unset returns the text as it is where no variable is set. A variable that
// has no default stays as ${NAME}.
func (t template) unset() string {
	var b strings.Builder
	for _, p := range t {
		switch {
		case p.name == "":
			b.WriteString(p.text)
		case strings.HasSuffix(p.operator, "-"):
			b.WriteString(p.argument.unset())
		case strings.HasSuffix(p.operator, "+"):
		default:
			b.WriteString("${" + p.name + "}")
		}
	}
	return b.String()
}

// value returns what the text is as the value of a variable.
func (t template) value() fact.Value {
	var b strings.Builder
	var vars []fact.Var
	for _, p := range t {
		if p.name == "" {
			b.WriteString(strings.ReplaceAll(p.text, "$", "$$"))
			continue
		}
		v := fact.Var{Name: p.name, Required: strings.HasSuffix(p.operator, "?")}
		if strings.HasSuffix(p.operator, "+") {
			return fact.Unknowable("it depends on whether " + p.name + " is set")
		}
		if strings.HasSuffix(p.operator, "-") {
			text := p.argument.unset()
			v.Default = &text
		}
		b.WriteString("${" + p.name + "}")
		vars = append(vars, v)
		if !v.Required {
			vars = append(vars, p.argument.within()...)
		}
	}
	if vars == nil {
		return fact.Text(t.unset())
	}
	return fact.Interpolated(b.String(), vars...)
}

// within returns the variables of a default.
func (t template) within() []fact.Var {
	v := t.value()
	return v.Vars
}
