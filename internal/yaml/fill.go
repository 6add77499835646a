package yaml

import "strings"

// Fill returns n with each of its texts, those of keys too, as fill makes them:
// the text, and whether it is written without quotes, so that it may be a number
// or a boolean. What fill leaves as it is keeps its place and its type.
func (n *Node) Fill(fill func(text string) (filled string, plain bool)) *Node {
	f := filler{fill: fill, done: map[*Node]*Node{}}
	return f.node(n)
}

type filler struct {
	fill func(string) (string, bool)
	done map[*Node]*Node // what aliases share stays shared
}

func (f *filler) node(n *Node) *Node {
	if n == nil || n.kind == null {
		return n
	}
	if made, ok := f.done[n]; ok {
		return made
	}
	made := n
	switch n.kind {
	case scalar:
		if text, plain := f.fill(n.text); text != n.text {
			made = &Node{At: n.At, kind: scalar, tag: tagOf(text, plain), text: text, plain: plain, literal: n.literal, size: 1}
		}
	case mapping:
		pairs := make([]Pair, len(n.pairs))
		for i, pair := range n.pairs {
			pairs[i] = Pair{Key: f.node(pair.Key), Value: f.node(pair.Value)}
		}
		made = Map(n.At, pairs...)
	case list:
		items := make([]*Node, len(n.items))
		for i, item := range n.items {
			items[i] = f.node(item)
		}
		made = List(n.At, items...)
	}
	f.done[n] = made
	return made
}

func tagOf(text string, plain bool) string {
	if !plain {
		return "!!str"
	}
	if _, ok := Number(text); ok {
		return "!!int"
	}
	if strings.EqualFold(text, "true") || strings.EqualFold(text, "false") {
		return "!!bool"
	}
	return "!!str"
}
