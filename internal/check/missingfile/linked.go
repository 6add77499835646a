package missingfile

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/source"
)

// linked finds what an image lacks of the packages of a workspace that its
// entry loads by their names, where it has others of them: their code, and what
// npm installed in their own folders.
func (w *walk) linked() {
	name, _ := tool(w.call)
	b := w.occasion.Build
	if len(w.call.Args) < 2 || name != "node" && name != "nodejs" && name != "tsx" && name != "ts-node" {
		return
	}
	entry := ""
	for _, a := range w.call.Args[1:] {
		if !strings.HasPrefix(a.Text, "-") && a.Whole {
			entry = a.Text
			break
		}
	}
	if !path.IsAbs(entry) {
		entry = path.Join(w.call.Dir, entry)
	}
	dir, at, ok := w.tree(path.Dir(entry))
	if !ok {
		return
	}
	for ; !b.Has(path.Join(dir, "package.json")); dir, at = path.Dir(dir), path.Dir(at) {
		if dir == "." || at == "/" || path.Base(dir) != path.Base(at) {
			return
		}
	}
	// The root of the workspace lies above, and stands above in the image.
	root, top := dir, at
	var all map[string]*member
	for root != "." && path.Base(root) == path.Base(top) {
		root, top = path.Dir(root), path.Dir(top)
		if all = (place{build: b, dir: root}).members(); len(all) > 0 {
			break
		}
	}
	if len(all) == 0 {
		return
	}
	var own *member
	for _, m := range all {
		if m.dir == dir {
			own = m
		}
	}
	if own == nil {
		return
	}
	w.packages(own, all, root, top)
	w.nested(own, all, root, top)
}

// tree returns the folder of the context that a folder of the image is made
// of, in this stage or in one that it is copied from: it stands there at the
// same path.
func (w *walk) tree(p string) (dir, at string, ok bool) {
	img := w.call.Image()
	for at = p; at != "/"; at = path.Dir(at) {
		if dir, ok := img.Origin(at); ok {
			return path.Clean(dir), at, true
		}
		for _, n := range w.occasion.Build.Image().Stages() {
			if dir, ok := w.occasion.Build.Image().Stage(fmt.Sprint(n)).Origin(at); ok {
				return path.Clean(dir), at, true
			}
		}
	}
	return "", "", false
}

// needs returns the packages of the workspace that a package needs when it
// runs, itself first.
func needs(own *member, all map[string]*member) []*member {
	list, seen := []*member{own}, map[string]bool{own.Name: true}
	for i := 0; i < len(list); i++ {
		for _, name := range sorted(list[i].Dependencies) {
			if m := all[name]; m != nil && !seen[name] {
				seen[name] = true
				list = append(list, m)
			}
		}
	}
	return list
}

// packages finds the packages of which the image has nothing, although it has
// been given others one by one.
func (w *walk) packages(own *member, all map[string]*member, root, top string) {
	list := needs(own, all)
	given := map[*member]source.Span{}
	for _, m := range list[1:] {
		inside, ok := within(root, m.dir)
		if !ok {
			return
		}
		at, whole := w.given(path.Join(top, inside))
		if whole {
			return
		}
		if !at.IsZero() {
			given[m] = at
		}
	}
	b := w.occasion.Build
	if len(given) == 0 || !b.Image().Base().Known {
		return
	}
	for _, m := range list[1:] {
		inside, _ := within(root, m.dir)
		at := path.Join(top, inside, m.entry())
		if _, has := given[m]; has || m.entry() == "." || w.call.Looks(at).State == image.Present || !w.imports(list, m) {
			continue
		}
		var like source.Span
		for _, other := range list {
			if at, ok := given[other]; ok && (like.IsZero() || at.Line > like.Line) {
				like = at
			}
		}
		w.add(gap{
			severity: finding.Error, build: b, environment: w.occasion.Environment, subject: m.dir,
			message:     fmt.Sprintf("%s needs %s when it runs, which is %s of the workspace; others of its packages are copied one by one, and %s is not", b.Source(own.dir), m.Name, b.Source(m.dir), at),
			consequence: "the container exits: cannot find module " + m.Name, remedy: fmt.Sprintf("copy %s, too", path.Join(top, inside)),
			need: source.Span{File: b.Source(path.Join(own.dir, "package.json")), Line: 1}, text: m.Name, absent: like, related: []source.Span{w.call.At},
		})
	}
}

// given returns the step that copies a folder, or something in it, and whether
// one copies a folder that it is in.
func (w *walk) given(dir string) (at source.Span, whole bool) {
	img := w.occasion.Build.Image()
	for _, step := range img.Definition().Steps {
		if step.Kind == "run" {
			continue
		}
		to := path.Clean(step.Target)
		for _, from := range step.Sources {
			// Of turbo prune these are the manifests alone
			// (https://turborepo.com/docs/reference/prune).
			from = path.Clean("/" + from)
			if base := path.Base(from); strings.HasSuffix(from, "/out/json") || base == "node_modules" || path.Ext(base) != "" || strings.Contains(base, "*") && base != "*" {
				continue
			}
			switch {
			case to == dir || strings.HasPrefix(to, dir+"/"):
				at = step.At
			case to == "/" || strings.HasPrefix(dir, to+"/"):
				return at, true
			}
		}
	}
	return at, false
}

// imports reports whether the code of one of the packages loads another.
func (w *walk) imports(list []*member, m *member) bool {
	b := w.occasion.Build
	files := b.Files()
	n := 0
	for _, by := range list {
		if by == m || by.Dependencies[m.Name] == "" {
			continue
		}
		for i, _ := slices.BinarySearch(files, by.dir+"/"); i < len(files) && strings.HasPrefix(files[i], by.dir+"/"); i++ {
			switch path.Ext(files[i]) {
			case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts":
			default:
				continue
			}
			if spared(files[i][len(by.dir):]) {
				continue
			}
			if n++; n > maxUnits {
				return false
			}
			for _, name := range w.scan(b, files[i]).packages {
				if name == m.Name || strings.HasPrefix(name, m.Name+"/") {
					return true
				}
			}
		}
	}
	return false
}

// nested finds what npm installs in the folder of a package and not in that of
// the workspace, where the image has the latter alone
// (https://docs.npmjs.com/cli/configuring-npm/package-lock-json#packages).
func (w *walk) nested(own *member, all map[string]*member, root, top string) {
	b := w.occasion.Build
	var lock struct {
		Packages map[string]struct{ Dev, Optional, Link, Peer bool }
	}
	data, ok := b.Read(path.Join(root, "package-lock.json"))
	if !ok || json.Unmarshal(data, &lock) != nil || w.call.Looks(path.Join(top, "node_modules")).State == image.Absent {
		return
	}
	for _, m := range needs(own, all) {
		inside, ok := within(root, m.dir)
		if !ok {
			continue
		}
		modules := path.Join(top, inside, "node_modules")
		a := w.call.Looks(modules)
		if a.State != image.Absent || w.occasion.Covered(modules) {
			continue
		}
		for _, name := range sorted(m.Dependencies) {
			one, nested := lock.Packages[path.Join(inside, "node_modules", name)]
			if !nested || one.Dev || one.Optional || one.Link || one.Peer {
				continue
			}
			severity, consequence := finding.Error, "the container exits: cannot find module "+name
			if _, above := lock.Packages["node_modules/"+name]; above {
				severity, consequence = finding.Warning, "another version of "+name+" is loaded than the one that is asked for"
			}
			w.add(gap{
				severity: severity, build: b, environment: w.occasion.Environment, subject: path.Join(inside, "node_modules"),
				message:     fmt.Sprintf("npm installs %s of %s into %s, and the image has only what is in %s: %s", name, b.Source(m.dir), path.Join(inside, "node_modules"), path.Join(top, "node_modules"), a.Why),
				consequence: consequence, remedy: "copy " + path.Join(inside, "node_modules") + ", too",
				need: source.Span{File: b.Source(path.Join(m.dir, "package.json")), Line: 1}, text: name, absent: a.At, related: []source.Span{w.call.At},
			})
			break
		}
	}
}
