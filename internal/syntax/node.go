package syntax

import "rehearse/internal/source"

// Node is a node of a syntax tree. The zero Node is none.
type Node struct {
	t *Tree
	i int32
}

// ID identifies a node within its tree; 0 is none.
type ID int32

// IsZero reports whether there is no node.
func (n Node) IsZero() bool { return n.t == nil }

// ID returns what identifies the node within its tree; 0 for none.
func (n Node) ID() ID {
	if n.t == nil {
		return 0
	}
	return ID(n.i + 1)
}

// Tree returns the tree that the node is of.
func (n Node) Tree() *Tree { return n.t }

func (n Node) at(i int32) Node {
	if i < 0 {
		return Node{}
	}
	return Node{n.t, i}
}

// Kind returns what the grammar calls the node, "" for none.
func (n Node) Kind() string {
	if n.t == nil {
		return ""
	}
	return n.t.words.kind(n.t.nodes[n.i].symbol)
}

// Start returns the offset of the first byte of the node.
func (n Node) Start() int {
	if n.t == nil {
		return 0
	}
	return min(int(n.t.nodes[n.i].start), len(n.t.File.Data))
}

// End returns the offset behind the last byte of the node.
func (n Node) End() int {
	if n.t == nil {
		return 0
	}
	return min(int(n.t.nodes[n.i].end), len(n.t.File.Data))
}

// Covers reports whether m stands within n.
func (n Node) Covers(m Node) bool {
	return n.t != nil && m.t != nil && n.Start() <= m.Start() && m.End() <= n.End()
}

// Bytes returns the source of the node. It must not be changed.
func (n Node) Bytes() []byte {
	if n.t == nil {
		return nil
	}
	return n.t.File.Data[n.Start():n.End()]
}

// Text returns the source of the node.
func (n Node) Text() string { return string(n.Bytes()) }

// Span returns the place at which the node starts.
func (n Node) Span() source.Span {
	if n.t == nil {
		return source.Span{}
	}
	return n.t.span(n.Start())
}

// Parent returns the node that n is a child of.
func (n Node) Parent() Node {
	if n.t == nil {
		return n
	}
	return n.at(n.t.nodes[n.i].parent)
}

// Field returns the first child that the grammar gives that name.
func (n Node) Field(name string) Node {
	if n.t == nil {
		return n
	}
	field, ok := n.t.words.fields[name]
	if !ok {
		return Node{}
	}
	for i := n.t.nodes[n.i].child; i >= 0; i = n.t.nodes[i].next {
		if n.t.nodes[i].field == field {
			return Node{n.t, i}
		}
	}
	return Node{}
}

// Next returns the named node behind n that has the same parent.
func (n Node) Next() Node {
	if n.t == nil {
		return n
	}
	for i := n.t.nodes[n.i].next; i >= 0; i = n.t.nodes[i].next {
		if n.t.nodes[i].named {
			return Node{n.t, i}
		}
	}
	return Node{}
}

// Children returns the named children of the node.
func (n Node) Children() []Node {
	if n.t == nil {
		return nil
	}
	var children []Node
	for i := n.t.nodes[n.i].child; i >= 0; i = n.t.nodes[i].next {
		if n.t.nodes[i].named {
			children = append(children, Node{n.t, i})
		}
	}
	return children
}
