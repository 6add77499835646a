package image

import (
	"path"
	"strings"
)

// move is cp, mv or install: each source to a place in or at the target.
func (sh *shell) move(sources []word, target word, folder, cut bool) {
	dst, whole := sh.path(target)
	if whole {
		real, sure := sh.real(dst)
		switch {
		case !sure:
			sh.open(real, every, "copies to where a link may lead")
		case real != dst && sh.stage.now().find(real).State != Present:
			// GNU cp does not write where a link leads to nothing.
			sh.open(real, every, "copies to where a link leads to nothing")
			whole = false
		default:
			dst = real
		}
	}
	if !whole {
		sh.open(dst, every, "writes to a path that is known only when the image is built")
		whole = false
	}
	at := sh.stage.now()
	there := Answer{}
	if whole {
		there = at.find(dst)
	}
	folder = folder || strings.HasSuffix(target.text, "/") || len(sources) > 1 || there.State == Present && there.Kind == Folder
	for _, w := range sources {
		src, known := sh.path(w)
		if !whole {
			if cut {
				sh.add(dropped{src, "it may be moved away"})
			}
			continue
		}
		if !known {
			sh.moveMany(w, src, dst, folder, cut, at)
			continue
		}
		contents := strings.HasSuffix(w.text, "/.") || w.text == "."
		e := handed{from: at, src: src, dst: dst, kind: at.find(src).Kind, why: "it is copied there"}
		switch {
		case contents:
			e.kind = Folder
		case folder:
			e.dst = path.Join(dst, path.Base(src))
		case there.State == Unknown || there.State == Present && there.Kind == Any:
			// Whether dst is a folder, and src goes into it, is not known.
			if path.Base(dst) != path.Base(src) {
				sh.open(path.Join(dst, path.Base(src)), none, "copies to what may be a folder")
			}
			if path.Ext(dst) == "" {
				e.kind = Any
			}
		}
		sh.add(e)
		if cut {
			sh.remove(src, "it is moved away")
		}
	}
}

// moveMany copies what a wildcard matches.
func (sh *shell) moveMany(w word, src, dst string, folder, cut bool, at view) {
	sh.open(dst, every, "copies what is known only when the image is built")
	if !w.glob {
		return
	}
	pattern := w.full
	if !path.IsAbs(pattern) {
		pattern = sh.cwd + "/" + pattern
	}
	pattern = path.Clean(pattern)
	if folder && !strings.ContainsAny(path.Dir(pattern), "*?[") {
		sh.add(picked{handed{from: at, src: src, dst: dst, why: "it is copied there"}, path.Base(pattern)})
	}
	switch {
	case cut && (covers(pattern, dst) || sh.realDir(src) != src):
		sh.add(dropped{src, "it may be moved away"})
		sh.add(dropped{sh.realDir(src), "it may be moved away"})
	case cut:
		sh.add(removed{path: pattern, glob: true, why: "it is moved away"})
	}
}

func copyFiles(sh *shell, args []word)    { sh.copyOrMove(args, false) }
func moveFiles(sh *shell, args []word)    { sh.copyOrMove(args, true) }
func installFiles(sh *shell, args []word) { sh.installFiles(args) }

func (sh *shell) copyOrMove(args []word, cut bool) {
	words := operands(args, "-t -S --target-directory --suffix")
	if flagged(args, "", "parents") || flagged(args, "", "exchange") {
		sh.open("/", every, "copies with options that are not followed")
		return
	}
	if target, ok := option(args, 't', "target-directory"); ok {
		sh.move(words, target, true, cut)
		return
	}
	if len(words) < 2 {
		return
	}
	last := words[len(words)-1]
	sh.move(words[:len(words)-1], last, false, cut)
	if flagged(args, "T", "no-target-directory") {
		sh.open("/", none, "copies with options that are not followed")
	}
}

func (sh *shell) installFiles(args []word) {
	words := operands(args, "-m -o -g -t -S --mode --owner --group --target-directory")
	if flagged(args, "d", "directory") {
		for _, w := range words {
			sh.write(w, Folder, "it is made there")
		}
		return
	}
	if target, ok := option(args, 't', "target-directory"); ok {
		sh.move(words, target, true, false)
	} else if len(words) >= 2 {
		sh.move(words[:len(words)-1], words[len(words)-1], false, false)
	}
}
