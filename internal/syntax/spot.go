package syntax

import (
	"bytes"
	"slices"
	"strings"
)

// spotter tells which of many texts stand in a file, in one pass over it: the
// automaton of Filter, which goes on behind a text.
type spotter struct {
	known map[spot]uint16
	spots []spot
	class [256]uint8
	count int        // of the classes
	next  []uint32   // by state and class: the next state
	ends  [][]uint16 // by state: the spots whose texts end there
}

// spot is a text to look for, which is not empty and of ASCII.
type spot struct {
	text       string
	fold       bool // small letters are the same as capitals: the text is in small ones
	begin, end bool // a node begins with it, or ends: it is no part of a longer word
}

// stands reports whether the spot is in the data behind which its text, in some
// letters, ends.
func (p *spot) stands(data []byte, end int) bool {
	start := end - len(p.text)
	switch {
	case !p.fold && string(data[start:end]) != p.text:
		return false
	case p.begin && start > 0 && word[data[start]] && word[data[start-1]]:
		return start > 1 && data[start-2] == '\\' // the letter before is that of an escape
	case p.end && end < len(data) && word[data[end-1]] && word[data[end]]:
		return false
	}
	return true
}

// word holds the bytes of words: in no language does a node begin or end
// between two of them.
var word = func() (is [256]bool) {
	for c := range is {
		is[c] = c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	return is
}()

// add returns the number of a spot. Spots are added before the spotter is built.
func (s *spotter) add(p spot) uint16 {
	n, known := s.known[p]
	if !known {
		if s.known == nil {
			s.known = map[spot]uint16{}
		}
		n = uint16(len(s.spots))
		s.known[p] = n
		s.spots = append(s.spots, p)
	}
	return n
}

func (s *spotter) build() {
	s.count = 1
	for _, p := range s.spots {
		for _, c := range []byte(strings.ToLower(p.text)) {
			if s.class[c] == 0 {
				s.class[c] = uint8(s.count)
				s.count++
			}
		}
	}
	for c := byte('a'); c <= 'z'; c++ {
		s.class[c-'a'+'A'] = s.class[c]
	}
	size := 1
	for _, p := range s.spots {
		size += len(p.text)
	}
	s.next, s.ends = make([]uint32, 0, size*s.count), make([][]uint16, 0, size)
	s.state()
	for n, p := range s.spots {
		at := uint32(0)
		for _, c := range []byte(strings.ToLower(p.text)) {
			way := int(at)*s.count + int(s.class[c])
			if s.next[way] == 0 {
				s.next[way] = s.state()
			}
			at = s.next[way]
		}
		s.ends[at] = append(s.ends[at], uint16(n))
	}
	s.link()
}

// state adds a state without ways.
func (s *spotter) state() uint32 {
	s.next = s.next[:len(s.next)+s.count] // there is room for those of all texts
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
		row, other := s.next[int(at)*s.count:][:s.count], s.next[int(back[at])*s.count:][:s.count]
		for c, way := range row {
			if way == 0 {
				row[c] = other[c]
				continue
			}
			back[way] = other[c]
			queue = append(queue, way)
		}
	}
}

// in returns which spots are in the data.
func (s *spotter) in(data []byte) []bool {
	there := make([]bool, len(s.spots))
	at := uint32(0)
	for i, c := range data {
		at = s.next[int(at)*s.count+int(s.class[c])]
		for _, n := range s.ends[at] {
			there[n] = there[n] || s.spots[n].stands(data, i+1)
		}
	}
	return there
}

// plain reports whether the data is without foldable.
func plain(data []byte) bool {
	for _, r := range foldable {
		if bytes.Contains(data, []byte(string(r))) {
			return false
		}
	}
	return true
}

// foldable are the letters beyond ASCII that an expression which folds takes
// for some in it: the long s and the sign of the kelvin
// (https://www.unicode.org/Public/UCD/latest/ucd/CaseFolding.txt).
const foldable = "\u017f\u212a"

// clause is what a predicate requires: one of the spots.
type clause struct {
	spots []uint16
	plain bool // only of files without foldable
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
		if predicate.matches != nil {
			spots, plain := predicate.matches.spots()
			all = s.require(all, spots, plain)
			continue
		}
		var spots []spot
		for _, text := range predicate.any {
			spots = append(spots, spot{text: text, begin: true, end: true})
		}
		all = s.require(all, spots, false)
	}
	if where := p.set["where"]; where != "" {
		var spots []spot
		for text := range strings.SplitSeq(where, "|") {
			spots = append(spots, spot{text: text})
		}
		all = s.require(all, spots, false)
	}
	return all
}

// require adds the clause of spots, if they can be looked for.
func (s *spotter) require(all []clause, spots []spot, plain bool) []clause {
	if len(spots) == 0 || slices.ContainsFunc(spots, func(p spot) bool {
		return p.text == "" || strings.ContainsFunc(p.text, func(r rune) bool { return r >= 128 })
	}) {
		return all
	}
	c := clause{plain: plain}
	for _, p := range spots {
		c.spots = append(c.spots, s.add(p))
	}
	return append(all, c)
}

// spots returns spots of which every text that the expression fits in has one,
// and whether that is so only without foldable; none where they are not known.
func (e *expression) spots() (spots []spot, plain bool) {
	if e.required != nil {
		for _, text := range e.required {
			spots = append(spots, spot{text: text, fold: true})
		}
		return spots, true
	}
	for i := range e.parts {
		p := &e.parts[i]
		spots = append(spots, spot{string(p.text), p.fold, p.begin, p.end})
	}
	return spots, false
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
	there, plain := c.spots.in(data), plain(data)
	live := make([]bool, len(c.patterns))
	for i := range c.patterns {
		live[i] = !slices.ContainsFunc(c.patterns[i].clauses, func(cl clause) bool {
			return (plain || !cl.plain) && !slices.ContainsFunc(cl.spots, func(n uint16) bool { return there[n] })
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
