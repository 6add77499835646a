package syntax

import (
	"bytes"
	"regexp"
	rx "regexp/syntax"
	"slices"
	"sync"
	"unicode/utf8"
)

// expression is a regular expression of a match?. What only asks for a part of
// a text, or for its beginning or end, is answered without running it, and so
// is every other one where the text has nothing of what it requires: the
// patterns ask it of most nodes of a tree.
type expression struct {
	regexp   func() *regexp.Regexp // compiled when it is first run: most never are
	parts    []part                // any of them fits; nil where the expression is none of these
	required []string              // texts of which one stands where it fits; nil where they are not known
	filter   func() *Filter        // of these
}

// part is a text that stands in another: at its beginning, at its end, at both,
// or anywhere.
type part struct {
	text       []byte // in small letters, where fold says that those stand for capitals too
	fold       bool
	begin, end bool
}

// expressions holds every expression by its text: the queries of languages that
// are alike have the same.
var expressions sync.Map

func expressionOf(text string) (*expression, error) {
	if known, ok := expressions.Load(text); ok {
		return known.(*expression), nil
	}
	e, err := newExpression(text)
	if err == nil {
		expressions.Store(text, e)
	}
	return e, err
}

// newExpression compiles an expression.
func newExpression(text string) (*expression, error) {
	tree, err := rx.Parse(text, rx.Perl)
	if err != nil {
		return nil, err
	}
	e := &expression{regexp: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })}
	alternatives := []*rx.Regexp{tree}
	if tree.Op == rx.OpAlternate {
		alternatives = tree.Sub
	}
	for _, a := range alternatives {
		p, ok := partOf(a)
		if !ok {
			e.parts = nil
			if texts := required(tree); texts != nil {
				e.required, e.filter = texts, sync.OnceValue(func() *Filter { return newFilter(texts, true) })
			}
			return e, nil
		}
		e.parts = append(e.parts, p)
	}
	return e, nil
}

func partOf(r *rx.Regexp) (part, bool) {
	var p part
	parts := []*rx.Regexp{r}
	if r.Op == rx.OpConcat {
		parts = r.Sub
	}
	if parts[0].Op == rx.OpBeginText {
		p.begin, parts = true, parts[1:]
	}
	if n := len(parts); n > 0 && parts[n-1].Op == rx.OpEndText {
		p.end, parts = true, parts[:n-1]
	}
	if len(parts) != 1 || parts[0].Op != rx.OpLiteral {
		return part{}, false
	}
	r = parts[0]
	p.fold = r.Flags&rx.FoldCase != 0
	p.text = []byte(string(r.Rune))
	for _, c := range r.Rune {
		// These two have capitals, or small letters, beyond ASCII.
		if c > 127 || p.fold && (c == 'k' || c == 'K' || c == 's' || c == 'S') {
			return part{}, false
		}
	}
	if p.fold {
		p.text = bytes.ToLower(p.text)
	}
	return p, true
}

// match reports whether the expression fits in the text.
func (e *expression) match(text []byte) bool {
	if e.parts == nil {
		return e.may(text) && e.regexp().Match(text)
	}
	for i := range e.parts {
		if e.parts[i].in(text) {
			return true
		}
	}
	return false
}

// may reports whether the expression could fit. Letters beyond ASCII can be
// capitals of some in it.
func (e *expression) may(text []byte) bool {
	return e.required == nil || e.filter().Fits(text) || slices.ContainsFunc(text, func(c byte) bool { return c >= utf8.RuneSelf })
}

func (p *part) in(text []byte) bool {
	from, last := 0, len(text)-len(p.text)
	if p.end {
		from = max(0, last)
	}
	if p.begin {
		last = min(0, last)
	}
	for i := from; i <= last; i++ {
		if p.at(text[i:]) {
			return true
		}
	}
	return false
}

func (p *part) at(text []byte) bool {
	for i, c := range p.text {
		b := text[i]
		if p.fold && 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		if b != c {
			return false
		}
	}
	return true
}
