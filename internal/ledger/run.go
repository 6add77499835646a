package ledger

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// Run is a component in an environment: the variables that reach it there.
type Run struct {
	Environment *fact.Environment
	Workload    *fact.Workload // nil where the developer starts it by hand
	Stage       *fact.Stage    // the stage of a Dockerfile that it runs; nil where it is not known
	Dockerfile  string         // that the stage stands in

	layers   []layer
	index    *index // of the layers
	unknown  []Opaque
	settings []*settings                            // those of the component's code
	settled  map[string]bool                        // variables of which nothing can be said: files of settings tell that they are not needed, or may give them
	context  string                                 // of the build, where it is known otherwise than by the workload
	entry    string                                 // the file that it starts in, where reach is known
	reach    map[string]bool                        // the files that it comes to; nil where that is not known
	build    *Build                                 // nil where it is not known
	ignored  func(context, file string) (Why, bool) // whether git or docker keeps a file out of the context

	idle, woken map[string]bool // scripts and templates of the component, and those that the run comes to
}

// layer is a group of supplies; a later layer hides an earlier one.
type layer struct {
	supplies []fact.Supply
	at       source.Span // where the layer as a whole is taken in
	image    bool        // it is the image's own
}

// Opaque is something that may supply variables and cannot be seen into.
type Opaque struct {
	What string // for a person: "the Secret api-secrets, which no file here declares"
	At   source.Span
	Kind string // of the set: Secret, ConfigMap, dotenv
}

// Shown returns a supply as a report may show it, without its value: NAME=…
// where the format writes both on one line, else the name.
func Shown(s fact.Supply) string {
	base := path.Base(s.At.File)
	oneLine := strings.HasPrefix(base, ".env") || strings.HasSuffix(base, ".env") || strings.Contains(base, "Dockerfile")
	if oneLine && s.Value.Origin != fact.PassThrough {
		return s.Name + "=…"
	}
	return s.Name
}

// State says whether a variable reaches a run.
type State int

// The states.
const (
	Absent   State = iota // nothing supplies it
	Supplied              // something does
	Unknown               // something that cannot be seen into may supply it
)

// Variable returns whether the variable of that name reaches the process, and
// the supply by which it does. A supply by reference is followed to the set
// where that is in the tree: the supply returned then has the value that
// stands there, and via is where the reference stands.
func (r *Run) Variable(name string) (supply fact.Supply, via source.Span, state State) {
	if r.index == nil || r.index.layers != len(r.layers) {
		r.index = newIndex(r.layers)
	}
	if s, ok := r.index.strongest[name]; ok {
		return r.follow(s)
	}
	if len(r.unknown) > 0 || r.settled[name] || r.byPlatform(name) || r.index.parts[name] {
		return fact.Supply{}, source.Span{}, Unknown
	}
	return fact.Supply{}, source.Span{}, Absent
}

// index is the variables of layers by their names.
type index struct {
	layers    int // how many there were
	strongest map[string]fact.Supply
	parts     map[string]bool // what is given in parts, A__B, to a library that puts them together
}

func newIndex(layers []layer) *index {
	x := &index{layers: len(layers), strongest: map[string]fact.Supply{}, parts: map[string]bool{}}
	for _, l := range layers {
		for _, s := range l.supplies {
			if s.Kind != fact.Variable || s.Phase != fact.Run {
				continue
			}
			x.strongest[s.Name] = s
			for at := 0; ; {
				i := strings.Index(s.Name[at:], "__")
				if i < 0 {
					break
				}
				x.parts[s.Name[:at+i]] = true
				at += i + 1
			}
		}
	}
	return x
}

func (r *Run) follow(s fact.Supply) (fact.Supply, source.Span, State) {
	if s.Value.Origin != fact.Reference {
		return s, source.Span{}, Supplied
	}
	set := r.set(s.Value.Ref)
	if set == nil {
		return s, source.Span{}, Supplied
	}
	for _, in := range set.Supplies {
		if in.Name == s.Value.Ref.Key {
			found := in
			found.Name = s.Name
			return found, s.At, Supplied
		}
	}
	if s.Value.Ref.Optional && !set.Open {
		return fact.Supply{}, source.Span{}, Absent
	}
	return s, source.Span{}, Supplied
}

// Names returns the names of the variables that reach the run, sorted.
func (r *Run) Names() []string {
	var names []string
	for _, l := range r.layers {
		for _, s := range l.supplies {
			if s.Kind == fact.Variable && s.Phase == fact.Run {
				names = append(names, s.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Own returns the supplies that the definition of the run says for this
// workload alone: not those of the image, nor those of a set that it takes
// whole and may share with others.
func (r *Run) Own() []fact.Supply {
	if r.Workload == nil {
		return nil
	}
	own := r.Workload.Supplies
	for _, s := range r.settings {
		own = s.respelt(own)
	}
	return own
}

// Opaque returns what may supply variables and cannot be seen into.
func (r *Run) Opaque() []Opaque { return r.unknown }

// Place returns where a variable that is missing would be added.
func (r *Run) Place() source.Span {
	if r.Workload == nil {
		return source.Span{}
	}
	if !r.Workload.EnvAt.IsZero() {
		return r.Workload.EnvAt
	}
	return r.Workload.At
}

func (r *Run) set(ref fact.Ref) *fact.Set {
	for i := range r.Environment.Sets {
		s := &r.Environment.Sets[i]
		if s.Kind == ref.Kind && s.Name == ref.Name && sameNamespace(s, r.Workload) {
			return s
		}
	}
	return nil
}

// sameNamespace reports whether a workload can see a set. A definition without
// a namespace is put into the one that it is applied to, which can be any.
func sameNamespace(s *fact.Set, w *fact.Workload) bool {
	return w == nil || s.Namespace == "" || w.Namespace == "" || s.Namespace == w.Namespace
}

// Explicit returns the supplies that the definition of the run says itself, in
// the workload or in a set that it takes whole: not those of the image.
func (r *Run) Explicit() []fact.Supply {
	var supplies []fact.Supply
	for _, l := range r.layers {
		if l.image {
			continue
		}
		for _, s := range l.supplies {
			if s.Kind == fact.Variable && s.Phase == fact.Run {
				supplies = append(supplies, s)
			}
		}
	}
	return supplies
}

// PlaysOther reports whether the run starts something else than each of the
// others: workloads of one image play different parts, and this one may never
// come to where the others read something.
func (r *Run) PlaysOther(others []*Run) bool {
	own, _ := r.Command()
	return len(others) > 0 && !slices.ContainsFunc(others, func(o *Run) bool {
		theirs, _ := o.Command()
		return slices.Equal(own, theirs)
	})
}

// Command returns what production starts: the workload's command and arguments
// over those of the image (Kubernetes documentation, "Define a Command and
// Arguments for a Container"), and where that is said.
func (r *Run) Command() ([]string, source.Span) {
	if r.Workload == nil {
		return nil, source.Span{}
	}
	w := r.Workload
	command, args, at := w.Command, w.Args, w.StartAt
	if command == nil && r.Stage != nil {
		command = r.Stage.Entrypoint
		if args == nil {
			args = r.Stage.Cmd
		}
		if at.IsZero() {
			at = r.Stage.StartAt
		}
	}
	return append(slices.Clone(command), args...), at
}
