package actions

import (
	"slices"
	"strings"

	"github.com/rhysd/actionlint"

	"rehearse/internal/fact"
)

// property is what an expression is that does nothing but name a property of a
// context: secrets.TOKEN, or matrix.app.context, whose name is app.context (https://docs.github.com/en/actions/reference/workflows-and-actions/contexts).
type property struct{ context, name string }

// piece is a text, or an expression between ${{ and }}.
type piece struct {
	text       string // as written, the marks of an expression included
	expression bool
	property   property // of an expression that is one; zero otherwise
}

// The bounds on a text with expressions and on one expression, in bytes.
// GitHub's own bound is 21,000 characters for a text.
const (
	maxText       = 64 << 10
	maxExpression = 4 << 10
)

// split takes a text apart. One that is too long is taken for a single
// expression that is not understood.
func split(text string) []piece {
	var pieces []piece
	if len(text) > maxText && strings.Contains(text, "${{") {
		return []piece{{text: text, expression: true}}
	}
	for text != "" {
		begin := strings.Index(text, "${{")
		if begin < 0 {
			break
		}
		length := strings.Index(text[begin:], "}}")
		if length < 0 {
			break
		}
		if begin > 0 {
			pieces = append(pieces, piece{text: text[:begin]})
		}
		end := begin + length + 2
		pieces = append(pieces, piece{text: text[begin:end], expression: true, property: parse(text[begin+3 : end])})
		text = text[end:]
	}
	if text != "" {
		pieces = append(pieces, piece{text: text})
	}
	return pieces
}

// parse reads an expression that ends in }}.
func parse(text string) property {
	if len(text) > maxExpression {
		return property{}
	}
	node, err := actionlint.NewExprParser().Parse(actionlint.NewExprLexer(text))
	if err != nil {
		return property{}
	}
	var names []string
	for depth := 0; depth < maxPath; depth++ {
		switch n := node.(type) {
		case *actionlint.ObjectDerefNode: // secrets.TOKEN
			node, names = n.Receiver, append(names, spelled(text, n.Property))
			continue
		case *actionlint.IndexAccessNode: // secrets['TOKEN']
			index, ok := n.Index.(*actionlint.StringNode)
			if !ok {
				return property{}
			}
			node, names = n.Operand, append(names, index.Value)
			continue
		case *actionlint.VariableNode:
			slices.Reverse(names)
			return property{context: n.Name, name: strings.Join(names, ".")}
		}
		break
	}
	return property{}
}

// maxPath bounds the names in a property: matrix.app.context has two.
const maxPath = 4

// spelled returns a name as the text has it: the parser makes all letters
// small.
func spelled(text, name string) string {
	if i := strings.LastIndex(strings.ToLower(text), strings.ToLower(name)); i >= 0 && i+len(name) <= len(text) {
		return text[i : i+len(name)]
	}
	return name
}

// value returns what a text with expressions is as the value of a variable: a
// secret or a variable of the repository is a key of the set "github".
func value(text string) fact.Value {
	pieces := split(text)
	if len(pieces) == 1 && pieces[0].expression {
		switch p := pieces[0].property; p.context {
		case "secrets", "vars":
			return fact.From(fact.Ref{Kind: p.context, Name: "github", Key: p.name})
		}
	}
	var b strings.Builder
	var vars []fact.Var
	for _, p := range pieces {
		switch {
		case !p.expression:
			b.WriteString(strings.ReplaceAll(p.text, "$", "$$"))
		case p.property.context == "env":
			b.WriteString("${" + p.property.name + "}")
			vars = append(vars, fact.Var{Name: p.property.name})
		default:
			return fact.Unknowable("an expression of the workflow")
		}
	}
	if vars == nil {
		return fact.Text(text)
	}
	return fact.Interpolated(b.String(), vars...)
}
