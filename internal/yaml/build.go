package yaml

import "go.yaml.in/yaml/v3"

// builder makes the tree of one document. A mapping or list that is reached by
// several aliases is built once and shared, so memory grows with the file;
// what walking the tree costs is bounded by the count of its values.
type builder struct {
	places     *places
	done       map[*yaml.Node]*Node // nil while the node is being built
	duplicates []Duplicate
	aliased    int
}

func (b *builder) build(raw *yaml.Node, depth int) (*Node, *Error) {
	if raw.Kind == yaml.AliasNode {
		return b.alias(raw, depth)
	}
	n := &Node{At: b.places.at(raw.Line, raw.Column), size: 1, tag: raw.ShortTag()}
	if raw.Kind == yaml.ScalarNode {
		n.kind, n.text = scalar, raw.Value
		if n.tag == "!!null" {
			n.kind = null
		}
		n.plain = raw.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
		n.literal = raw.Style&yaml.LiteralStyle != 0
		if raw.Anchor != "" {
			b.done[raw] = n
		}
		return n, nil
	}
	if depth > MaxDepth {
		return nil, &Error{At: n.At, Reason: "nests too deep"}
	}
	if raw.Anchor != "" {
		b.done[raw] = nil
	}
	var err *Error
	if raw.Kind == yaml.MappingNode {
		n.kind = mapping
		err = b.mapping(n, raw, depth)
	} else {
		n.kind = list
		for _, item := range raw.Content {
			child, cerr := b.build(item, depth+1)
			if cerr != nil {
				return nil, cerr
			}
			n.items = append(n.items, child)
			n.size += child.size
		}
	}
	if err != nil {
		return nil, err
	}
	n.depth = n.deepest() + 1
	if raw.Anchor != "" {
		b.done[raw] = n
	}
	return n, nil
}

func (b *builder) alias(raw *yaml.Node, depth int) (*Node, *Error) {
	at := b.places.at(raw.Line, raw.Column)
	target, known := b.done[raw.Alias]
	if !known || target == nil {
		return nil, &Error{At: at, Reason: "an alias (*…) stands within what it refers to"}
	}
	b.aliased += target.size
	if b.aliased > MaxAlias {
		return nil, &Error{At: at, Reason: "its aliases (*…) make too many values"}
	}
	if depth+target.depth > MaxDepth {
		return nil, &Error{At: at, Reason: "nests too deep"}
	}
	return target, nil
}

// large is the number of keys from which a mapping has an index of them.
const large = 32

func (b *builder) mapping(n *Node, raw *yaml.Node, depth int) *Error {
	first := map[string]int{} // the index of a key among the pairs
	var merges []*yaml.Node
	for i := 0; i+1 < len(raw.Content); i += 2 {
		if raw.Content[i].ShortTag() == "!!merge" {
			merges = append(merges, raw.Content[i+1])
			continue
		}
		key, err := b.build(raw.Content[i], depth+1)
		if err != nil {
			return err
		}
		value, err := b.build(raw.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		if key.kind != scalar && key.kind != null {
			continue // a mapping or a list as key: no definition has any
		}
		pair := Pair{Key: key, Value: value}
		n.size += value.size + 1
		if j, twice := first[key.text]; twice {
			b.duplicates = append(b.duplicates, Duplicate{Key: key.text, At: key.At, First: n.pairs[j].Key.At, Lost: n.pairs[j].Value, Kept: value})
			n.pairs[j] = pair
			continue
		}
		first[key.text] = len(n.pairs)
		n.pairs = append(n.pairs, pair)
	}
	for _, merge := range merges {
		if err := b.merge(n, first, merge, depth); err != nil {
			return err
		}
	}
	if len(n.pairs) > large {
		n.index = first
	}
	return nil
}

// merge lays the pairs of a merge key's value under those of n: a mapping, or
// a list of mappings of which the earlier wins (https://yaml.org/type/merge.html).
func (b *builder) merge(n *Node, first map[string]int, raw *yaml.Node, depth int) *Error {
	value, err := b.build(raw, depth+1)
	if err != nil {
		return err
	}
	from := value.items
	if value.kind == mapping {
		from = []*Node{value}
	}
	for _, m := range from {
		if m.kind != mapping {
			return &Error{At: m.At, Reason: "a merge key (<<) takes a mapping"}
		}
		for _, pair := range m.pairs {
			if _, own := first[pair.Key.text]; own {
				continue
			}
			first[pair.Key.text] = len(n.pairs)
			n.pairs = append(n.pairs, pair)
			n.size += pair.Value.size + 1
		}
	}
	if value.kind != mapping && value.kind != list {
		return &Error{At: value.At, Reason: "a merge key (<<) takes a mapping"}
	}
	return nil
}
