package syntax

import (
	sitter "github.com/smacker/go-tree-sitter"

	"rehearse/internal/source"
)

// Node is a node of a syntax tree. The zero Node is none.
type Node struct {
	n *sitter.Node
	t *Tree
}

// ID identifies a node within its tree.
type ID uintptr

// IsZero reports whether there is no node.
func (n Node) IsZero() bool { return n.n == nil }

// ID returns what identifies the node within its tree; 0 for none.
func (n Node) ID() ID {
	if n.n == nil {
		return 0
	}
	return ID(n.n.ID())
}

// Tree returns the tree that the node is of.
func (n Node) Tree() *Tree { return n.t }

// Kind returns what the grammar calls the node, "" for none.
func (n Node) Kind() string {
	if n.n == nil {
		return ""
	}
	return n.n.Type()
}

// Start returns the offset of the first byte of the node.
func (n Node) Start() int {
	if n.n == nil {
		return 0
	}
	return min(int(n.n.StartByte()), len(n.t.File.Data))
}

// End returns the offset behind the last byte of the node.
func (n Node) End() int {
	if n.n == nil {
		return 0
	}
	return min(int(n.n.EndByte()), len(n.t.File.Data))
}

// Covers reports whether m stands within n.
func (n Node) Covers(m Node) bool {
	return n.n != nil && m.n != nil && n.Start() <= m.Start() && m.End() <= n.End()
}

// Bytes returns the source of the node. It must not be changed.
func (n Node) Bytes() []byte {
	if n.n == nil {
		return nil
	}
	return n.t.File.Data[n.Start():n.End()]
}

// Text returns the source of the node.
func (n Node) Text() string { return string(n.Bytes()) }

// Span returns the place at which the node starts.
func (n Node) Span() source.Span {
	if n.n == nil {
		return source.Span{}
	}
	at := n.n.StartPoint()
	return source.Span{File: n.t.File.Path, Line: int(at.Row) + 1, Column: int(at.Column) + 1}
}

// Parent returns the node that n is a child of.
func (n Node) Parent() Node {
	if n.n == nil {
		return Node{}
	}
	return n.t.node(n.n.Parent())
}

// Field returns the child that the grammar gives that name.
func (n Node) Field(name string) Node {
	if n.n == nil {
		return Node{}
	}
	return n.t.node(n.n.ChildByFieldName(name))
}

// Next returns the named node behind n that has the same parent.
func (n Node) Next() Node {
	if n.n == nil {
		return Node{}
	}
	return n.t.node(n.n.NextNamedSibling())
}

// Children returns the named children of the node.
func (n Node) Children() []Node {
	if n.n == nil {
		return nil
	}
	count := int(n.n.NamedChildCount())
	children := make([]Node, 0, count)
	for i := range count {
		if c := n.n.NamedChild(i); c != nil {
			children = append(children, Node{c, n.t})
		}
	}
	return children
}
