package syntax

import (
	"fmt"
	"slices"
	"strings"
)

// pattern is one pattern of a query: what a node must be like, and what must
// hold of what it captures.
type pattern struct {
	root       *shape
	set        map[string]string
	predicates []predicate

	clauses []clause // what a file has in which it can fit
}

// shape is what a node must be like.
type shape struct {
	symbols  []uint16 // any of them; nil for every node
	named    bool     // of every node, only the named that are no comments
	any      []*shape // instead of all else: one of these
	absent   []uint16 // fields that it must not have
	children []child
	last     bool // behind the last child's node stands no other
	captures []uint8
}

// child is what a node must have among its children, behind the one before.
type child struct {
	*shape
	field    uint16 // 0 for whichever
	next     bool   // no other named node stands between
	optional bool
}

type predicate struct {
	capture uint8
	any     []string
	matches *expression
	negated bool
}

// scm reads the text of a query.
type scm struct {
	text     string
	at       int
	words    *words
	captures []string
	now      *pattern // the one that is read
}

func parseQuery(text string, w *words) (patterns []pattern, captures []string, err error) {
	s := &scm{text: text, words: w}
	defer func() {
		if r := recover(); r != nil {
			reason, ok := r.(queryError)
			if !ok {
				panic(r)
			}
			line := 1 + strings.Count(text[:min(s.at, len(text))], "\n")
			err = fmt.Errorf("line %d: %s", line, string(reason))
		}
	}()
	for s.space(); s.at < len(s.text); s.space() {
		s.now = &pattern{set: map[string]string{}}
		s.now.root = s.shape()
		patterns = append(patterns, *s.now)
	}
	return patterns, s.captures, nil
}

type queryError string

func (s *scm) fail(format string, args ...any) { panic(queryError(fmt.Sprintf(format, args...))) }

func (s *scm) space() {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == ';':
			for s.at < len(s.text) && s.text[s.at] != '\n' {
				s.at++
			}
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			s.at++
		default:
			return
		}
	}
}

// peek returns the next byte behind space, 0 at the end.
func (s *scm) peek() byte {
	if s.space(); s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scm) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

func (s *scm) expect(c byte) {
	if !s.take(c) {
		s.fail("%q is missing", c)
	}
}

func (s *scm) word() string {
	s.space()
	start := s.at
	for s.at < len(s.text) && (word[s.text[s.at]] || strings.IndexByte(".?!-", s.text[s.at]) >= 0) {
		s.at++
	}
	if s.at == start {
		s.fail("a name is missing")
	}
	return s.text[start:s.at]
}

func (s *scm) quoted() string {
	s.expect('"')
	var b strings.Builder
	for s.at < len(s.text) && s.text[s.at] != '"' {
		if s.text[s.at] == '\\' {
			s.at++
			if s.at < len(s.text) && s.text[s.at] == 'n' {
				b.WriteByte('\n')
				s.at++
				continue
			}
		}
		if s.at < len(s.text) {
			b.WriteByte(s.text[s.at])
		}
		s.at++
	}
	s.expect('"')
	return b.String()
}

// shape reads a node, a token, a choice or a group, with its captures.
func (s *scm) shape() *shape {
	var is *shape
	switch s.peek() {
	case '[':
		is = s.choice()
	case '"':
		text := s.quoted()
		is = &shape{symbols: s.words.tokens[text]}
		if is.symbols == nil {
			s.fail("no token %q", text)
		}
	case '_':
		s.word()
		is = &shape{}
	case '(':
		s.at++
		if c := s.peek(); c == '(' || c == '[' || c == '"' {
			is = s.shape()
			s.inside(is, false)
		} else {
			is = s.node()
		}
	default:
		s.fail("a pattern is missing")
	}
	for s.peek() == '@' {
		s.at++
		is.captures = append(is.captures, s.capture(s.word()))
	}
	return is
}

func (s *scm) choice() *shape {
	s.expect('[')
	is := &shape{}
	for s.peek() != ']' {
		is.any = append(is.any, s.shape())
	}
	s.expect(']')
	return is
}

func (s *scm) node() *shape {
	kind := s.word()
	is := &shape{}
	if kind == "_" {
		is.named = true
	} else if is.symbols = s.words.named[kind]; is.symbols == nil {
		s.fail("no node is called %s", kind)
	}
	s.inside(is, true)
	return is
}

// inside reads what stands in the parentheses of a node: its children, and
// predicates.
func (s *scm) inside(is *shape, children bool) {
	next, loose := false, false // loose: any nodes may stand before the next child
	for {
		switch c := s.peek(); {
		case c == ')':
			s.at++
			is.last = next
			return
		case c == '(' && strings.HasPrefix(s.text[s.at:], "(#"):
			s.predicate()
		case !children:
			s.fail("a group has one pattern")
		case c == '.':
			s.at++
			next = !loose
		case c == '!':
			s.at++
			is.absent = append(is.absent, s.field(s.word()))
		default:
			loose = !s.child(is, next)
			next = false
		}
	}
}

// child reads a child, and reports whether it is one: (_)* is not.
func (s *scm) child(is *shape, next bool) bool {
	c := child{next: next}
	if ch := s.peek(); ch != '(' && ch != '[' && ch != '"' && !strings.HasPrefix(s.text[s.at:], "_ ") {
		c.field = s.field(s.word())
		s.expect(':')
	}
	c.shape = s.shape()
	switch {
	case s.take('?'):
		c.optional = true
	case s.take('*'):
		if len(c.captures) > 0 || len(c.shape.children) > 0 || !c.named {
			s.fail("only (_)* is understood")
		}
		// Any number of nodes may stand between two children anyway.
		return false
	}
	// The captures of an optional child stand behind the mark.
	for s.peek() == '@' {
		s.at++
		c.shape.captures = append(c.shape.captures, s.capture(s.word()))
	}
	is.children = append(is.children, c)
	return true
}

func (s *scm) field(name string) uint16 {
	id, ok := s.words.fields[name]
	if !ok {
		s.fail("no field is called %s", name)
	}
	return id
}

func (s *scm) capture(name string) uint8 {
	i := slices.Index(s.captures, name)
	if i < 0 {
		if len(s.captures) == 255 {
			s.fail("more than 255 captures")
		}
		i = len(s.captures)
		s.captures = append(s.captures, name)
	}
	return uint8(i)
}

// predicate reads (#name? @capture "value" …).
func (s *scm) predicate() {
	s.at += len("(#")
	name := s.word()
	var captures []uint8
	var texts []string
	for s.peek() != ')' {
		switch s.peek() {
		case '@':
			s.at++
			captures = append(captures, s.capture(s.word()))
		case '"':
			texts = append(texts, s.quoted())
		default:
			texts = append(texts, s.word())
		}
	}
	s.expect(')')
	plain, negated := strings.CutPrefix(name, "not-")
	is := predicate{any: texts, negated: negated}
	switch {
	case name == "set!" && len(texts) == 1:
		s.now.set[texts[0]] = "true"
		return
	case name == "set!" && len(texts) == 2:
		s.now.set[texts[0]] = texts[1]
		return
	case plain == "eq?" && len(captures) == 1 && len(texts) == 1, plain == "any-of?" && len(captures) == 1 && len(texts) > 0:
	case plain == "match?" && len(captures) == 1 && len(texts) == 1:
		expr, err := expressionOf(texts[0])
		if err != nil {
			s.fail("%v", err)
		}
		is.matches = expr
	default:
		s.fail("#%s is not understood with %d captures and %d texts", name, len(captures), len(texts))
	}
	is.capture = captures[0]
	s.now.predicates = append(s.now.predicates, is)
}
