package syntax

import (
	"fmt"
	"regexp"
	"slices"
	"sync"

	sitter "github.com/smacker/go-tree-sitter"
)

// Query is a set of patterns over syntax trees, in the language of tree-sitter
// (https://tree-sitter.github.io/tree-sitter/using-parsers/queries). Of its
// predicates, eq?, not-eq?, match?, not-match?, any-of?, not-any-of? and set!
// are understood; a predicate about a capture that the match lacks holds.
type Query struct {
	text string
	more map[*Language]string

	mu       sync.Mutex
	compiled map[*Language]*compiled
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

// Match is a place at which a pattern of a query fits.
type Match struct {
	Set map[string]string // what the pattern says with set!; it must not be changed

	names    []string
	captures []sitter.QueryCapture
	tree     *Tree
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
		if m.names[c.Index] == name {
			return m.tree.node(c.Node)
		}
	}
	return Node{}
}

// Captures returns every captured node, in the order of the source.
func (m *Match) Captures() []Capture {
	all := make([]Capture, len(m.captures))
	for i, c := range m.captures {
		all[i] = Capture{m.names[c.Index], m.tree.node(c.Node)}
	}
	return all
}

// Matches calls yield for every match in the tree, in the order in which the
// matches end. An error is a query that is not one for the tree's language, or
// a file of more matches than can be looked at.
func (q *Query) Matches(tree *Tree, yield func(*Match)) error {
	c, err := q.in(tree.Language)
	if err != nil {
		return err
	}
	cursor := sitter.NewQueryCursor()
	defer cursor.Close()
	cursor.Exec(c.query, tree.tree.RootNode())
	for range maxMatches {
		m, ok := cursor.NextMatch()
		if !ok {
			return nil
		}
		p := &c.patterns[m.PatternIndex]
		if p.holds(m.Captures, tree.File.Data) {
			yield(&Match{Set: p.set, names: c.names, captures: m.Captures, tree: tree})
		}
	}
	return fmt.Errorf("not read: more than %d places to look at", maxMatches)
}

type compiled struct {
	query    *sitter.Query
	names    []string // of the captures
	patterns []pattern
}

type pattern struct {
	set        map[string]string
	predicates []predicate
}

type predicate struct {
	capture uint32
	negated bool
	other   int // a capture, or -1
	any     []string
	matches *regexp.Regexp
}

func (q *Query) in(lang *Language) (*compiled, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if c, ok := q.compiled[lang]; ok {
		return c, nil
	}
	query, err := sitter.NewQuery([]byte(q.text+q.more[lang]), lang.grammar())
	if err != nil {
		return nil, fmt.Errorf("query for %s: %w", lang, err)
	}
	c := &compiled{query: query, patterns: make([]pattern, query.PatternCount())}
	for i := range query.CaptureCount() {
		c.names = append(c.names, query.CaptureNameForId(i))
	}
	for i := range c.patterns {
		c.patterns[i].set = map[string]string{}
		for _, steps := range query.PredicatesForPattern(uint32(i)) {
			if err := c.patterns[i].add(query, steps); err != nil {
				return nil, fmt.Errorf("query for %s: pattern %d: %w", lang, i, err)
			}
		}
	}
	if q.compiled == nil {
		q.compiled = map[*Language]*compiled{}
	}
	q.compiled[lang] = c
	return c, nil
}

// add takes in a predicate; its last step only marks its end.
func (p *pattern) add(query *sitter.Query, steps []sitter.QueryPredicateStep) error {
	text := func(i int) string { return query.StringValueForId(steps[i].ValueId) }
	name, count := text(0), len(steps)-1
	if name == "set!" {
		p.set[text(1)] = "true"
		if count > 2 {
			p.set[text(1)] = text(2)
		}
		return nil
	}
	if count < 3 || steps[1].Type != sitter.QueryPredicateStepTypeCapture {
		return fmt.Errorf("#%s wants a capture and a value", name)
	}
	is := predicate{capture: steps[1].ValueId, other: -1, negated: len(name) > 4 && name[:4] == "not-"}
	switch name {
	case "eq?", "not-eq?", "any-of?", "not-any-of?":
		if steps[2].Type == sitter.QueryPredicateStepTypeCapture {
			is.other = int(steps[2].ValueId)
			break
		}
		for i := 2; i < count; i++ {
			is.any = append(is.any, text(i))
		}
	case "match?", "not-match?":
		expr, err := regexp.Compile(text(2))
		if err != nil {
			return err
		}
		is.matches = expr
	default:
		return fmt.Errorf("#%s is not understood", name)
	}
	p.predicates = append(p.predicates, is)
	return nil
}

func (p *pattern) holds(captures []sitter.QueryCapture, data []byte) bool {
	for i := range p.predicates {
		if !p.predicates[i].holds(captures, data) {
			return false
		}
	}
	return true
}

func (p *predicate) holds(captures []sitter.QueryCapture, data []byte) bool {
	for _, c := range captures {
		if c.Index != p.capture {
			continue
		}
		text := content(c.Node, data)
		var is bool
		switch {
		case p.matches != nil:
			is = p.matches.Match(text)
		case p.other >= 0:
			is = slices.ContainsFunc(captures, func(o sitter.QueryCapture) bool {
				return int(o.Index) == p.other && string(content(o.Node, data)) == string(text)
			})
		default:
			is = slices.Contains(p.any, string(text))
		}
		if is == p.negated {
			return false
		}
	}
	return true
}

func content(n *sitter.Node, data []byte) []byte {
	end := min(int(n.EndByte()), len(data))
	return data[min(int(n.StartByte()), end):end]
}
