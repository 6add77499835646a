// Package flow follows values within one file: what an expression is made of
// (Text), and what becomes of the code where a value is absent (Absence).
//
// It knows no language. What a language's syntax means is told by a query whose
// captures are the words below; a pattern captures the nodes that take part in
// one construct, and the word of the construct itself names the whole of it.
//
//	@outer @inner             the whole has the value of a part: (x), x as T, x!, int(x);
//	                          with set! strict, it fails where the part is absent
//	@whole @value @fallback   the fallback where the value is absent: x || y
//	@sum @left @right         two texts joined; set! with gives what stands between
//	@format @template @values a template filled in, with a list of values: fmt.Sprintf;
//	                          or with a @single one
//	@string                   a literal text; @hole is an expression within one, with
//	                          what marks it as one; @part is one without
//	@number                   a literal number
//	@null                     a literal that means that there is no value
//	@bind @name @value        a name declared with a value; @ok and @err are names that
//	                          tell whether there was a value
//	@assign @name @value      a new value for a name
//	@field @key @value        a named part of a composite value, or a named argument
//	@parameter                a name whose value comes from the caller
//	@define @function         a function and its name
//	@deferred                 a function's body, not run where it stands
//	@scope                    where the names that are bound in it end
//	@block                    a list of statements
//	@not @inner               true where the part is false
//	@absent @subject          true where the subject is absent; with set! value, it is
//	@present @subject         compared with a value, not with none; true only where
//	                          the subject is there
//	@both @left @right        and
//	@either @left @right      or, of truth values alone
//	@branch @if @then @else   a choice; with set! expression, one that has a value
//	@leave @result            the rest of the block is left: return, continue
//	@exit                     the program, or the call, is given up: throw, os.Exit
//	@error                    an error is handed to the caller
//	@optional @subject        goes on where the subject is absent: x?.y
//	@strict @subject          fails where the subject is absent: x.y
//	@assert @subject          fails by intent where the subject is absent
//	@demand @subject          fails where the subject is false
//	@tried @handler           what the handler stands ready for
package flow

import (
	"cmp"
	"errors"
	"slices"

	"rehearse/internal/syntax"
)

// File is a parsed file in which values can be followed.
type File struct {
	Tree *syntax.Tree

	roles     map[syntax.ID][]role
	names     map[string][]*Binding
	values    map[syntax.ID][]*Binding // by the value that is bound
	scopes    []extent                 // by start
	blocks    []extent                 // by start; the scopes are among them
	functions []extent                 // bodies that are not run where they stand
	branches  []extent                 // statements of which only one part is run
	exits     []extent
	errors    []extent
	leaves    []*syntax.Match
	assigns   []*syntax.Match
	known     map[syntax.ID]known
	fallbacks map[syntax.ID]string
	defined   map[string]syntax.Node // functions, by their names; made when it is needed
	params    map[extent][]*Binding  // by the function
	left      int                    // places that may be looked at yet for the value that is followed
	budget    int                    // comparisons that may be made yet in the file
}

// maxWork bounds the comparisons that are made in a file, of about 10 ns each.
// Files that people write need far fewer.
const maxWork = 50_000_000

// ErrWork is the error for a file in which too many values go too many ways.
var ErrWork = errors.New("not read: too many values to follow in one file")

// spend takes n comparisons from the budget, and reports whether they may be made.
func (f *File) spend(n int) bool {
	f.budget -= n + 1
	return f.budget >= 0
}

// Err returns ErrWork where not everything could be followed.
func (f *File) Err() error {
	if f.budget < 0 {
		return ErrWork
	}
	return nil
}

// role is the part that a node has in a construct.
type role struct {
	name string
	m    *syntax.Match
}

type extent struct{ start, end int }

func of(n syntax.Node) extent { return extent{n.Start(), n.End()} }

func (e extent) covers(o extent) bool { return e.start <= o.start && o.end <= e.end }

type known struct {
	variable string
	value    *string
}

// New looks at a tree with the query that tells what its syntax means.
func New(tree *syntax.Tree, query *syntax.Query) (*File, error) {
	f := &File{
		Tree:      tree,
		roles:     map[syntax.ID][]role{},
		names:     map[string][]*Binding{},
		values:    map[syntax.ID][]*Binding{},
		known:     map[syntax.ID]known{},
		params:    map[extent][]*Binding{},
		budget:    maxWork,
		fallbacks: map[syntax.ID]string{},
	}
	var binds, fields []*syntax.Match
	err := query.Matches(tree, func(m *syntax.Match) {
		for _, c := range m.Captures() {
			if c.Name[0] == '_' {
				continue // only a predicate speaks of it
			}
			f.roles[c.Node.ID()] = append(f.roles[c.Node.ID()], role{c.Name, m})
			switch c.Name {
			case "scope":
				f.scopes = append(f.scopes, of(c.Node))
				f.blocks = append(f.blocks, of(c.Node))
			case "block":
				f.blocks = append(f.blocks, of(c.Node))
			case "deferred":
				f.functions = append(f.functions, of(c.Node))
			case "branch":
				if m.Set["expression"] == "" {
					f.branches = append(f.branches, of(c.Node))
				}
			case "exit":
				f.exits = append(f.exits, of(c.Node))
			case "error":
				f.errors = append(f.errors, of(c.Node))
			case "leave":
				f.leaves = append(f.leaves, m)
			case "assign":
				f.assigns = append(f.assigns, m)
			case "bind", "parameter":
				binds = append(binds, m)
			case "field":
				fields = append(fields, m)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	f.scopes = innermost(f.scopes)
	f.blocks = innermost(f.blocks)
	for _, m := range binds {
		f.bind(m)
	}
	for _, m := range fields {
		f.part(m)
	}
	for _, m := range f.assigns {
		name := m.Node("name")
		if b := f.Resolve(name); b == nil || b.Value.IsZero() && !b.Parameter {
			f.addTo(f.scopeOf(name), &Binding{Name: name, Value: m.Node("value"), path: name.Text(), kind: "name"})
		}
	}
	for _, bound := range f.names {
		sortByPlace(bound)
	}
	for _, params := range f.params {
		sortByPlace(params)
	}
	return f, nil
}

func sortByPlace(all []*Binding) {
	slices.SortStableFunc(all, func(a, b *Binding) int { return cmp.Compare(a.Name.Start(), b.Name.Start()) })
}

func innermost(all []extent) []extent {
	slices.SortFunc(all, func(a, b extent) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	return slices.Compact(all)
}

// within returns the smallest of the extents that holds the node, and is not
// the node itself.
func (f *File) within(all []extent, n syntax.Node) extent {
	at := of(n)
	i, _ := slices.BinarySearchFunc(all, at.start+1, func(e extent, start int) int { return cmp.Compare(e.start, start) })
	for i--; i >= 0 && f.spend(0); i-- {
		if all[i].covers(at) && all[i] != at {
			return all[i]
		}
	}
	return of(n.Tree().Root())
}

// role returns the constructs in which the node has that part.
func (f *File) role(n syntax.Node, name string) *syntax.Match {
	for _, r := range f.roles[n.ID()] {
		if r.name == name {
			return r.m
		}
	}
	return nil
}

// Null reports whether the node is a literal that means that there is no value.
func (f *File) Null(n syntax.Node) bool { return f.role(n, "null") != nil }

// Assigned reports whether the node is what a value is assigned to.
func (f *File) Assigned(n syntax.Node) bool {
	for _, r := range f.roles[n.ID()] {
		if r.name == "name" && !r.m.Node("assign").IsZero() {
			return true
		}
	}
	return false
}

// Field returns the match in which the node is a named part, nil where it is
// none.
func (f *File) Field(n syntax.Node) *syntax.Match { return f.role(n, "field") }

// Composite reports whether the node is a value made of named parts.
func (f *File) Composite(n syntax.Node) bool {
	n = f.inside(n)
	for _, c := range n.Children() {
		if f.role(c, "field") != nil {
			return true
		}
	}
	return false
}

// Default returns what a parameter of the function around the node is where the
// caller gives nothing for it; the zero Node where it must be given.
func (f *File) Default(parameter string, at syntax.Node) syntax.Node {
	b := f.resolve(parameter, at)
	if b == nil || !b.Parameter {
		return syntax.Node{}
	}
	for _, field := range []string{"value", "default_value"} {
		if value := b.Name.Parent().Field(field); !value.IsZero() {
			return value
		}
	}
	return b.Name.Parent().Field("right")
}

// Scope reports whether the node is one in which names end.
func (f *File) Scope(n syntax.Node) bool { return f.role(n, "scope") != nil }

// Option returns the value that a composite value or a list of arguments has
// under one of the keys; the zero Node where it has none.
func (f *File) Option(n syntax.Node, keys ...string) syntax.Node {
	for _, c := range f.inside(n).Children() {
		if m := f.role(c, "field"); m != nil && slices.Contains(keys, unquoted(m.Node("key").Text())) {
			return m.Node("value")
		}
	}
	return syntax.Node{}
}

// inside goes through what only wraps a composite value.
func (f *File) inside(n syntax.Node) syntax.Node {
	for range 8 {
		m := f.role(n, "outer")
		if m == nil {
			return n
		}
		n = m.Node("inner")
	}
	return n
}

// Function is a function that the file defines.
type Function struct {
	Name       string
	Parameters []string
	Node       syntax.Node // the whole of it
}

// Around returns the innermost function around the node whose name is known;
// its Name is "" where there is none.
func (f *File) Around(n syntax.Node) Function {
	for p := n.Parent(); !p.IsZero() && f.spend(8); p = p.Parent() {
		m := f.role(p, "define")
		if m == nil {
			continue
		}
		fn := Function{Name: m.Node("function").Text(), Node: p}
		for _, b := range f.params[of(p)] {
			fn.Parameters = append(fn.Parameters, b.path)
		}
		return fn
	}
	return Function{}
}
