package syntax

import (
	"fmt"
	"slices"
	"sync"
)

// Query is a set of patterns over syntax trees, in the language of tree-sitter's
// queries (https://tree-sitter.github.io/tree-sitter/using-parsers/queries): of
// it, nodes, tokens, fields, wildcards, choices, anchors, negated fields,
// optional children, captures, and the predicates eq? (to a text), match? and
// any-of?, each with not-, and set!. A pattern that says set! where fits only in
// files that hold one of the texts that it names, with bars between them. A predicate about a capture that a match
// lacks holds.
//
// It is matched by this package: to compile the queries of one language takes
// the library longer than to read a project.
type Query struct {
	text string
	more map[*Language]string

	compiled sync.Map // by language: of func() (*compiled, error)
}

type compiled struct {
	names    []string // of the captures
	patterns []pattern
	roots    [][]uint16 // by symbol: the patterns that may fit
	spots    spotter    // of what the patterns require
}

// NewQuery returns the query of that text. It is compiled when it is first
// used, once for each language.
func NewQuery(text string) *Query { return &Query{text: text} }

// And adds patterns for some languages only, and returns the query. It must not
// be called once the query is in use.
func (q *Query) And(text string, languages ...*Language) *Query {
	if q.more == nil {
		q.more = map[*Language]string{}
	}
	for _, l := range languages {
		q.more[l] += text
	}
	return q
}

func (q *Query) in(lang *Language) (*compiled, error) {
	once, known := q.compiled.Load(lang)
	if !known {
		once, _ = q.compiled.LoadOrStore(lang, sync.OnceValues(func() (*compiled, error) { return q.compile(lang) }))
	}
	return once.(func() (*compiled, error))()
}

func (q *Query) compile(lang *Language) (*compiled, error) {
	w := lang.words()
	patterns, names, err := parseQuery(q.text+q.more[lang], w)
	if err != nil {
		return nil, fmt.Errorf("query for %s: %w", lang, err)
	}
	c := &compiled{names: names, patterns: patterns, roots: make([][]uint16, len(w.kinds))}
	for i := range patterns {
		patterns[i].clauses = c.spots.clauses(&patterns[i])
		for _, symbol := range patterns[i].root.starts() {
			if !slices.Contains(c.roots[symbol], uint16(i)) {
				c.roots[symbol] = append(c.roots[symbol], uint16(i))
			}
		}
	}
	c.spots.build()
	return c, nil
}

// starts returns the symbols of the nodes that may have the shape. A pattern
// for every node is none that a query should have.
func (s *shape) starts() []uint16 {
	all := slices.Clone(s.symbols)
	for _, one := range s.any {
		all = append(all, one.starts()...)
	}
	return all
}

// Match is a place at which a pattern of a query fits.
type Match struct {
	Set map[string]string // what the pattern says with set!; it must not be changed

	captures []Capture
}

// Capture is a node that a pattern gives a name.
type Capture struct {
	Name string
	Node Node
}

// Node returns the first node captured under that name, the zero Node where
// there is none.
func (m *Match) Node(name string) Node {
	for _, c := range m.captures {
		if c.Name == name {
			return c.Node
		}
	}
	return Node{}
}

// Captures returns every captured node. The result must not be changed.
func (m *Match) Captures() []Capture { return m.captures }

// Matches calls yield for every match in the tree, those in a node before those
// of the node. An error is a query that is not one for the tree's language.
func (q *Query) Matches(tree *Tree, yield func(*Match)) error {
	s, err := q.Select(tree.Language, tree.File.Data, func(map[string]string) bool { return true })
	if err != nil {
		return err
	}
	s.Matches(tree, yield)
	return nil
}

// Matches calls yield as that of Query does, for the tree of the file that the
// patterns were selected for.
func (s *Selection) Matches(tree *Tree, yield func(*Match)) {
	m := &matcher{tree: tree, query: s.query, live: s.live, yield: yield}
	var open []int32
	for i := range tree.nodes {
		for len(open) > 0 && open[len(open)-1] != tree.nodes[i].parent {
			m.visit(open[len(open)-1])
			open = open[:len(open)-1]
		}
		open = append(open, int32(i))
	}
	for _, i := range slices.Backward(open) {
		m.visit(i)
	}
}
