package yaml

import (
	"strconv"
	"strings"

	"rehearse/internal/source"
)

// Node is a value in a document. Every method may be called on a nil Node,
// which stands for what is not there, so that paths can be followed without
// asking at each step.
type Node struct {
	At source.Span // where the value begins; of an aliased value, where its anchor stands

	kind  kind
	tag   string
	text  string
	plain bool

	literal bool
	pairs   []Pair
	index   map[string]int // of a large mapping: where in pairs a key is
	items   []*Node
	size    int // how many values a walk over it meets
	depth   int
}

type kind int

const (
	null kind = iota
	scalar
	mapping
	list
)

// Pair is a key of a mapping and its value.
type Pair struct {
	Key   *Node
	Value *Node
}

// Name returns the text of the key.
func (p Pair) Name() string { return p.Key.text }

// IsNull reports whether there is no value: none written, or null.
func (n *Node) IsNull() bool { return n == nil || n.kind == null }

// IsMap reports whether n is a mapping.
func (n *Node) IsMap() bool { return n != nil && n.kind == mapping }

// IsList reports whether n is a list.
func (n *Node) IsList() bool { return n != nil && n.kind == list }

// IsScalar reports whether n is a text, a number or a boolean.
func (n *Node) IsScalar() bool { return n != nil && n.kind == scalar }

// IsText reports whether n is a text, and not something that YAML takes for a
// number, a boolean or a date.
func (n *Node) IsText() bool {
	return n.IsScalar() && n.tag != "!!int" && n.tag != "!!float" && n.tag != "!!bool"
}

// Plain reports whether n is a scalar without quotes, and not a block.
func (n *Node) Plain() bool { return n.IsScalar() && n.plain }

// Literal reports whether n is a literal block (|), which keeps its lines: they
// begin on the line behind that of n.
func (n *Node) Literal() bool { return n.IsScalar() && n.literal }

// Tag returns the tag of n: what was written (!reset), else what YAML takes a
// scalar for (!!str, !!int, …); "" for what is not there.
func (n *Node) Tag() string {
	if n == nil {
		return ""
	}
	return n.tag
}

// Text returns a scalar as it is written, and "" for all else.
func (n *Node) Text() string {
	if !n.IsScalar() {
		return ""
	}
	return n.text
}

// Int returns a scalar that is a whole number, quoted or not.
func (n *Node) Int() (int, bool) {
	return Number(n.Text())
}

// Number returns a text that is a whole number.
func Number(text string) (int, bool) {
	v, err := strconv.Atoi(strings.TrimSpace(text))
	return v, err == nil
}

// True reports whether n is the boolean true.
func (n *Node) True() bool {
	return n.IsScalar() && n.plain && strings.EqualFold(n.text, "true")
}

// Pairs returns the pairs of a mapping in the order of the file, merged ones
// last. Of a key that is given twice it has the later.
func (n *Node) Pairs() []Pair {
	if n == nil {
		return nil
	}
	return n.pairs
}

// Items returns the items of a list.
func (n *Node) Items() []*Node {
	if n == nil {
		return nil
	}
	return n.items
}

// Texts returns the scalars of a list as they are written, without the items
// that are none; nil where n is no list.
func (n *Node) Texts() []string {
	if !n.IsList() {
		return nil
	}
	texts := make([]string, 0, len(n.items))
	for _, item := range n.items {
		if item.IsScalar() {
			texts = append(texts, item.text)
		}
	}
	return texts
}

// Get follows keys through mappings. It returns nil where one is missing.
func (n *Node) Get(keys ...string) *Node {
	for _, key := range keys {
		pair, ok := n.Pair(key)
		if !ok {
			return nil
		}
		n = pair.Value
	}
	return n
}

// KeyAt returns where the key of a mapping stands; the zero Span where it does
// not.
func (n *Node) KeyAt(key string) source.Span {
	if pair, ok := n.Pair(key); ok {
		return pair.Key.At
	}
	return source.Span{}
}

// Place returns where n stands; the zero Span where n is nil.
func (n *Node) Place() source.Span {
	if n == nil {
		return source.Span{}
	}
	return n.At
}

// Pair returns the pair of a key of a mapping, and whether there is one.
func (n *Node) Pair(key string) (Pair, bool) {
	if n == nil {
		return Pair{}, false
	}
	if n.index != nil {
		i, ok := n.index[key]
		if !ok {
			return Pair{}, false
		}
		return n.pairs[i], true
	}
	for _, pair := range n.pairs {
		if pair.Key.text == key {
			return pair, true
		}
	}
	return Pair{}, false
}

func (n *Node) deepest() int {
	deepest := 0
	for _, pair := range n.pairs {
		deepest = max(deepest, pair.Value.depth)
	}
	for _, item := range n.items {
		deepest = max(deepest, item.depth)
	}
	return deepest
}
