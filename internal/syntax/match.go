package syntax

import "slices"

// matcher looks for the patterns of a query at the nodes of a tree.
type matcher struct {
	tree  *Tree
	query *compiled
	live  []bool // by pattern: whether it can fit in the file
	yield func(*Match)

	pattern *pattern
	found   []capture // by what has been matched so far
	frames  []frame   // what is to be matched yet, when a shape has been
	left    int       // how many steps may be taken yet at this node
}

type capture struct {
	name uint8
	node int32
}

// frame is the rest of the children of a shape, and behind them the rest of
// what that shape stands in.
type frame struct {
	shape   *shape
	k       int   // the first child that is missing
	i       int32 // the node from which on it may stand
	up      int32 // the frame behind, -1 for none
	reached bool  // the child before has been matched
}

// maxSteps bounds the work at one node for one pattern: a pattern of several
// loose children has as many matches as there are ways to choose them.
const maxSteps = 100_000

func (m *matcher) visit(i int32) {
	symbol := m.tree.nodes[i].symbol
	if int(symbol) >= len(m.query.roots) {
		return
	}
	for _, p := range m.query.roots[symbol] {
		if !m.live[p] {
			continue
		}
		m.pattern = &m.query.patterns[p]
		m.found, m.frames, m.left = m.found[:0], m.frames[:0], maxSteps
		m.shape(m.pattern.root, i, -1)
	}
}

// shape goes on with the frame for each way in which the node has the shape.
func (m *matcher) shape(s *shape, i, up int32) {
	if m.left--; m.left < 0 {
		return
	}
	n := &m.tree.nodes[i]
	if s.any == nil && (s.symbols != nil && !slices.Contains(s.symbols, n.symbol) || s.named && (!n.named || n.extra) || m.has(n, s.absent)) {
		return
	}
	mark := len(m.found)
	for _, c := range s.captures {
		m.found = append(m.found, capture{c, i})
	}
	switch {
	case len(s.captures) > 0 && !m.holds(mark):
	case s.any != nil:
		for _, one := range s.any {
			m.shape(one, i, up)
		}
	case len(s.children) == 0:
		m.resume(up)
	default:
		m.children(s, 0, n.child, up)
	}
	m.found = m.found[:mark]
}

func (m *matcher) has(n *flat, fields []uint16) bool {
	if len(fields) == 0 {
		return false
	}
	for i := n.child; i >= 0; i = m.tree.nodes[i].next {
		if slices.Contains(fields, m.tree.nodes[i].field) {
			return true
		}
	}
	return false
}

// resume goes on with a frame; behind the last, the pattern fits.
func (m *matcher) resume(at int32) {
	if at < 0 {
		m.done()
		return
	}
	f := &m.frames[at]
	f.reached = true
	m.children(f.shape, f.k, f.i, f.up)
}

// children goes on with the frame for each way in which the nodes from i on
// have the children of the shape from the k-th on.
func (m *matcher) children(s *shape, k int, i, up int32) {
	if k == len(s.children) {
		if !s.last || m.named(i) < 0 {
			m.resume(up)
		}
		return
	}
	c, first, reached := &s.children[k], i, false
	for ; i >= 0; i = m.tree.nodes[i].next {
		if m.left--; m.left < 0 {
			return
		}
		n := &m.tree.nodes[i]
		if c.field == 0 || c.field == n.field {
			at := int32(len(m.frames))
			m.frames = append(m.frames, frame{shape: s, k: k + 1, i: n.next, up: up})
			m.shape(c.shape, i, at)
			reached = reached || m.frames[at].reached
			m.frames = m.frames[:at]
		}
		if c.next && n.named && !n.extra {
			break
		}
	}
	if c.optional && !reached {
		m.children(s, k+1, first, up)
	}
}

// named returns the first named node from i on that is no comment, -1 for none.
func (m *matcher) named(i int32) int32 {
	for ; i >= 0; i = m.tree.nodes[i].next {
		if n := &m.tree.nodes[i]; n.named && !n.extra {
			return i
		}
	}
	return -1
}

// done yields what has been found.
func (m *matcher) done() {
	match := &Match{Set: m.pattern.set, captures: make([]Capture, len(m.found))}
	for i, c := range m.found {
		match.captures[i] = Capture{m.query.names[c.name], Node{m.tree, c.node}}
	}
	m.yield(match)
}

func (m *matcher) text(i int32) []byte { return Node{m.tree, i}.Bytes() }

// holds reports whether the predicates hold of the captures from mark on.
func (m *matcher) holds(mark int) bool {
	for i := range m.pattern.predicates {
		p := &m.pattern.predicates[i]
		for _, c := range m.found[mark:] {
			if c.name == p.capture && m.is(p, m.text(c.node)) == p.negated {
				return false
			}
		}
	}
	return true
}

// maxMatched is how much of a text match? looks at: what is longer is no name.
const maxMatched = 256

func (m *matcher) is(p *predicate, text []byte) bool {
	if p.matches != nil {
		return p.matches.match(text[:min(len(text), maxMatched)])
	}
	for _, one := range p.any {
		if one == string(text) {
			return true
		}
	}
	return false
}
