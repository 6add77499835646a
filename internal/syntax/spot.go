package syntax

import (
	"slices"
	"strings"
)

// spotter tells which of many texts stand in a file, in one pass over it: the
// automaton of Filter, which goes on behind a text. Small letters of ASCII are
// the same to it as capitals.
type spotter struct {
	texts map[string]uint16
	class [256]uint8
	count int        // of the classes
	next  []uint32   // by state and class: the next state
	ends  [][]uint16 // by state: the texts that end there
}

// add returns the number of a text, which is not empty, of ASCII, and in small
// letters. Texts are added before the spotter is built.
func (s *spotter) add(text string) uint16 {
	n, known := s.texts[text]
	if !known {
		n = uint16(len(s.texts))
		s.texts[text] = n
	}
	return n
}

func (s *spotter) build() {
	s.count = 1
	for _, text := range s.sorted() {
		for _, c := range []byte(text) {
			if s.class[c] == 0 {
				s.class[c] = uint8(s.count)
				s.count++
			}
		}
	}
	for c := byte('a'); c <= 'z'; c++ {
		s.class[c-'a'+'A'] = s.class[c]
	}
	s.state()
	for _, text := range s.sorted() {
		at := uint32(0)
		for _, c := range []byte(text) {
			way := int(at)*s.count + int(s.class[c])
			if s.next[way] == 0 {
				s.next[way] = s.state()
			}
			at = s.next[way]
		}
		s.ends[at] = append(s.ends[at], s.texts[text])
	}
	s.link()
}

func (s *spotter) sorted() []string {
	texts := make([]string, len(s.texts))
	for text, n := range s.texts {
		texts[n] = text
	}
	return texts
}

// state adds a state without ways.
func (s *spotter) state() uint32 {
	s.next = append(s.next, make([]uint32, s.count)...)
	s.ends = append(s.ends, nil)
	return uint32(len(s.ends) - 1)
}

// link fills in the ways that the tree does not have, as Filter does.
func (s *spotter) link() {
	back := make([]uint32, len(s.ends))
	var queue []uint32
	for c := range s.count {
		if to := s.next[c]; to != 0 {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		s.ends[at] = append(s.ends[at], s.ends[back[at]]...)
		for c := range s.count {
			way, other := &s.next[int(at)*s.count+c], s.next[int(back[at])*s.count+c]
			if *way == 0 {
				*way = other
				continue
			}
			back[*way] = other
			queue = append(queue, *way)
		}
	}
}

// in returns which texts stand in the data, and whether all of it is ASCII.
func (s *spotter) in(data []byte) (there []bool, ascii bool) {
	there = make([]bool, len(s.texts))
	at, all := uint32(0), byte(0)
	for _, c := range data {
		all |= c
		at = s.next[int(at)*s.count+int(s.class[c])]
		for _, n := range s.ends[at] {
			there[n] = true
		}
	}
	return there, all < 128
}

// clause is what a predicate requires: one of the texts.
type clause struct {
	texts []uint16
	ascii bool // only of files that are ASCII: in others, letters beyond it may stand for those of the texts
}

// clauses returns what a file has if the pattern can fit in it.
func (s *spotter) clauses(p *pattern) []clause {
	var all []clause
	captured := p.root.always()
	for i := range p.predicates {
		predicate := &p.predicates[i]
		if predicate.negated || !slices.Contains(captured, predicate.capture) {
			continue
		}
		texts, ascii := predicate.any, false
		if predicate.matches != nil {
			texts, ascii = predicate.matches.texts()
		}
		all = s.require(all, texts, ascii)
	}
	if where := p.set["where"]; where != "" {
		all = s.require(all, strings.Split(where, "|"), false)
	}
	return all
}

// require adds the clause of texts that are given as they stand in a file, if
// they can be looked for.
func (s *spotter) require(all []clause, texts []string, ascii bool) []clause {
	if len(texts) == 0 || slices.ContainsFunc(texts, func(text string) bool {
		return text == "" || strings.ContainsFunc(text, func(r rune) bool { return r >= 128 })
	}) {
		return all
	}
	c := clause{ascii: ascii}
	for _, text := range texts {
		c.texts = append(c.texts, s.add(strings.ToLower(text)))
	}
	return append(all, c)
}

// texts returns texts of which every text that the expression fits in holds
// one, in small letters or capitals, and whether that is so of ASCII only; none
// where they are not known.
func (e *expression) texts() (texts []string, ascii bool) {
	if e.required != nil {
		return e.required.Texts(), true
	}
	for i := range e.parts {
		texts = append(texts, string(e.parts[i].text))
	}
	return texts, false
}

// always returns the captures that every match of the shape has.
func (s *shape) always() []uint8 {
	all := slices.Clone(s.captures)
	for i, one := range s.any {
		if i > 0 {
			break
		}
		for _, c := range one.always() {
			if !slices.ContainsFunc(s.any[1:], func(o *shape) bool { return !slices.Contains(o.always(), c) }) {
				all = append(all, c)
			}
		}
	}
	for i := range s.children {
		if !s.children[i].optional {
			all = append(all, s.children[i].always()...)
		}
	}
	return all
}

// possible returns which patterns can fit in a file, as far as its texts tell.
func (c *compiled) possible(data []byte) []bool {
	there, ascii := c.spots.in(data)
	live := make([]bool, len(c.patterns))
	for i := range c.patterns {
		live[i] = !slices.ContainsFunc(c.patterns[i].clauses, func(cl clause) bool {
			return (ascii || !cl.ascii) && !slices.ContainsFunc(cl.texts, func(n uint16) bool { return there[n] })
		})
	}
	return live
}

// Selection is the patterns of a query that can fit in a file, as far as its
// texts tell.
type Selection struct {
	query *compiled
	live  []bool // by pattern
}

// Select returns, before the file is parsed, the patterns that can fit in it
// of those that are asked for by what they say with set!.
func (q *Query) Select(lang *Language, data []byte, asked func(set map[string]string) bool) (*Selection, error) {
	c, err := q.in(lang)
	if err != nil {
		return nil, err
	}
	s := &Selection{c, c.possible(data)}
	for i := range s.live {
		s.live[i] = s.live[i] && asked(c.patterns[i].set)
	}
	return s, nil
}

// Has reports whether one of the patterns is such.
func (s *Selection) Has(such func(set map[string]string) bool) bool {
	for i, live := range s.live {
		if live && such(s.query.patterns[i].set) {
			return true
		}
	}
	return false
}
