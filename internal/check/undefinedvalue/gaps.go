package undefinedvalue

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
)

// mention is a place at which an environment names an object.
type mention struct {
	ref       fact.Ref
	namespace string
	by        string
	workload  string
	at        source.Span
}

// gap is a mention of what is not there.
type gap struct {
	mention
	subject  string
	severity finding.Severity
	message  string
	remedy   string
	other    source.Span // where what was meant stands, or what lacks the key
	role     finding.Role
}

// mentions returns every place at which an environment names a ConfigMap, a
// Secret or another object, and cannot do without it.
func mentions(e *fact.Environment) []mention {
	var all []mention
	add := func(ref fact.Ref, namespace, by, workload string, at source.Span) {
		if !ref.Optional && ref.Name != "" && !strings.ContainsAny(parameters.ReplaceAllString(ref.Name, "")+ref.Key, "${}<>") && !strings.Contains(ref.Name, "made-up-") &&
			strings.Trim(ref.Name, "-.") == ref.Name { // else a part of the name comes from a chart that is not in the tree
			all = append(all, mention{ref, namespace, by, workload, at})
		}
	}
	for i := range e.Workloads {
		w := &e.Workloads[i]
		for _, s := range w.Supplies {
			if s.Value.Origin == fact.Reference {
				add(s.Value.Ref, w.Namespace, s.Name, w.Name, s.At)
			}
		}
		for _, in := range w.Imports {
			add(in.Ref, w.Namespace, "envFrom", w.Name, in.At)
		}
	}
	for _, m := range e.Mentions {
		add(m.Ref, m.Namespace, m.By, m.Workload, m.At)
	}
	return all
}

// gaps returns what an environment names and does not have, as far as its tree
// tells that it should.
func gaps(e *fact.Environment, tree map[string]bool, laid map[string][]*fact.Set) []gap {
	if e.Kind != "kubernetes" {
		return nil
	}
	all := mentions(e)
	known := index(e)
	known.tree, known.laid = tree, laid
	var found []gap
	for _, m := range all {
		var g gap
		ok := false
		switch m.ref.Kind {
		case "ConfigMap", "Secret":
			set := known.set(m)
			if set == nil && known.object(m.ref.Kind, m.ref.Name, m.namespace) {
				continue
			}
			switch {
			case set != nil:
				g, ok = key(m, set)
				ok = ok && (g.role == finding.Related || !open(m.ref.Name) && near(m, set) && !known.completed(m, set) || sibling(m, all, set) && !known.completed(m, set) && !namesake(m, all, set))
			case !known.perhaps(m):
				g, ok = absent(m, all, known)
			}
		default:
			if !known.object(m.ref.Kind, m.ref.Name, m.namespace) && !known.perhaps(m) {
				g, ok = absent(m, all, known)
			}
		}
		if ok {
			found = append(found, g)
		}
	}
	return found
}

// declared is what an environment declares.
type declared struct {
	e    *fact.Environment
	sets map[string][]*fact.Set
	of   map[string][]fact.Object // by kind
	tree map[string]bool          // kinds and names that some environment declares
	laid map[string][]*fact.Set   // by kind and name: the sets of all environments
}

// everywhere returns the kinds and names that some environment declares.
func everywhere(environments []*fact.Environment) map[string]bool {
	tree := map[string]bool{}
	for _, e := range environments {
		for i := range e.Sets {
			tree[e.Sets[i].Kind+" "+e.Sets[i].Name] = true
		}
		for i := range e.Objects {
			tree[e.Objects[i].Kind+" "+e.Objects[i].Name] = true
		}
	}
	return tree
}

func index(e *fact.Environment) declared {
	d := declared{e: e, sets: map[string][]*fact.Set{}, of: map[string][]fact.Object{}}
	for i := range e.Sets {
		s := &e.Sets[i]
		d.sets[s.Kind+" "+s.Name] = append(d.sets[s.Kind+" "+s.Name], s)
		if s.Kind == "ConfigMap" || s.Kind == "Secret" {
			d.of[s.Kind] = append(d.of[s.Kind], fact.Object{Kind: s.Kind, Name: s.Name, Namespace: s.Namespace, At: s.At})
		}
	}
	for _, o := range e.Objects {
		if o.Kind != "ConfigMap" && o.Kind != "Secret" {
			d.of[o.Kind] = append(d.of[o.Kind], o)
		}
	}
	for _, v := range e.Volumes {
		if v.Kind == "claim" && v.Each {
			d.of["PersistentVolumeClaim"] = append(d.of["PersistentVolumeClaim"], fact.Object{Kind: "PersistentVolumeClaim", Name: v.Name, Namespace: v.Namespace, At: v.At})
		}
	}
	return d
}

// same reports whether an object can be the one that is named: a definition
// without a namespace is put into the one that it is applied to.
func same(a, b string) bool { return a == "" || b == "" || a == b || open(a) || open(b) }

func (d declared) object(kind, name, namespace string) bool {
	return slices.ContainsFunc(d.of[kind], func(o fact.Object) bool { return o.Name == name && same(o.Namespace, namespace) })
}

// set returns the set that is named; of several, which are variants of one, one
// that has the key or is open.
func (d declared) set(m mention) *fact.Set {
	var found *fact.Set
	for _, s := range d.sets[m.ref.Kind+" "+m.ref.Name] {
		if !same(s.Namespace, m.namespace) {
			continue
		}
		if found = s; s.Open || has(s, m.ref.Key) {
			return s
		}
	}
	return found
}

func has(s *fact.Set, key string) bool {
	return key == "" || slices.ContainsFunc(s.Supplies, func(in fact.Supply) bool { return in.Name == key })
}

// key judges a key of a set that is declared. An empty one, or an open one, is
// filled elsewhere.
func key(m mention, s *fact.Set) (gap, bool) {
	if s.Open || len(s.Supplies) == 0 || has(s, m.ref.Key) {
		return gap{}, false
	}
	g := gap{mention: m, subject: m.ref.Name + "#" + m.ref.Key, severity: finding.Error, other: s.At, role: finding.Absent}
	g.message = fmt.Sprintf("%s takes the key %s of the %s %s, which has no such key", m.by, m.ref.Key, m.ref.Kind, m.ref.Name)
	g.remedy = fmt.Sprintf("add the key %s to the %s at %s:%d", m.ref.Key, m.ref.Kind, s.At.File, s.At.Line)
	for _, in := range s.Supplies {
		if spelling.Near(in.Name, m.ref.Key) {
			g.message += "; it has " + in.Name
			g.remedy = fmt.Sprintf("write %s for %s at %s:%d", in.Name, m.ref.Key, m.at.File, m.at.Line)
			g.other, g.role = in.At, finding.Related
			break
		}
	}
	return g, true
}

// absent judges an object that the environment does not declare. That alone
// says little, since much is made by hand and by operators; a name that is
// nearly the same says much, and so does that all its like are declared.
func absent(m mention, all []mention, known declared) (gap, bool) {
	g := gap{mention: m, subject: m.ref.Name, role: finding.Related}
	g.message = fmt.Sprintf("%s names the %s %s, which nothing here declares", m.by, m.ref.Kind, m.ref.Name)
	if o, ok := meant(m, all, known); ok {
		g.severity, g.other = finding.Error, o.At
		g.message += "; " + o.Name + " is declared"
		g.remedy = fmt.Sprintf("write %s for %s at %s:%d", o.Name, m.ref.Name, m.at.File, m.at.Line)
		return g, true
	}
	if o, sure, ok := orphan(m, all, known); ok {
		if g.severity = finding.Warning; sure {
			g.severity = finding.Error
		}
		g.other = o.At
		g.message += "; " + o.Name + " is declared, and nothing names it"
		g.remedy = fmt.Sprintf("write %s for %s at %s:%d", o.Name, m.ref.Name, m.at.File, m.at.Line)
		return g, true
	}
	if o, ok := left(m, all, known); ok {
		g.severity, g.other = finding.Warning, o.At
		g.message += "; the file declares " + o.Name + ", and nothing names it"
		g.remedy = fmt.Sprintf("write %s for %s at %s:%d, if they are one", o.Name, m.ref.Name, m.at.File, m.at.Line)
		return g, true
	}
	if m.ref.Kind == "Secret" {
		o, ok := renamed(m, all, known)
		if !ok {
			return gap{}, false
		}
		g.severity, g.other = finding.Warning, o.at
		g.message = fmt.Sprintf("%s names the Secret %s, while %s names %s: one of the two looks like a name of before", m.by, m.ref.Name, o.by, o.ref.Name)
		g.remedy = fmt.Sprintf("write %s for %s at %s:%d, if they are one", o.ref.Name, m.ref.Name, m.at.File, m.at.Line)
		return g, true
	}
	like := beside(m, known)
	switch m.ref.Kind {
	case "ConfigMap", "PersistentVolumeClaim", "ServiceAccount":
		if len(like) == 0 || known.tree[m.ref.Kind+" "+m.ref.Name] || made(m, known) || !others(m, all, known) {
			return gap{}, false
		}
		g.severity = finding.Warning
	case "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Service":
		if len(like) == 0 {
			return gap{}, false
		}
		g.severity = finding.Warning
	default:
		return gap{}, false // a kind of somebody else's
	}
	g.other = like[0].At
	g.remedy = fmt.Sprintf("declare the %s %s beside %s, or name another at %s:%d", m.ref.Kind, m.ref.Name, like[0].Name, m.at.File, m.at.Line)
	return g, true
}

// meant returns the one object of the kind whose name is nearly the same, and
// that nobody names as it is.
func meant(m mention, all []mention, known declared) (fact.Object, bool) {
	var found []fact.Object
	for _, o := range known.of[m.ref.Kind] {
		if spelling.Near(o.Name, m.ref.Name) && same(o.Namespace, m.namespace) &&
			!slices.ContainsFunc(all, func(n mention) bool { return n.ref.Kind == m.ref.Kind && n.ref.Name == o.Name && n.by == m.by }) &&
			!slices.ContainsFunc(found, func(f fact.Object) bool { return f.Name == o.Name }) {
			found = append(found, o)
		}
	}
	if len(found) != 1 {
		return fact.Object{}, false
	}
	return found[0], true
}

// renamed returns another Secret that the same workload names, nothing declares
// and that has nearly the same name: the trace of a rename that went half way.
// The one that is named less often is the one to be told of.
func renamed(m mention, all []mention, known declared) (mention, bool) {
	count := func(name string) int {
		n := 0
		for _, o := range all {
			if o.ref.Kind == "Secret" && o.ref.Name == name {
				n++
			}
		}
		return n
	}
	for _, o := range all {
		if o.ref.Kind != "Secret" || o.workload != m.workload || o.ref.Name == m.ref.Name || o.at.File != m.at.File ||
			known.object("Secret", o.ref.Name, m.namespace) || o.ref.Key != "" && o.ref.Key == m.ref.Key {
			continue
		}
		if !spelling.Near(o.ref.Name, m.ref.Name) && !spelling.Shortened(o.ref.Name, m.ref.Name) {
			continue
		}
		ours, theirs := count(m.ref.Name), count(o.ref.Name)
		if ours < theirs || ours == theirs && m.at.Compare(o.at) < 0 {
			return o, true
		}
	}
	return mention{}, false
}

// beside returns the objects of the kind that are declared where the mention
// stands: in its folder, or below it.
func beside(m mention, known declared) []fact.Object {
	var found []fact.Object
	for _, o := range known.of[m.ref.Kind] {
		if same(o.Namespace, m.namespace) && path.Dir(o.At.File) == path.Dir(m.at.File) {
			found = append(found, o)
		}
	}
	return found
}

// others reports whether everything else of the kind that the folder names is
// declared: then it is the habit of the tree to declare them.
func others(m mention, all []mention, known declared) bool {
	found := false
	for _, o := range all {
		if o.ref.Kind != m.ref.Kind || o.ref.Name == m.ref.Name || path.Dir(o.at.File) != path.Dir(m.at.File) {
			continue
		}
		if !known.object(o.ref.Kind, o.ref.Name, o.namespace) {
			return false
		}
		found = true
	}
	return found
}

// made reports whether an object of another kind may make what is named: it has
// its name, or the beginning of it, as what operators make has.
func made(m mention, known declared) bool {
	for kind, objects := range known.of {
		switch kind {
		case "Deployment", "StatefulSet", "DaemonSet", "Service", "ConfigMap", "Secret", "Ingress", "CronJob", "Job", "ServiceAccount", "PersistentVolumeClaim", "Namespace":
			continue
		}
		for _, o := range objects {
			if strings.HasPrefix(m.ref.Name, o.Name) {
				return true
			}
		}
	}
	return m.ref.Name == "kube-root-ca.crt" // which every namespace has
}

func (g gap) finding(l *ledger.Ledger, e *fact.Environment) finding.Finding {
	component, _ := where(l, g.at.File, g.workload)
	f := doc.Finding(g.severity, component, e.Name, g.subject)
	f.Message = g.message
	f.Consequence = "the container is not started: the platform waits for what is named"
	switch g.ref.Kind {
	case "ServiceAccount":
		f.Consequence = "no pod is made: the platform refuses one whose service account is not there"
	case "ConfigMap", "Secret", "PersistentVolumeClaim":
	case "service", "volume", "network", "secret", "config":
		f.Consequence = "Compose refuses the whole project"
	default:
		f.Consequence = "nothing is scaled"
	}
	f.Remedy = g.remedy
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: g.at, Text: g.subject, Environment: e.Name}}
	if !g.other.IsZero() {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: g.role, At: g.other, Environment: e.Name})
	}
	return f
}
