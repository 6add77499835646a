package image

import (
	"path"
	"strings"

	"rehearse/internal/source"
)

// view is a stage as it was after some of its layers.
type view struct {
	stage *stage
	upto  int
	looks *int // changes that may still be looked at
	until int  // of a view that an effect is given: how far the question goes
	own   bool // what is asked for is the project's own: no package brings it
}

// says is what one change tells of a path.
type says int

const (
	silent  says = iota
	has          // it is there from here on
	lacks        // it is gone from here on
	adds         // it may be there from here on
	drops        // it may be gone from here on
	follows      // it is what stands at another path
)

// verdict is what one change tells of a path, and why.
type verdict struct {
	says
	kind Kind
	why  string
	at   source.Span // zero: where the change is
	from string      // has: the file of the context
	to   string      // follows: the path
}

// find looks for a path, if nobody did before.
func (v view) find(p string) Answer {
	known := &v.stage.known
	if !known.ready {
		return v.search(p)
	}
	q := question{p, v.upto, v.own}
	if was, ok := known.get(q); ok && was.cost <= *v.looks {
		*v.looks -= was.cost
		return was.Answer
	}
	before := *v.looks
	a := v.search(p)
	if *v.looks >= 0 {
		known.put(q, answered{a, before - *v.looks})
	}
	return a
}

// search looks for a path from the last change to the first: the first that is
// certain decides, and what may have happened since makes it unknown.
func (v view) search(p string) Answer {
	n := min(v.upto, len(v.stage.layers))
	if *v.looks -= n + 1; *v.looks < 0 {
		return Answer{Why: "too much is copied to and fro to be followed", At: v.stage.At}
	}
	var add, drop, note *Answer
	for i := n - 1; i >= 0; i-- {
		l := &v.stage.layers[i]
		if v.own && foreign(l.effect) {
			continue
		}
		said := l.see(view{v.stage, i, v.looks, v.upto, v.own}, p)
		if said.says == silent && (note != nil || said.why == "") {
			continue
		}
		a := Answer{Kind: said.kind, Why: said.why, At: said.at, From: said.from}
		if a.At.IsZero() {
			a.At = l.at
		}
		if l.maybe {
			if said.says != silent && said.says != adds {
				a.Why += ", but the command may be skipped"
			}
			switch said.says {
			case has:
				said.says = adds
			case lacks:
				said.says = drops
			case follows:
				said.says = adds
			}
		}
		switch said.says {
		case silent:
			note = &a
		case has:
			if drop != nil {
				return *drop
			}
			a.State = Present
			return a
		case lacks:
			if add != nil {
				return *add
			}
			a.State = Absent
			return a
		case follows:
			a := v.find(said.to)
			switch {
			case a.State == Present && drop != nil:
				return *drop
			case a.State == Absent && add != nil:
				return *add
			}
			return a
		case adds:
			if add == nil {
				a.Kind, a.From = Any, ""
				add = &a
			}
		case drops:
			if drop == nil {
				a.Kind, a.From = Any, ""
				drop = &a
			}
		}
	}
	var below Answer
	if v.stage.parent != nil {
		below = view{stage: v.stage.parent, upto: len(v.stage.parent.layers), looks: v.looks, own: v.own}.find(p)
	} else if below = v.stage.base.find(p, v.stage.At); v.own && v.stage.base.system != nil {
		below = Answer{State: Absent, Why: "no step puts it there", At: v.stage.At}
	}
	switch {
	case below.State == Present && drop != nil:
		return *drop
	case below.State == Absent && add != nil:
		return *add
	case below.State == Unknown && add != nil:
		return *add
	case below.State == Absent && note != nil:
		note.State = Absent
		return *note
	}
	return below
}

// foreign reports whether a change only brings what is not the project's own.
func foreign(e effect) bool {
	switch e := e.(type) {
	case installed, purged, openedTools:
		return true
	case opened:
		return e.programs != every && e.dir == "/"
	}
	return false
}

// source returns the file of the context that stands at a path.
func (v view) source(p string) ([]byte, string, bool) {
	a := v.find(p)
	if a.State != Present || a.From == "" {
		return nil, "", false
	}
	data, ok := v.stage.model.context.read(a.From)
	return data, a.From, ok
}

// exists answers by whether something is at p: it, or what is below it.
func exists(made, p string, kind Kind) (Kind, bool) {
	switch {
	case p == made:
		return kind, true
	case under(p, made):
		return Folder, true
	}
	return Any, false
}

// made is a file or folder that a step makes.
type made struct {
	path string
	kind Kind
	why  string
	from string // the file of the context that it is
}

func (e made) see(_ view, p string) verdict {
	kind, ok := exists(e.path, p, e.kind)
	if !ok {
		return verdict{}
	}
	from := e.from
	if p != e.path {
		from = ""
	}
	return verdict{says: has, kind: kind, why: e.why, from: from}
}

// reach says which programs something may bring along.
type reach int

const (
	none  reach = iota
	tools       // those that come with libraries and sources of any kind
	every       // those that distributions package, too
)

// opened says that something may have been written below a folder.
type opened struct {
	dir      string
	begins   string // what the path begins with, where more than the folder is known
	programs reach  // also to folders of programs
	why      string
}

func (e opened) see(_ view, p string) verdict {
	if !under(e.dir, p) || !strings.HasPrefix(p, e.begins) {
		return verdict{}
	}
	switch dir := path.Dir(p); {
	case programDir(dir) && !programDir(e.dir) && e.programs == none:
		return verdict{}
	case (programDir(dir) || path.Base(dir) == "bin") && e.programs != every && packaged(path.Base(p)):
		return verdict{}
	}
	return verdict{says: adds, why: e.why}
}

// removed is what rm takes away; its path may be a pattern of path.Match, of
// which each part is matched with a part of the path.
type removed struct {
	path string
	glob bool
	why  string
}

func (e removed) see(_ view, p string) verdict {
	if !e.glob {
		if under(e.path, p) {
			return verdict{says: lacks, why: e.why}
		}
		return verdict{}
	}
	if covers(e.path, p) {
		return verdict{says: lacks, why: e.why}
	}
	return verdict{}
}

// covers reports whether a pattern matches p or a folder that p is in. As in a
// shell, a wildcard at the beginning of a name matches no dot.
func covers(pattern, p string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(p, "/")
	if len(have) < len(want) {
		return false
	}
	for i, part := range want {
		ok, err := path.Match(part, have[i])
		if err != nil || !ok || strings.HasPrefix(have[i], ".") && !strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}

// dropped says that something below a folder may have been removed.
type dropped struct{ dir, why string }

func (e dropped) see(_ view, p string) verdict {
	if under(e.dir, p) && p != "/" {
		return verdict{says: drops, why: e.why}
	}
	return verdict{}
}

// linked is a symbolic link.
type linked struct{ path, to, why string }

func (e linked) see(_ view, p string) verdict {
	switch {
	case under(e.path, p):
		to := path.Join(e.to, rest(e.path, p))
		if under("/dev", to) || under("/proc", to) {
			return verdict{says: has, why: e.why}
		}
		return verdict{says: follows, to: to}
	case under(p, e.path):
		return verdict{says: has, kind: Folder, why: e.why}
	}
	return verdict{}
}

// handed is what a step takes over from an earlier stage, from an image, or
// from elsewhere in the same stage: what stands at src stands at dst.
type handed struct {
	from     view
	src, dst string
	kind     Kind // of src
	why      string
}

func (e handed) see(v view, p string) verdict {
	if under(p, e.dst) {
		kind := e.kind
		if p != e.dst {
			kind = Folder
		}
		return verdict{says: has, kind: kind, why: e.why, from: e.origin(v, p)}
	}
	if !under(e.dst, p) || e.kind == File {
		return verdict{}
	}
	a := view{stage: e.from.stage, upto: e.from.upto, looks: v.looks}.find(path.Join(e.src, rest(e.dst, p)))
	switch a.State {
	case Present:
		return verdict{says: has, kind: a.Kind, why: e.why, from: a.From}
	case Unknown:
		return verdict{says: adds, why: a.Why, at: a.At}
	}
	return verdict{why: a.Why, at: a.At}
}

func (e handed) origin(v view, p string) string {
	if p != e.dst || e.kind == Folder {
		return ""
	}
	return view{stage: e.from.stage, upto: e.from.upto, looks: v.looks}.find(e.src).From
}
