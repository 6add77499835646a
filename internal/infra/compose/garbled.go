package compose

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// garbled takes note of texts of a service in which a variable is named in a way
// that compose refuses, and the whole file with it: ${NAME without its end,
// ${NAME:value} without an operator
// (https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md).
func (r *reader) garbled(service string, n *yaml.Node) {
	for _, pair := range n.Pairs() {
		r.garbled(service, pair.Value)
	}
	for _, item := range n.Items() {
		r.garbled(service, item)
	}
	if !n.IsScalar() || !strings.Contains(n.Text(), "$") {
		return
	}
	name, what := broken(n.Text())
	if name == "" {
		return
	}
	r.flaw(fact.Flaw{Kind: fact.Refused, Name: name, At: n.At, Workload: service, Fatal: true, What: what})
}

// broken returns the variable that a text names wrongly, and what is wrong.
func broken(text string) (name, what string) {
	for {
		i := strings.IndexByte(text, '$')
		if i < 0 || i+1 == len(text) {
			return "", ""
		}
		switch text = text[i+1:]; text[0] {
		case '$':
			text = text[1:]
		case '{':
			end := closing(text)
			inside := text[1:]
			if end >= 0 {
				inside = text[1:end]
			}
			n := nameLength(inside)
			if n == 0 {
				return "", "" // it is for somebody else, if for anybody
			}
			if end < 0 {
				return inside[:n], "${" + inside[:n] + " has no end, which compose refuses"
			}
			if _, ok := braced(inside, 0); !ok {
				return inside[:n], "what follows the name in ${" + inside[:n] + "…} is no operator (:-, -, :?, ?, :+, +), which compose refuses"
			}
			text = text[end+1:]
		case '(':
			if n := nameLength(text[1:]); n > 0 && strings.HasPrefix(text[1+n:], "}") {
				return text[1 : n+1], "$(" + text[1:n+1] + "} begins with a parenthesis and ends with a brace"
			}
		}
	}
}
