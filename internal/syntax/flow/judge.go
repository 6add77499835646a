package flow

import (
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// judge tells what becomes of the code at a choice that the value decides.
func (f *File) judge(m *syntax.Match, st state) Outcome {
	branch := m.Node("branch")
	there, missing := m.Node("then"), m.Node("else")
	if !st.present {
		there, missing = missing, there
	}
	var o Outcome
	switch {
	case m.Set["expression"] != "":
		o = f.choice(there, missing, st)
	case missing.IsZero():
		o = f.afterwards(branch, there, st)
	default:
		o = f.otherwise(missing, st)
	}
	if !there.IsZero() {
		o.sheltered = append(o.sheltered, of(there))
		if missing.IsZero() && !st.value && f.returns(there) {
			o.lacking = append(o.lacking, extent{branch.End(), f.within(f.blocks, branch).end})
		}
	}
	if !missing.IsZero() && !st.value {
		o.lacking = append(o.lacking, of(missing))
	}
	if !missing.IsZero() && there.IsZero() && f.leaving(missing) {
		o.sheltered = append(o.sheltered, extent{branch.End(), f.within(f.blocks, branch).end})
	}
	return o
}

// choice is a choice between two expressions.
func (f *File) choice(there, missing syntax.Node, st state) Outcome {
	switch {
	case f.gives(missing, f.exits):
		return Outcome{Fatal: true}
	case f.Null(missing):
		return Outcome{Necessity: fact.Guarded}
	}
	for _, name := range st.names {
		if strings.Contains(there.Text(), name) {
			return Outcome{Necessity: fact.Defaulted, Fallback: missing}
		}
	}
	return Outcome{Necessity: fact.Guarded}
}

// otherwise tells what the statements do that run where the value is absent.
func (f *File) otherwise(missing syntax.Node, st state) Outcome {
	at := of(missing)
	f.spend(len(f.assigns) + len(f.leaves))
	switch {
	case st.value, f.role(missing, "branch") != nil:
		// Another value would lead there too, or a further condition decides.
		return Outcome{Necessity: fact.Guarded}
	case f.gives(missing, f.exits):
		return Outcome{Fatal: true}
	case f.gives(missing, f.errors):
		return Outcome{}
	}
	for _, m := range f.assigns {
		if at.covers(of(m.Node("assign"))) && slices.Contains(st.names, m.Node("name").Text()) {
			return Outcome{Necessity: fact.Defaulted, Fallback: m.Node("value")}
		}
	}
	for _, m := range f.leaves {
		if at.covers(of(m.Node("leave"))) && !m.Node("result").IsZero() {
			o := Outcome{Necessity: fact.Guarded, Fallback: m.Node("result")}
			if text, ok := f.Text(o.Fallback).Literal(); ok && text != "" && f.role(o.Fallback, "string") != nil {
				o.Necessity = fact.Defaulted
			}
			return o
		}
	}
	return Outcome{Necessity: fact.Guarded}
}

// afterwards tells what follows a choice that does nothing where the value is
// absent: either what it would replace holds, or what comes behind it is done.
func (f *File) afterwards(branch, there syntax.Node, st state) Outcome {
	at := of(there)
	f.spend(len(f.assigns))
	for _, m := range f.assigns {
		if !at.covers(of(m.Node("assign"))) || !f.passes(m.Node("value"), st.names) {
			continue
		}
		o := Outcome{Necessity: fact.Defaulted}
		if b := f.resolve(m.Node("name").Text(), branch); b != nil && b.Name.Start() < branch.Start() {
			o.Fallback = b.Value
		}
		return o
	}
	if !f.leaving(there) {
		return Outcome{Necessity: fact.Guarded}
	}
	behind := branch.Next()
	for range 3 {
		if behind.IsZero() {
			break
		}
		if f.gives(behind, f.exits) && f.role(behind, "branch") == nil && !st.value {
			return Outcome{Fatal: true}
		}
		if m := f.role(behind, "leave"); m != nil {
			o := Outcome{Necessity: fact.Guarded, Fallback: m.Node("result")}
			if text, ok := f.Text(o.Fallback).Literal(); ok && text != "" && f.passes(there, st.names) {
				o.Necessity = fact.Defaulted
			}
			return o
		}
		behind = behind.Next()
	}
	return Outcome{Necessity: fact.Guarded}
}

// passes reports whether the expression mentions one of the names.
func (f *File) passes(n syntax.Node, names []string) bool {
	for _, name := range names {
		if len(f.mentions(name, n.Start(), n.End())) > 0 {
			return true
		}
	}
	return false
}

// leaving reports whether the statements leave the block that they stand in.
func (f *File) leaving(n syntax.Node) bool {
	return f.gives(n, f.exits) || f.returns(n)
}

// returns reports whether the statements leave the block, and the program goes on.
func (f *File) returns(n syntax.Node) bool {
	f.spend(len(f.leaves))
	return slices.ContainsFunc(f.leaves, func(m *syntax.Match) bool {
		return of(n).covers(of(m.Node("leave")))
	})
}

// gives reports whether one of the extents stands in the node, and neither in a
// function that is only defined there nor under a further condition.
func (f *File) gives(n syntax.Node, all []extent) bool {
	at := of(n)
	if !f.spend(len(all)) {
		return false
	}
	for _, e := range all {
		if at.covers(e) && f.spend(len(f.functions)+len(f.branches)) && !between(f.functions, at, e) && !between(f.branches, at, e) {
			return true
		}
	}
	return false
}

// between reports whether one of the extents stands between an extent and what
// it is in.
func between(all []extent, at, e extent) bool {
	for _, b := range all {
		if at.covers(b) && b.covers(e) && b != at {
			return true
		}
	}
	return false
}
