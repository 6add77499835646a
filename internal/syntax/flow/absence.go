package flow

import (
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// Outcome is what becomes of the code where a value that it reads is absent.
type Outcome struct {
	Necessity fact.Necessity
	Fatal     bool
	Fallback  syntax.Node // what is used instead; zero where nothing is, or it is not seen
	Whole     syntax.Node // the expression up to which the value goes on unchanged
	Blank     bool        // the code says in so many words that nothing is used instead

	strict    bool     // it is the use itself that fails, not a test before it
	sheltered []extent // where the value is known to be there
	lacking   []extent // where it is known not to be
}

// state is how far an expression tells of the value that is followed.
type state struct {
	test    bool // the expression is a truth value about it
	present bool // true means that the value is there
	value   bool // it was compared with a value that it may have
	soft    bool // its absence has been tolerated
	strict  bool // its absence has failed something
	failure bool // the value is an error: where it is there, what was wanted is not
	names   []string
	hops    int

	sheltered []extent // where the value is known to be there, by what was passed
}

// maxClimb bounds how far a value is followed outwards, and maxUses how many
// uses of a name are looked at.
const (
	maxClimb = 64
	maxUses  = 100
	maxSteps = 5000 // places that are looked at for one value
)

// Absence tells what becomes of the code where the value of the node, which
// reads something that may be missing, is absent.
func (f *File) Absence(read syntax.Node) Outcome {
	f.left = maxSteps
	return f.follow(read, state{names: []string{read.Text()}, hops: 3})
}

// Test tells the same of an expression that is true where the value is there,
// or, if present is false, where it is not.
func (f *File) Test(read syntax.Node, present bool) Outcome {
	return f.follow(read, state{test: true, present: present, names: []string{read.Text()}, hops: 3})
}

// Failure tells what becomes of the code where the call returns an error.
func (f *File) Failure(call syntax.Node) Outcome {
	f.left = maxSteps
	return f.follow(call, state{failure: true, names: []string{call.Text()}, hops: 3})
}

// Tried returns the construct whose handler stands ready for what fails in the
// node, and whether there is one.
func (f *File) Tried(n syntax.Node) (Outcome, bool) {
	for p := n; !p.IsZero() && f.spend(8); p = p.Parent() {
		if f.role(p, "scope") != nil {
			return Outcome{}, false
		}
		for _, r := range f.roles[p.ID()] {
			if r.name != "tried" {
				continue
			}
			st := state{names: f.boundTo(n)}
			return f.otherwise(r.m.Node("handler"), st), true
		}
	}
	return Outcome{}, false
}

// boundTo returns the names that are given the value of the expression n, or of
// one around it.
func (f *File) boundTo(n syntax.Node) []string {
	names := []string{n.Text()}
	for range 6 {
		for _, r := range f.roles[n.ID()] {
			if r.name == "value" && !r.m.Node("name").IsZero() {
				names = append(names, r.m.Node("name").Text())
			}
		}
		n = n.Parent()
	}
	return names
}

func (f *File) follow(v syntax.Node, st state) Outcome {
	if f.left--; f.left < 0 || !f.spend(8) {
		return Outcome{Whole: v}
	}
	whole, fallback := v, syntax.Node{}
	finish := func(o Outcome) Outcome {
		if !fallback.IsZero() && !st.test {
			o = Outcome{Necessity: fact.Defaulted, Fallback: fallback}
		}
		o.Whole = whole
		o.sheltered = append(o.sheltered, st.sheltered...)
		return o
	}
	for range maxClimb {
		next, done := f.step(v, &st, &fallback)
		if done != nil {
			return finish(*done)
		}
		if next.IsZero() {
			break
		}
		v = next
		if !st.test || st.present {
			whole = v
		}
	}
	switch {
	case st.test || st.soft:
		return finish(Outcome{Necessity: fact.Guarded})
	case st.strict:
		return finish(Outcome{Fatal: true, strict: true})
	}
	return finish(Outcome{})
}

// step goes from an expression to the one around it that tells of the same
// value, or to what becomes of the code.
func (f *File) step(v syntax.Node, st *state, fallback *syntax.Node) (next syntax.Node, done *Outcome) {
	roles := f.roles[v.ID()]
	if len(roles) > 1 {
		roles = judgedFirst(roles)
	}
	for _, r := range roles {
		m := r.m
		switch r.name {
		case "inner":
			if not := m.Node("not"); !not.IsZero() {
				if !st.test {
					st.test, st.present = true, !st.failure
				}
				st.present = !st.present
				return not, nil
			}
			st.strict = st.strict || m.Set["strict"] != ""
			return m.Node("outer"), nil
		case "subject":
			return f.subject(m, st)
		case "value":
			if whole := m.Node("whole"); !whole.IsZero() {
				if !st.test {
					instead := m.Node("fallback")
					if f.gives(instead, f.exits) {
						return syntax.Node{}, &Outcome{Fatal: true}
					}
					if f.role(instead, "leave") != nil {
						return syntax.Node{}, &Outcome{Necessity: fact.Guarded} // x or return
					}
					*fallback = instead
				}
				return whole, nil
			}
			if st.test && m.Node("field").IsZero() && m.Node("bind").IsZero() && m.Node("assign").IsZero() {
				continue
			}
			if o, ok := f.named(m, *st); ok {
				return syntax.Node{}, &o
			}
		case "fallback":
			return m.Node("whole"), nil
		case "left":
			if both := m.Node("both"); !both.IsZero() {
				if !st.test {
					st.test, st.present, st.soft = true, !st.failure, true
				}
				if st.present {
					st.sheltered = append(st.sheltered, of(m.Node("right")))
				}
				st.value = st.value || !st.present && f.asked(m.Node("right"))
				return both, nil
			}
			if either := m.Node("either"); !either.IsZero() {
				return either, nil
			}
		case "right":
			if both := m.Node("both"); !both.IsZero() {
				st.value = st.value || st.test && !st.present && f.asked(m.Node("left"))
				return both, nil
			}
			if either := m.Node("either"); !either.IsZero() {
				return either, nil
			}
		case "if":
			if !st.test {
				st.present = !st.failure
			}
			o := f.judge(m, *st)
			return syntax.Node{}, &o
		case "then", "else":
			if m.Set["expression"] != "" {
				return m.Node("branch"), nil
			}
		case "result":
			if st.test {
				return syntax.Node{}, &Outcome{Necessity: fact.Guarded}
			}
		}
	}
	return syntax.Node{}, nil
}

// judgedFirst puts the names that a value is given behind what is found out
// about it where it is given them: if (!$x = getenv("X")).
func judgedFirst(roles []role) []role {
	named := func(r role) bool { return !r.m.Node("bind").IsZero() || !r.m.Node("assign").IsZero() }
	if !slices.ContainsFunc(roles, named) {
		return roles
	}
	sorted := slices.Clone(roles)
	slices.SortStableFunc(sorted, func(a, b role) int {
		if named(a) == named(b) {
			return 0
		}
		if named(a) {
			return 1
		}
		return -1
	})
	return sorted
}

// asked reports whether a condition is up to the caller: a parameter is a part
// of it.
func (f *File) asked(n syntax.Node) bool {
	if n.End()-n.Start() > maxText {
		return false
	}
	if b := f.names[n.Text()]; len(b) > 0 {
		bound := f.Resolve(n)
		return bound != nil && bound.Parameter
	}
	return slices.ContainsFunc(n.Children(), f.asked)
}

// subject is a value that something is done to or found out about.
func (f *File) subject(m *syntax.Match, st *state) (next syntax.Node, done *Outcome) {
	for _, c := range m.Captures() {
		switch c.Name {
		case "absent", "present":
			st.value = st.value || m.Set["value"] != ""
			if !st.test {
				st.test, st.present = true, !st.failure
			}
			if c.Name == "absent" {
				st.present = !st.present
			}
			return c.Node, nil
		case "optional":
			st.soft = true
			return c.Node, nil
		case "strict":
			if st.soft {
				return c.Node, nil // the rest of a chain x?.y.z
			}
			if !st.test {
				return syntax.Node{}, &Outcome{Fatal: true, strict: true}
			}
		case "assert":
			return syntax.Node{}, &Outcome{Fatal: true}
		case "demand":
			if !st.test || st.present {
				return syntax.Node{}, &Outcome{Fatal: true}
			}
		}
	}
	return syntax.Node{}, nil
}

// named follows a value to the uses of the names that it is given.
func (f *File) named(m *syntax.Match, st state) (Outcome, bool) {
	if st.hops <= 0 {
		return Outcome{}, false
	}
	if st.test && st.value {
		return Outcome{Necessity: fact.Guarded}, true
	}
	var all []Outcome
	for _, b := range f.values[m.Node("value").ID()] {
		all = append(all, f.uses(b, st)...)
	}
	if name := m.Node("name"); !m.Node("assign").IsZero() && !name.IsZero() {
		if b := f.Resolve(name); b != nil {
			after := *b
			after.Name = name
			all = append(all, f.uses(&after, st)...)
		} else {
			all = append(all, f.uses(&Binding{Name: name, path: name.Text(), scope: of(f.Tree.Root()), kind: "name"}, st)...)
		}
	}
	if st.test {
		for _, o := range all {
			if o.Fatal && !o.strict {
				return o, true
			}
		}
		return Outcome{Necessity: fact.Guarded}, true
	}
	return f.gravest(all, st), len(all) > 0
}

// gravest tells what becomes of a value from what becomes of each of its uses.
// A literal that is taken instead comes before all else; another value that is
// may be absent too.
func (f *File) gravest(uses []Outcome, st state) Outcome {
	var sheltered, lacking []extent
	for _, o := range uses {
		sheltered = append(sheltered, o.sheltered...)
		lacking = append(lacking, o.lacking...)
	}
	pick := func(fits func(Outcome) bool) (Outcome, bool) {
		i := slices.IndexFunc(uses, fits)
		if i < 0 {
			return Outcome{}, false
		}
		o := uses[i]
		o.sheltered, o.lacking = sheltered, lacking
		return o, true
	}
	open := func(o Outcome) bool {
		return !slices.ContainsFunc(sheltered, func(e extent) bool { return e.covers(of(o.Whole)) })
	}
	replaced := func(o Outcome) bool { return o.Necessity == fact.Defaulted }
	literal := func(o Outcome) bool { _, ok := f.Text(o.Fallback).Literal(); return replaced(o) && ok }
	if o, ok := pick(func(o Outcome) bool { return o.Fatal && !o.strict && open(o) }); ok {
		if d, ok := pick(replaced); ok {
			o.Fallback = d.Fallback
		}
		if d, ok := pick(literal); !ok || d.Whole.Start() > o.Whole.Start() {
			return o
		}
	}
	for _, fits := range []func(Outcome) bool{
		replaced,
		func(o Outcome) bool { return o.strict && open(o) },
		func(o Outcome) bool { return o.Necessity == fact.Guarded },
	} {
		if o, ok := pick(fits); ok {
			return o
		}
	}
	if st.soft {
		return Outcome{Necessity: fact.Guarded}
	}
	return Outcome{Fatal: st.strict, strict: st.strict, sheltered: sheltered, lacking: lacking}
}

// Sheltered reports whether the node stands where a test has made sure that the
// value is there.
func (o *Outcome) Sheltered(n syntax.Node) bool {
	return slices.ContainsFunc(o.sheltered, func(e extent) bool { return e.covers(of(n)) })
}

// Tells reports whether the outcome tells anything of other places in the file.
func (o *Outcome) Tells() bool {
	return len(o.sheltered) > 0 || len(o.lacking) > 0 || !o.Fallback.IsZero()
}

// Lacking reports whether the node stands where the value is known to be absent.
func (o *Outcome) Lacking(n syntax.Node) bool {
	return slices.ContainsFunc(o.lacking, func(e extent) bool { return e.covers(of(n)) })
}

// Strict reports whether it is the use of the value that fails, and no test.
func (o *Outcome) Strict() bool { return o.strict }
