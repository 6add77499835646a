package dockerfile

import (
	"errors"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"rehearse/internal/fact"
)

// scope is the variables that are set at a place of a stage. A value may hold
// names that are known only when the image is built (an ARG without a
// default) or when its base is looked at (PATH): each stands there between two
// NUL bytes, which no file that is read has.
type scope struct {
	values map[string]string
	lex    *shell.Lex
	spent  *int // bytes of values, over the whole file
}

func newScope(escape rune, spent *int) scope {
	return scope{values: map[string]string{}, lex: shell.NewLex(escape), spent: spent}
}

func (s scope) clone() scope {
	values := make(map[string]string, len(s.values))
	for name, value := range s.values {
		values[name] = value
	}
	return scope{values: values, lex: s.lex, spent: s.spent}
}

const mark = "\x00"

var errTooLarge = errors.New("too large")

// getter is what BuildKit's lexer asks for variables.
type getter struct {
	values  map[string]string
	unknown map[string]bool // those that are to be marked
}

func (g getter) Get(name string) (string, bool) {
	if value, ok := g.values[name]; ok {
		return value, true
	}
	if g.unknown[name] {
		return mark + name + mark, true
	}
	return "", false
}

func (g getter) Keys() []string { return nil }

// expand fills the variables of a word in.
func (s scope) expand(word string) (string, error) {
	dollars, longest := strings.Count(word, "$"), 0
	if dollars > 0 {
		for _, value := range s.values {
			longest = max(longest, len(value))
		}
	}
	if len(word)+dollars*longest > 16*maxValue {
		return "", errTooLarge
	}
	result, err := s.lex.ProcessWordWithMatches(word, getter{values: s.values})
	if err == nil && len(result.Unmatched) > 0 {
		unknown := map[string]bool{}
		for name := range result.Unmatched {
			if !judged(word, name) {
				unknown[name] = true
			}
		}
		result, err = s.lex.ProcessWordWithMatches(word, getter{values: s.values, unknown: unknown})
	}
	if err != nil {
		return "", err
	}
	*s.spent += len(result.Result)
	if len(result.Result) > maxValue || *s.spent > maxValues {
		return "", errTooLarge
	}
	return result.Result, nil
}

// judged reports whether a word says what a variable is where it is not set:
// ${NAME:-…} and the like.
func judged(word, name string) bool {
	for rest := word; ; {
		i := strings.Index(rest, "${"+name)
		if i < 0 {
			return false
		}
		rest = rest[i+2+len(name):]
		if rest != "" && strings.ContainsAny(rest[:1], ":-+?#%/") {
			return true
		}
	}
}

// plain returns an expanded text with ${NAME} for what is not known.
func plain(text string) string {
	if !strings.Contains(text, mark) {
		return text
	}
	parts := strings.Split(text, mark)
	for i := 1; i < len(parts); i += 2 {
		parts[i] = "${" + parts[i] + "}"
	}
	return strings.Join(parts, "")
}

// value returns an expanded text as the value of a variable.
func value(text string) fact.Value {
	if !strings.Contains(text, mark) {
		return fact.Text(text)
	}
	var vars []fact.Var
	parts := strings.Split(text, mark)
	for i, part := range parts {
		if i%2 == 0 {
			parts[i] = strings.ReplaceAll(part, "$", "$$")
			continue
		}
		vars = append(vars, fact.Var{Name: part})
		parts[i] = "${" + part + "}"
	}
	return fact.Interpolated(strings.Join(parts, ""), vars...)
}
