package yaml

import "rehearse/internal/source"

// ParseAt is Parse for a text that was made of files: at tells where in them a
// line of it comes from.
func ParseAt(file source.File, at func(line int) source.Span) ([]Document, error) {
	docs, err := parse(file)
	if err != nil {
		err.At = at(err.At.Line)
		return nil, err
	}
	seen := map[*Node]bool{}
	for i := range docs {
		docs[i].Root.move(at, seen)
		for j := range docs[i].Duplicates {
			d := &docs[i].Duplicates[j]
			d.At, d.First = at(d.At.Line), at(d.First.Line)
		}
	}
	return docs, nil
}

func (n *Node) move(at func(line int) source.Span, seen map[*Node]bool) {
	if seen[n] {
		return // an alias shares it
	}
	seen[n] = true
	n.At = at(n.At.Line)
	for _, pair := range n.pairs {
		pair.Key.move(at, seen)
		pair.Value.move(at, seen)
	}
	for _, item := range n.items {
		item.move(at, seen)
	}
}

// Map returns a mapping of the pairs; of a key that is given twice the later
// counts.
func Map(at source.Span, pairs ...Pair) *Node {
	n := &Node{At: at, kind: mapping, tag: "!!map", size: 1}
	first := map[string]int{}
	for _, pair := range pairs {
		if i, twice := first[pair.Key.text]; twice {
			n.size += pair.Value.size - n.pairs[i].Value.size
			n.pairs[i] = pair
			continue
		}
		first[pair.Key.text] = len(n.pairs)
		n.pairs = append(n.pairs, pair)
		n.size += pair.Value.size + 1
	}
	if len(n.pairs) > large {
		n.index = first
	}
	n.depth = n.deepest() + 1
	return n
}

// List returns a list of the items.
func List(at source.Span, items ...*Node) *Node {
	n := &Node{At: at, kind: list, tag: "!!seq", items: items, size: 1}
	for _, item := range items {
		n.size += item.size
	}
	n.depth = n.deepest() + 1
	return n
}

// String returns a text, as it stands in quotes.
func String(at source.Span, text string) *Node {
	return &Node{At: at, kind: scalar, tag: "!!str", text: text, size: 1}
}

// Size returns how many values a walk over n meets.
func (n *Node) Size() int {
	if n == nil {
		return 0
	}
	return n.size
}
