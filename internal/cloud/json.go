package cloud

import (
	"strconv"
	"strings"

	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// JSON returns what a text of JSON or YAML says, also one with holes. Its lines
// are those behind the place of the text: that is where they stand in the file
// when it is written as a block. A value that is no text is returned as it is,
// nil where the text is none of JSON.
func (n *Node) JSON() *Node {
	text := n.Text()
	if n.IsUnknown() && strings.Contains(n.text, holeBegin) {
		text = n.text
	}
	if text == "" {
		if n.IsScalar() {
			return nil
		}
		return n
	}
	docs, err := yaml.Parse(source.File{Path: n.At.File, Data: []byte(text)})
	if err != nil || len(docs) == 0 {
		return nil
	}
	return n.filled(FromYAML(docs[0].Root))
}

// The characters between which the number of a hole stands.
const (
	holeBegin = "\ue000"
	holeEnd   = "\ue001"
)

// filled puts the holes of n into a tree that its text was parsed to.
func (n *Node) filled(in *Node) *Node {
	out := *in
	if in.At.Line == 1 {
		out.At.Column += max(n.At.Column-1, 0)
	}
	out.At.Line += max(n.At.Line-1, 0)
	out.loose, out.why = n.loose, n.why
	if in.kind == scalar && strings.Contains(in.text, holeBegin) {
		hole := n.hole(in.text)
		if begin, end := strings.HasPrefix(in.text, holeBegin), strings.HasSuffix(in.text, holeEnd); begin && end && strings.Count(in.text, holeBegin) == 1 {
			moved := *hole.orNull()
			moved.At = out.At
			return &moved
		}
		if whole := n.whole(in.text); whole != nil {
			return whole
		}
		out.kind, out.why, out.of = unknown, hole.Why(), hole.Of()
		return &out
	}
	out.pairs, out.items = nil, nil
	for _, p := range in.pairs {
		key := n.filled(Scalar(p.At, p.Key))
		out.pairs = append(out.pairs, Pair{p.Key, key.At, n.filled(p.Value)})
	}
	for _, i := range in.items {
		out.items = append(out.items, n.filled(i))
	}
	return &out
}

// whole returns the object that holes beside each other make up: behind it stands
// what is there on a condition, with the comma before it.
func (n *Node) whole(text string) *Node {
	var found *Node
	for _, part := range strings.Fields(text) {
		if !strings.HasPrefix(part, holeBegin) || !strings.HasSuffix(part, holeEnd) || strings.Count(part, holeBegin) != 1 {
			return nil
		}
		if hole := n.hole(part); hole.IsMap() {
			if found != nil {
				return nil
			}
			found = hole
		}
	}
	return found
}

func (n *Node) hole(text string) *Node {
	_, rest, _ := strings.Cut(text, holeBegin)
	number, _, _ := strings.Cut(rest, holeEnd)
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(n.items) {
		return Unknown(n.At, n.why, n.of)
	}
	return n.items[i]
}
