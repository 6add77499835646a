package image

import (
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// redirect reads > and the like.
func (sh *shell) redirect(r *syntax.Redirect) {
	switch r.Op {
	case syntax.RdrIn:
		sh.note([]word{plainWord("<"), sh.word(r.Word)})
	case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll, syntax.RdrInOut:
		w := sh.word(r.Word)
		sh.write(w, File, "it is written there")
	}
}

// write says that a path is made by the step.
func (sh *shell) write(w word, kind Kind, why string) {
	p, whole := sh.path(w)
	switch {
	case whole && (under("/dev", p) || under("/proc", p)):
	case whole:
		sh.add(made{path: p, kind: kind, why: why})
		if real, sure := sh.real(p); real != p {
			sub := *sh
			sub.maybe = sh.maybe || !sure
			sub.add(made{path: real, kind: kind, why: why})
		}
		sh.noteSources(p)
	default:
		begins := p
		if text := w.text; path.IsAbs(text) || text != "" && sh.cwd != "" {
			if !path.IsAbs(text) {
				text = sh.cwd + "/" + text
			}
			if clean := path.Clean(text); clean != "/" && !strings.HasSuffix(text, "/") && strings.HasPrefix(clean, p) && !strings.Contains(text, "..") {
				begins = clean
			}
		}
		sh.add(opened{dir: p, begins: begins, programs: every, why: sh.label + " writes to a path that is known only when the image is built"})
	}
}

// real returns where a path leads through the links that the steps have made,
// and whether it is certain that they are there.
func (sh *shell) real(p string) (to string, sure bool) {
	sure = true
	for range 40 { // as many as Linux follows
		next, certain := sh.stage.link(p)
		if next == "" {
			break
		}
		p, sure = next, sure && certain
	}
	return p, sure
}

// link returns where a path leads through the last link that it goes through,
// "" where there is none.
func (s *stage) link(p string) (to string, sure bool) {
	sure = true
	left := &s.model.asked
	for ; s != nil; s = s.parent {
		for i := len(s.layers) - 1; i >= 0; i-- {
			if *left--; *left < 0 {
				return "", false
			}
			switch e := s.layers[i].effect.(type) {
			case linked:
				if under(e.path, p) {
					return path.Join(e.to, rest(e.path, p)), sure && !s.layers[i].maybe
				}
			case removed:
				if under(e.path, p) || e.glob && covers(e.path, p) {
					if !s.layers[i].maybe {
						return "", true
					}
					sure = false
				}
			}
		}
	}
	return "", true
}

// noteSources takes note of a package manager that gets another source.
func (sh *shell) noteSources(p string) {
	if under("/etc/apt", p) || under("/etc/yum.repos.d", p) || p == "/etc/apk/repositories" {
		sh.stage.foreign = true
	}
}

// path returns where a word leads. Where that is not known, it is the folder
// in which it lies as far as that is known.
func (sh *shell) path(w word) (p string, whole bool) {
	if !path.IsAbs(w.text) {
		if sh.cwd == "" || strings.Contains(sh.cwd, "$") || w.text == "" && !w.whole {
			return "/", false
		}
		w.text = sh.cwd + "/" + w.text
	}
	if !w.whole {
		return absolute(w.text[:strings.LastIndex(w.text, "/")+1]), false
	}
	return absolute(w.text), true
}

// lookup returns the value of a variable.
func (sh *shell) lookup(name string) (string, bool) {
	if value, ok := sh.env[name]; ok {
		if value == nil {
			return "", false
		}
		return *value, true
	}
	switch name {
	case "HOME":
		home := sh.home()
		return home, home != ""
	case "PWD":
		return sh.cwd, sh.cwd != ""
	}
	return "", false
}

// home returns the home of who runs the step; "" where it is not known.
func (sh *shell) home() string {
	if home := sh.env["HOME"]; home != nil {
		return *home
	}
	switch user, _, _ := strings.Cut(sh.step.User, ":"); {
	case user == "root" || user == "0":
		return "/root"
	case user == "" && sh.stage.root().base.field("user") == nil && sh.stage.root().base.system != nil:
		return "/root"
	case user == "node" && sh.stage.now().user("node").State == Present:
		return "/home/node"
	}
	return ""
}
