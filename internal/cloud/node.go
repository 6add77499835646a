// Package cloud turns what clouds take into facts, whatever format it was
// written in: the same task or function can stand in JSON, in a template of
// CloudFormation and in Terraform.
package cloud

import (
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Node is a value of a definition, as far as it is known. Every method may be
// called on a nil Node, which stands for what is not there.
type Node struct {
	At source.Span // where the value is said

	kind  kind
	text  string
	why   string // of what is not known: what computes it
	of    string // of what is not known: the address of the resource that it is a part of
	open  bool   // a mapping or list that may hold more than is known
	loose bool   // a default, which may be replaced
	pairs []Pair
	items []*Node
}

// Pair is a key of a mapping and its value.
type Pair struct {
	Key   string
	At    source.Span
	Value *Node
}

type kind int

const (
	null kind = iota
	scalar
	mapping
	list
	unknown
)

// Scalar returns a text, or a number or boolean as a text.
func Scalar(at source.Span, text string) *Node { return &Node{At: at, kind: scalar, text: text} }

// Null returns a value that is none.
func Null(at source.Span) *Node { return &Node{At: at} }

// Map returns a mapping.
func Map(at source.Span, pairs ...Pair) *Node {
	return &Node{At: at, kind: mapping, pairs: pairs}
}

// List returns a list.
func List(at source.Span, items ...*Node) *Node { return &Node{At: at, kind: list, items: items} }

// Unknown returns a value that is known only when the definition is used, and
// why; of is the address of the resource that it is a part of, where it is of
// one of the tree.
func Unknown(at source.Span, why, of string) *Node {
	return &Node{At: at, kind: unknown, why: why, of: of}
}

// FromYAML returns a tree of YAML or JSON as it stands.
func FromYAML(n *yaml.Node) *Node {
	switch {
	case n.IsScalar():
		return Scalar(n.At, n.Text())
	case n.IsMap():
		pairs := make([]Pair, 0, len(n.Pairs()))
		for _, p := range n.Pairs() {
			pairs = append(pairs, Pair{p.Name(), p.Key.At, FromYAML(p.Value)})
		}
		return Map(n.At, pairs...)
	case n.IsList():
		items := make([]*Node, 0, len(n.Items()))
		for _, i := range n.Items() {
			items = append(items, FromYAML(i))
		}
		return List(n.At, items...)
	}
	return Null(n.Place())
}

// Opened returns the mapping or list as one that may hold more than is known.
func (n *Node) Opened(why string) *Node {
	if n == nil {
		return Unknown(source.Span{}, why, "")
	}
	opened := *n
	opened.open, opened.why = true, why
	return &opened
}

// IsNull reports whether there is no value.
func (n *Node) IsNull() bool { return n == nil || n.kind == null }

// IsScalar reports whether n is a text, a number or a boolean that is known.
func (n *Node) IsScalar() bool { return n != nil && n.kind == scalar }

// IsMap reports whether n is a mapping.
func (n *Node) IsMap() bool { return n != nil && n.kind == mapping }

// IsList reports whether n is a list.
func (n *Node) IsList() bool { return n != nil && n.kind == list }

// IsUnknown reports whether n is there and not known.
func (n *Node) IsUnknown() bool { return n != nil && n.kind == unknown }

// Open reports whether n may hold more than is known, and why.
func (n *Node) Open() (string, bool) {
	if n == nil {
		return "", false
	}
	return n.why, n.open || n.kind == unknown
}

// Of returns the address of the resource that an unknown value is a part of,
// or "".
func (n *Node) Of() string {
	if n == nil {
		return ""
	}
	return n.of
}

// Why tells what computes an unknown value.
func (n *Node) Why() string {
	if n == nil {
		return ""
	}
	return n.why
}

// Text returns a scalar, and "" for all else.
func (n *Node) Text() string {
	if !n.IsScalar() {
		return ""
	}
	return n.text
}

// Shown returns a scalar, and for what is not known a text that says so.
func (n *Node) Shown() string {
	if !n.IsUnknown() {
		return n.Text()
	}
	if n.text == "" {
		return "${" + n.why + "}"
	}
	text := n.text
	for i, h := range n.items {
		text = strings.ReplaceAll(text, holeBegin+strconv.Itoa(i)+holeEnd, "${"+h.Why()+"}")
	}
	return text
}

// Int returns a whole number, 0 where there is none.
func (n *Node) Int() int {
	number, _ := yaml.Number(n.Text())
	return number
}

// Pairs returns the pairs of a mapping.
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

// Texts returns the items of a list as texts, nil where n is no list.
func (n *Node) Texts() []string {
	if !n.IsList() {
		return nil
	}
	texts := []string{}
	for _, item := range n.items {
		texts = append(texts, item.Shown())
	}
	return texts
}

// Get follows keys through mappings. A key counts however its first letter is
// written: CloudFormation writes Image where ECS writes image. It returns nil
// where one is missing.
func (n *Node) Get(keys ...string) *Node {
	for _, key := range keys {
		pair, ok := n.pair(key)
		if !ok {
			return nil
		}
		n = pair.Value
	}
	return n
}

// KeyAt returns where a key of a mapping stands; the zero Span where it does
// not.
func (n *Node) KeyAt(key string) source.Span {
	pair, _ := n.pair(key)
	return pair.At
}

func (n *Node) pair(key string) (Pair, bool) {
	if n == nil {
		return Pair{}, false
	}
	for _, p := range n.pairs {
		if p.Key == key || len(p.Key) == len(key) && key != "" && p.Key[1:] == key[1:] && strings.EqualFold(p.Key[:1], key[:1]) {
			return p, true
		}
	}
	return Pair{}, false
}

// Value returns n as the value of a variable.
func (n *Node) Value() fact.Value {
	switch {
	case n.Loose():
		return fact.Unknowable("the default of " + n.why)
	case n.IsScalar():
		return fact.Text(n.text)
	case n.IsNull():
		return fact.Text("")
	case n.IsUnknown():
		return fact.Unknowable(n.why)
	}
	return fact.Unknowable("it is no text")
}

// Variables returns the variables of a mapping from names to values, and what
// they may be more than, where the mapping is open.
func (n *Node) Variables() ([]fact.Supply, []fact.Import) {
	var all []fact.Supply
	for _, p := range n.Pairs() {
		all = append(all, fact.Supply{Kind: fact.Variable, Name: p.Key, At: p.At, Value: p.Value.Value()})
	}
	return all, n.More()
}

// Named returns the variables of a list of mappings with a name and a value,
// whatever their keys are called.
func (n *Node) Named(name string, values ...string) ([]fact.Supply, []fact.Import) {
	var all []fact.Supply
	more := n.More()
	for _, item := range n.Items() {
		key := item.Get(name)
		if !key.IsScalar() {
			more = append(more, item.Hidden("a variable whose name is computed")...)
			continue
		}
		value := item.Get(values[0])
		for _, other := range values[1:] {
			if value.IsNull() {
				value = item.Get(other)
			}
		}
		all = append(all, fact.Supply{Kind: fact.Variable, Name: key.Text(), At: key.At, Value: value.Value()})
	}
	return all, more
}

// More returns what may supply further variables, where n is open.
func (n *Node) More() []fact.Import {
	why, open := n.Open()
	if !open {
		return nil
	}
	return n.Hidden(why)
}

// Hidden returns a set of variables that is not in the tree.
func (n *Node) Hidden(what string) []fact.Import {
	return []fact.Import{{Ref: fact.Ref{Kind: "value of", Name: what}, At: n.At}}
}

// Loosened returns n as a default that whoever uses the definition may replace:
// its text is good for names, and not for what a variable has in the end. An
// empty mapping or list is there to be replaced.
func (n *Node) Loosened(why string) *Node {
	if n == nil || n.kind == unknown {
		return n
	}
	loose := *n
	loose.loose, loose.why = true, why
	if len(n.pairs)+len(n.items) == 0 && (n.kind == mapping || n.kind == list) {
		loose.open = true
	}
	return &loose
}

// Loose reports whether n, or what it is made of, is a default that may be
// replaced.
func (n *Node) Loose() bool { return n != nil && n.loose }

// Pierced returns a text with holes in it, each a value that is not known. What
// it is as a whole is not known either; as JSON its other parts are.
func Pierced(at source.Span, text string, holes []*Node) *Node {
	n := Unknown(at, "a text with what is computed in it", "")
	n.text, n.items = text, holes
	for _, h := range holes {
		if h.Of() != "" {
			n.of = h.Of()
		}
	}
	if len(holes) == 1 {
		n.why = holes[0].Why()
	}
	return n
}

// Moved returns n at another place, and what it holds too: what a loop makes of
// an item stands where the item does.
func (n *Node) Moved(at source.Span) *Node {
	if n == nil {
		return nil
	}
	moved := *n
	moved.At = at
	moved.pairs = append([]Pair(nil), n.pairs...)
	for i := range moved.pairs {
		value := *moved.pairs[i].Value.orNull()
		value.At = at
		moved.pairs[i].At, moved.pairs[i].Value = at, &value
	}
	return &moved
}

func (n *Node) orNull() *Node {
	if n == nil {
		return &Node{}
	}
	return n
}

// Place returns where n is said; the zero Span where n is nil.
func (n *Node) Place() source.Span {
	if n == nil {
		return source.Span{}
	}
	return n.At
}

// PartOf returns n as a part of the resource of an address.
func (n *Node) PartOf(address string) *Node {
	part := *n.orNull()
	part.of = address
	return &part
}
