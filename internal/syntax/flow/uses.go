package flow

import (
	"bytes"
	"regexp"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// uses tells what becomes of each use of a name up to where it is bound anew.
func (f *File) uses(b *Binding, st state) []Outcome {
	st.hops--
	st.names = append(slices.Clone(st.names), b.path)
	if b.kind != "name" {
		for _, o := range f.values[b.Value.ID()] {
			st.names = append(st.names, o.path)
		}
	}
	switch b.kind {
	case "ok":
		st.test, st.present = true, true
	case "err":
		st.failure = true
		if b.path == "_" {
			return []Outcome{{Necessity: fact.Guarded, Whole: b.Value}}
		}
	}
	from, to := b.Name.End(), b.scope.end
	block := f.within(f.blocks, b.Name)
	f.spend(len(f.names[b.path]))
	for _, o := range f.names[b.path] {
		if o.Name.Start() > from && o.Name.Start() < to && f.within(f.blocks, o.Name) == block {
			to = o.Name.Start()
		}
	}
	if member(b.path) {
		from, to = 0, len(f.Tree.File.Data)
	}
	var all []Outcome
	for _, n := range f.mentions(b.path, from, to) {
		if n.ID() == b.Name.ID() || !member(b.path) && f.hidden(b, n) {
			continue
		}
		all = append(all, f.follow(n, st))
	}
	return all
}

var ownMember = regexp.MustCompile(`^(this|self|cls)\.|^@|^\$this->|^(self|static)::\$`)

// member reports whether the path is of an object's own member, which other
// functions see too.
func member(path string) bool { return ownMember.MatchString(path) }

// hidden reports whether another binding of the name is meant at n.
func (f *File) hidden(b *Binding, n syntax.Node) bool {
	o := f.resolve(b.path, n)
	return o != nil && o.scope != b.scope && b.scope.covers(o.scope)
}

// mentions returns the nodes between two offsets whose source is the path.
func (f *File) mentions(path string, from, to int) []syntax.Node {
	data := f.Tree.File.Data
	var all []syntax.Node
	if path == "" || !f.spend((to-from)/64) {
		return nil
	}
	for at := from; at < to && len(all) < maxUses; {
		i := bytes.Index(data[at:to], []byte(path))
		if i < 0 {
			break
		}
		start, end := at+i, at+i+len(path)
		f.spend(16)
		at = end
		if start > 0 && (word(data[start-1]) || data[start-1] == '.' && !dots(data, start)) || end < len(data) && word(data[end]) {
			continue
		}
		if n := f.Tree.At(start, end); n.Start() == start && n.End() == end {
			all = append(all, n)
		}
	}
	return all
}

// dots reports whether what stands before the offset is a spread, not a member.
func dots(data []byte, at int) bool { return at >= 3 && string(data[at-3:at]) == "..." }

func word(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
