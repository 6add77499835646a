package missingfile

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// member is what is read of the package.json of a package of a workspace.
type member struct {
	dir                           string // of the context
	Name, Main, Module            string
	Dependencies, DevDependencies map[string]string
	Exports                       json.RawMessage
}

// maxMembers is how many packages of a workspace are looked at.
const maxMembers = 400

// members returns the packages of the workspace in a folder of the context, by
// their names (https://docs.npmjs.com/cli/using-npm/workspaces,
// https://pnpm.io/pnpm-workspace_yaml).
func (p place) members() map[string]*member {
	var root struct{ Workspaces json.RawMessage }
	data, ok := p.read("package.json")
	if !ok || json.Unmarshal(data, &root) != nil {
		return nil
	}
	var patterns []string
	var yarn struct{ Packages []string }
	if json.Unmarshal(root.Workspaces, &patterns) != nil && json.Unmarshal(root.Workspaces, &yarn) == nil {
		patterns = yarn.Packages
	}
	if w := p.pnpm(); w.ok {
		patterns = append(patterns, w.packages...)
	}
	if len(patterns) == 0 {
		return nil
	}
	prefix := p.dir + "/"
	if p.dir == "." {
		prefix = ""
	}
	all := map[string]*member{}
	files := p.build.Files()
	for i, _ := slices.BinarySearch(files, prefix); i < len(files) && strings.HasPrefix(files[i], prefix) && len(all) < maxMembers; i++ {
		dir, ok := strings.CutSuffix(files[i][len(prefix):], "/package.json")
		if !ok || strings.Contains(dir, "node_modules") || !matched(patterns, dir) {
			continue
		}
		m := &member{dir: path.Join(p.dir, dir)}
		if data, ok := p.build.Read(files[i]); ok && json.Unmarshal(data, m) == nil && m.Name != "" {
			all[m.Name] = m
		}
	}
	return all
}

// matched reports whether the last of the patterns that match a folder takes it
// in.
func matched(patterns []string, dir string) bool {
	in := false
	for _, pattern := range patterns {
		pattern, out := strings.CutPrefix(pattern, "!")
		if ok, err := doublestar.Match(strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/"), dir); err == nil && ok {
			in = !out
		}
	}
	return in
}

// pnpmWorkspace is what is read of a pnpm-workspace.yaml.
type pnpmWorkspace struct {
	ok       bool
	packages []string
	patches  []string // the files of patchedDependencies
}

func (p place) pnpm() pnpmWorkspace {
	data, ok := p.read("pnpm-workspace.yaml")
	if !ok {
		return pnpmWorkspace{}
	}
	docs, err := yaml.Parse(source.File{Path: p.source("pnpm-workspace.yaml"), Data: data})
	if err != nil || len(docs) == 0 {
		return pnpmWorkspace{}
	}
	w := pnpmWorkspace{ok: true, packages: docs[0].Root.Get("packages").Texts()}
	for _, pair := range docs[0].Root.Get("patchedDependencies").Pairs() {
		w.patches = append(w.patches, pair.Value.Text())
	}
	return w
}

// workspace finds the packages of a workspace that an install links to, and
// that are copied later or not at all.
func (w *work) workspace() {
	if w.flag("--filter", "-F", "--filter-prod", "--ignore-workspace", "-w", "--workspace") {
		return
	}
	if w.name == "pnpm" {
		p := w.pnpm()
		for _, file := range p.patches {
			w.lacks(file, finding.Error, "pnpm-workspace.yaml", broken)
		}
		all := w.members()
		copied := slices.ContainsFunc(sortedKeys(all), func(name string) bool { return w.inside(all[name].dir).State == image.Present })
		if p.ok && copied && w.lacks("pnpm-workspace.yaml", finding.Warning, "", "pnpm installs the root alone, and not as the lockfile says") {
			return
		}
	}
	all := w.members()
	// What a lockfile says is linked without being looked at, save by the first
	// yarn, which asks the registry for it.
	frozen := w.flag("--frozen-lockfile", "--immutable") || w.verb("ci")
	if frozen && (w.name != "yarn" || w.has(".yarnrc.yml")) {
		return
	}
	production := w.flag("--prod", "-P", "--production", "--omit=dev")
	for _, name := range sortedKeys(all) {
		m := all[name]
		if w.inside(m.dir).State != image.Present {
			continue
		}
		for _, group := range []map[string]string{m.Dependencies, m.DevDependencies} {
			for _, to := range sorted(group) {
				needed := all[to]
				if needed == nil || strings.Contains(group[to], ":") && !strings.HasPrefix(group[to], "workspace:") {
					continue
				}
				inside, ok := within(w.dir, path.Join(needed.dir, "package.json"))
				if ok {
					w.lacks(inside, finding.Error, strings.TrimPrefix(path.Join(m.dir, "package.json"), prefixed(w.dir)), "the install stops there, or leaves out what "+to+" needs")
				}
			}
			if production {
				break
			}
		}
	}
}

func prefixed(dir string) string {
	if dir == "." {
		return ""
	}
	return dir + "/"
}

// inside returns what the call finds of the package.json of a folder of the
// context.
func (w *work) inside(dir string) image.Answer {
	file, ok := within(w.dir, path.Join(dir, "package.json"))
	if !ok {
		return image.Answer{}
	}
	return w.looks(file)
}

func sortedKeys(all map[string]*member) []string {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// entry returns the file that the package is loaded by, as far as one is named.
func (m *member) entry() string {
	if m.Main != "" {
		return path.Clean(m.Main)
	}
	var exports any
	if json.Unmarshal(m.Exports, &exports) == nil {
		if file := first(exports, 0); file != "" {
			return path.Clean(file)
		}
	}
	return path.Clean(m.Module)
}

// first returns the file that exports name for the package itself
// (https://nodejs.org/api/packages.html#exports).
func first(v any, depth int) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		for _, key := range []string{".", "node", "import", "require", "default"} {
			if inner, ok := v[key]; ok && depth < 8 {
				if file := first(inner, depth+1); file != "" {
					return file
				}
			}
		}
	}
	return ""
}

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
