package yaml

import "slices"

// maxCompared bounds the values that are compared: aliases may make more of a
// document than it has bytes.
const maxCompared = 10_000

// Equal reports whether two values say the same. Large ones do not.
func (n *Node) Equal(o *Node) bool {
	switch {
	case n.IsNull() || o.IsNull():
		return n.IsNull() == o.IsNull()
	case n.kind != o.kind || n.size != o.size || n.size > maxCompared || n.text != o.text:
		return false
	}
	return slices.EqualFunc(n.pairs, o.pairs, func(a, b Pair) bool { return a.Name() == b.Name() && a.Value.Equal(b.Value) }) &&
		slices.EqualFunc(n.items, o.items, (*Node).Equal)
}
