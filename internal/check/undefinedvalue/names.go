package undefinedvalue

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/spelling"
)

// parameters are what stands in a name that is told only when the definition is
// used: the same text is the same name all the same.
var parameters = regexp.MustCompile(`\$\{[A-Za-z0-9_]+\}`)

func open(name string) bool { return strings.Contains(name, "${") }

// perhaps reports whether an object that is declared may have the name of a
// mention, once the parameters of the two are known.
func (d declared) perhaps(m mention) bool {
	return slices.ContainsFunc(d.of[m.ref.Kind], func(o fact.Object) bool {
		return same(o.Namespace, m.namespace) && mayBe(o.Name, m.ref.Name)
	})
}

// mayBe reports whether two names can become one.
func mayBe(a, b string) bool {
	if a == b {
		return true
	}
	if !open(a) && !open(b) {
		return false
	}
	// What both begin with is the same in both.
	for a != "" && b != "" {
		n := 1
		if at := parameters.FindStringIndex(a); at != nil && at[0] == 0 {
			n = at[1]
		}
		if !strings.HasPrefix(b, a[:n]) {
			break
		}
		a, b = a[n:], b[n:]
	}
	if !open(a) && !open(b) {
		return a == b
	}
	before := func(s string) string { s, _, _ = strings.Cut(s, "${"); return s }
	after := func(s string) string { return s[strings.LastIndexByte(s, '}')+1:] }
	begins := strings.HasPrefix(before(a), before(b)) || strings.HasPrefix(before(b), before(a))
	ends := strings.HasSuffix(after(a), after(b)) || strings.HasSuffix(after(b), after(a))
	return begins && ends
}

// near reports whether a set is declared in the application that names it, as
// folders tell it: of several applications each may have one of the name.
func near(m mention, s *fact.Set) bool {
	ours, layered := application(m.at.File)
	theirs, both := application(s.At.File)
	return strings.HasPrefix(ours+"/", theirs+"/") || strings.HasPrefix(theirs+"/", ours+"/") || !layered && !both && path.Dir(ours) == path.Dir(theirs)
}

// application returns the folder of the application that a manifest is of, and
// whether it is one of layers: what stands above its base and its overlays.
func application(file string) (dir string, layered bool) {
	dir = path.Dir(file)
	parts := strings.Split(dir, "/")
	for i, part := range parts {
		switch part {
		case "base", "bases", "overlay", "overlays", "components", "environments", "envs":
			return strings.Join(parts[:i], "/"), true
		}
	}
	return dir, false
}

// sibling reports whether what names a set takes another key of it that is
// there: then the two are of one application, although the name of the set is
// told only when it is used.
func sibling(m mention, all []mention, s *fact.Set) bool {
	return slices.ContainsFunc(all, func(o mention) bool {
		return o.ref.Kind == m.ref.Kind && o.ref.Name == m.ref.Name && o.at.File == m.at.File && o.ref.Key != "" && o.ref.Key != m.ref.Key && has(s, o.ref.Key)
	})
}

// orphan returns the one object of the kind that nothing names and whose name is
// that of the mention with a word more or less. It is sure where all the keys that
// are taken of what is named are those that it has.
func orphan(m mention, all []mention, known declared) (found fact.Object, sure, ok bool) {
	for _, o := range known.of[m.ref.Kind] {
		if !same(o.Namespace, m.namespace) || !extends(o.Name, m.ref.Name) || o.Name == found.Name ||
			slices.ContainsFunc(all, func(n mention) bool { return n.ref.Kind == m.ref.Kind && mayBe(n.ref.Name, o.Name) }) {
			continue
		}
		if ok {
			return fact.Object{}, false, false
		}
		found, ok = o, true
	}
	if !ok {
		return fact.Object{}, false, false
	}
	keys := 0
	for _, n := range all {
		if n.ref.Kind != m.ref.Kind || n.ref.Name != m.ref.Name || n.ref.Key == "" {
			continue
		}
		keys++
		if !slices.ContainsFunc(known.sets[m.ref.Kind+" "+found.Name], func(s *fact.Set) bool { return s.Open || has(s, n.ref.Key) }) {
			return fact.Object{}, false, false
		}
	}
	return found, keys > 0, keys > 0 || path.Dir(found.At.File) == path.Dir(m.at.File)
}

// extends reports whether one of two names is the other with words before or
// behind it.
func extends(a, b string) bool {
	as, bs := spelling.Words(a), spelling.Words(b)
	if len(as) > len(bs) {
		as, bs = bs, as
	}
	n := len(as)
	return n > 0 && n < len(bs) && (slices.Equal(as, bs[:n]) || slices.Equal(as, bs[len(bs)-n:]))
}

// left returns the one object of a kind that a file declares and nothing names,
// where the file names one alone that nothing declares.
func left(m mention, all []mention, known declared) (found fact.Object, ok bool) {
	if m.ref.Kind != "PersistentVolumeClaim" && m.ref.Kind != "ConfigMap" && m.ref.Kind != "ServiceAccount" || known.tree[m.ref.Kind+" "+m.ref.Name] {
		return fact.Object{}, false
	}
	for _, n := range all {
		if n.ref.Kind == m.ref.Kind && n.at.File == m.at.File && n.ref.Name != m.ref.Name && !known.object(n.ref.Kind, n.ref.Name, n.namespace) {
			return fact.Object{}, false
		}
	}
	for _, o := range known.of[m.ref.Kind] {
		if o.At.File != m.at.File || o.Name == found.Name {
			continue
		}
		if ok || slices.ContainsFunc(all, func(n mention) bool {
			return n.ref.Kind == m.ref.Kind && (n.ref.Name == o.Name || n.at.File == o.At.File && mayBe(n.ref.Name, o.Name))
		}) {
			return fact.Object{}, false
		}
		found, ok = o, true
	}
	return found, ok
}
