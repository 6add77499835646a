package image

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// workingDir is why a folder is there that WORKDIR makes. The builder makes it,
// as root, whoever the steps run as
// (https://docs.docker.com/reference/dockerfile/#workdir).
const workingDir = "it is the working directory"

// unknownOwner is an owner of whom nothing is known; rootOwner is root.
const (
	unknownOwner = "?"
	rootOwner    = "root"
)

// owned says that a step gives a path to a user: chown. A tree is that of
// chown -R.
type owned struct {
	path  string
	tree  bool
	owner string
}

func (owned) see(view, string) verdict { return verdict{} }

// loosened says that more than its owner may write to a path: chmod.
type loosened struct {
	path string
	tree bool
}

func (loosened) see(view, string) verdict { return verdict{} }

// Denial is the reason why a user may not write to a path.
type Denial struct {
	Path string      // what decides: the path, or the folder in which it would be made
	At   source.Span // the step that makes it as root
}

// Denied tells whether a user who is not root is certain to be refused when he
// writes a file at an absolute path, or makes it with the folders above it: the
// path, and the folder that it would be made in, are root's, and nobody else may
// write there. Where that is not certain it is false.
func (i *Image) Denied(p string) (Denial, bool) {
	v := i.view()
	var d Denial
	for p = path.Clean(p); path.IsAbs(p); p = path.Dir(p) {
		a := v.find(p)
		if a.State != Absent {
			at, root := v.rootOwned(p)
			if !root {
				return Denial{}, false
			}
			if d.Path == "" || a.State == Present {
				d = Denial{Path: p, At: at}
			}
			if a.State == Present {
				return d, true
			}
		}
		if p == "/" {
			break
		}
	}
	return Denial{}, false
}

// Kept reports whether a folder of the base image is as it was: no step of the
// image gives it, or what is in it, to anybody or lets others write there, and none
// is there of which that is not known.
func (i *Image) Kept(dir string) bool {
	for s, n := i.stage, i.upto; s != nil; s = s.parent {
		if s != i.stage {
			n = len(s.layers)
		}
		for _, l := range s.layers[:min(n, len(s.layers))] {
			p := ""
			switch e := l.effect.(type) {
			case owned:
				p = e.path
			case loosened:
				p = e.path
			case opened:
				p = e.dir
			case copied:
				p = e.dst
			case handed:
				p = e.dst
			case made:
				p = e.path
			case linked:
				p = e.path
			default:
				continue
			}
			if under(dir, p) || under(p, dir) && p != "/" || p == "/" && changes(l.effect) {
				return false
			}
		}
	}
	return true
}

// changes reports whether a change of the root may be one of all that is below it.
func changes(e effect) bool {
	switch e := e.(type) {
	case owned:
		return e.tree
	case loosened:
		return e.tree
	case opened:
		return e.programs == every
	}
	return true
}

// rootOwned reports whether what stands at a path, if something does, is
// root's, and only root may write to it. It looks from the last change to the
// first, as find does.
func (v view) rootOwned(p string) (at source.Span, root bool) {
	n := min(v.upto, len(v.stage.layers))
	if *v.looks -= n + 1; *v.looks < 0 {
		return at, false
	}
	for k := n - 1; k >= 0; k-- {
		l := &v.stage.layers[k]
		switch e := l.effect.(type) {
		case owned:
			if e.path != p && !(e.tree && under(e.path, p)) {
				continue
			}
			if e.owner != rootOwner {
				return at, false
			}
			if !l.maybe && e.tree {
				return l.at, true
			}
			continue
		case loosened:
			if e.path == p || e.tree && under(e.path, p) {
				return at, false
			}
			continue
		}
		before := view{v.stage, k, v.looks, v.upto, v.own}
		said := l.see(before, p)
		if said.says == silent || said.says == lacks || said.says == drops {
			continue
		}
		if said.says == follows {
			return at, false
		}
		owner := v.stage.maker(l, said)
		if owner == "" {
			continue
		}
		if h, ok := l.effect.(handed); ok && owner == rootOwner && under(h.dst, p) {
			// Builders differ in whether they keep whose it was.
			from := view{stage: h.from.stage, upto: h.from.upto, looks: v.looks}
			if _, same := from.rootOwned(path.Join(h.src, rest(h.dst, p))); !same {
				return at, false
			}
		}
		decides := said.says == has && !l.maybe && (replaces(l.effect, p) || before.find(p).State == Absent)
		if owner != rootOwner {
			return at, false // his, or that of another one
		}
		if at.IsZero() || decides {
			at = l.at
		}
		if decides {
			return at, true
		}
	}
	if v.stage.parent != nil {
		below, root := view{stage: v.stage.parent, upto: len(v.stage.parent.layers), looks: v.looks, own: v.own}.rootOwned(p)
		if at.IsZero() {
			at = below
		}
		return at, root
	}
	if p == "/" {
		return v.stage.At, true
	}
	switch v.stage.base.find(p, v.stage.At).State {
	case Absent:
		return at, !at.IsZero()
	case Present:
		if at.IsZero() {
			at = v.stage.At
		}
		return at, slices.Contains(rootFolders, p)
	}
	return at, false
}

// rootFolders are folders that are root's in every distribution, and that no
// known image gives to another user
// (https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html).
var rootFolders = []string{"/", "/bin", "/etc", "/home", "/lib", "/mnt", "/opt", "/root", "/sbin", "/srv", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin",
	"/usr/local/lib", "/usr/sbin", "/usr/share", "/usr/src", "/var", "/var/cache", "/var/lib", "/var/log"}

// replaces reports whether a change makes what stands at a path anew, whoever
// had it: a copy of a file, and of the folders in one that is copied, takes the
// owner along; the folder that is copied to stays as it is.
func replaces(e effect, p string) bool {
	switch e := e.(type) {
	case copied:
		return p != e.dst && under(e.dst, p)
	case made:
		return p == e.path && e.kind == File && e.from != ""
	}
	return false
}

// maker returns whose it is what a layer makes: root, or another one, or
// unknownOwner; "" where the layer makes nothing that its user could not make.
func (s *stage) maker(l *layer, said verdict) string {
	if said.why == workingDir {
		return rootOwner
	}
	if _, home := l.effect.(account); home {
		return unknownOwner
	}
	i := slices.IndexFunc(s.Steps, func(step fact.Step) bool { return step.At == l.at })
	if i < 0 {
		return unknownOwner
	}
	step := s.Steps[i]
	if step.Kind != "run" {
		if step.Mode != "" && !closed(step.Mode) {
			return unknownOwner
		}
		switch _, folder := l.effect.(handed); {
		case step.Owner != "":
			return ownerOf(step.Owner)
		case step.From != "" && !folder && said.kind != Folder:
			return unknownOwner // builders differ in whether they keep whose it was
		}
		return rootOwner
	}
	user := step.User
	if user == "" {
		user = s.before()
	}
	user = ownerOf(user)
	e, open := l.effect.(opened)
	switch {
	case !open:
		return user
	case user != rootOwner && user != unknownOwner:
		return "" // he writes where he may
	case e.programs != tools && !strings.Contains(e.why, "what is piped into"):
		return unknownOwner // it may give what it makes to anybody
	}
	return user
}

// before returns the user that the stage's steps run as until it names one; ""
// where that is not known.
func (s *stage) before() string {
	for below := s.parent; below != nil; below = below.parent {
		if below.User != "" {
			return below.User
		}
	}
	user, _ := s.root().base.runsAs()
	return user
}

// ownerOf returns the user of USER, --chown or chown: USER:GROUP.
func ownerOf(text string) string {
	user, _, _ := strings.Cut(text, ":")
	switch {
	case user == "0" || user == rootOwner:
		return rootOwner
	case user == "" || strings.ContainsAny(user, "$?"):
		return unknownOwner
	}
	return user
}

// Root reports whether a user, as USER and its like name him, is root, and
// whether that is known.
func Root(user string) (root, known bool) {
	owner := ownerOf(user)
	return owner == rootOwner, owner != unknownOwner
}

// closed reports whether a mode of chmod lets nobody but the owner write.
func closed(mode string) bool {
	if bits, err := strconv.ParseUint(mode, 8, 32); err == nil {
		return bits&0o022 == 0
	}
	for _, part := range strings.Split(mode, ",") {
		who, what, ok := cutMode(part)
		if !ok || strings.ContainsAny(what, "$wugo") && who != "u" && !strings.Contains(part, "-") {
			return false
		}
	}
	return true
}

// cutMode takes a symbolic mode apart: whom it is for, and what it gives.
func cutMode(part string) (who, what string, ok bool) {
	i := strings.IndexAny(part, "+=-")
	if i < 0 {
		return "", "", false
	}
	return part[:i], part[i+1:], true
}

// chown gives paths to a user.
func chown(sh *shell, args []word) {
	words := operands(args, "--from --reference")
	if len(words) < 2 {
		return
	}
	owner := unknownOwner
	if words[0].whole {
		if strings.HasPrefix(words[0].text, ":") {
			return // the group alone
		}
		owner = ownerOf(strings.Replace(words[0].text, ".", ":", 1))
	}
	tree := flagged(args, "R", "recursive")
	sh.each(words[1:], func(p string, whole bool) { sh.add(owned{p, tree || !whole, owner}) })
}

// chmod lets others write, and chgrp and setfacl may.
func chmod(sh *shell, args []word) {
	tree := flagged(args, "R", "recursive")
	var words []word
	for _, w := range args[1:] {
		if strings.HasPrefix(w.text, "-R") || strings.HasPrefix(w.text, "--") || w.text == "-v" || w.text == "-f" {
			continue
		}
		words = append(words, w)
	}
	if len(words) < 2 {
		return
	}
	switch name := path.Base(args[0].text); {
	case name == "chgrp", name == "chmod" && words[0].whole && closed(words[0].text):
		return // who is in a group may write where the mode says so
	}
	sh.each(words[1:], func(p string, whole bool) { sh.add(loosened{p, tree || !whole}) })
}

// each gives the paths that words stand for, as far as they are known.
func (sh *shell) each(words []word, of func(p string, whole bool)) {
	for _, w := range words {
		p, whole := sh.path(w)
		if p == "" {
			p, whole = "/", false
		}
		of(p, whole)
		if real := sh.realDir(p); real != p {
			of(real, whole)
		}
	}
}

// handOver is a program that may give what is below folders to anybody.
func (sh *shell) handOver(program string, roots []string) {
	switch program {
	case "chown", "chgrp", "chmod", "setfacl":
		for _, root := range roots {
			sh.add(owned{absolute(root), true, unknownOwner})
		}
	}
}
