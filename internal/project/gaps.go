package project

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// Gaps tells what Files may lack although it is in a clone of the repository,
// or in the working tree of whoever builds.
type Gaps struct {
	p  *Project
	mu sync.Mutex

	folders map[string]*held
	modules []string // folders of submodules
}

// held is what is known of a folder. Of most paths that are asked after nothing is
// there: what a folder holds is read once, and not asked for with every path.
type held struct {
	why    string // why the listing may lack all that is in it
	ignore *ignore
	names  map[string]bool // what it holds
	blind  bool            // that could not be read
}

// Gaps returns what the listing may lack. It reads .gitignore files and
// .gitmodules when it is asked, so the project is to be open.
func (p *Project) Gaps() *Gaps {
	g := &Gaps{p: p, folders: map[string]*held{}}
	if data, err := p.root.read(".gitmodules", nil, maxIgnore); err == nil {
		for line := range bytes.Lines(data) {
			key, value, _ := strings.Cut(string(line), "=")
			if strings.TrimSpace(key) == "path" {
				g.modules = append(g.modules, strings.Trim(path.Clean(strings.TrimSpace(value)), `"`))
			}
		}
	}
	return g
}

// Of returns why Files may lack what is at a path, or below it; "" says that
// what Files does not have is not there.
func (g *Gaps) Of(file string) string {
	file = path.Clean(file)
	if file == "." {
		return ""
	}
	if file == ".." || strings.HasPrefix(file, "../") || path.IsAbs(file) {
		return "it is outside of the project"
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range g.modules {
		if file == m || strings.HasPrefix(file, m+"/") || strings.HasPrefix(m, file+"/") {
			return "it is a submodule"
		}
	}
	in := g.folder(dirOf(file))
	if why := g.lacks(in, file); why != "" {
		return why
	}
	if !in.has(path.Base(file)) || g.p.byPath[file] != nil {
		return ""
	}
	if _, err := g.p.root.stat(file); err == nil {
		return "it is there, and git ignores what is in it" // unless it was added all the same
	}
	return ""
}

// has reports whether something of a name may be in the folder.
func (h *held) has(name string) bool { return h.blind || h.names[name] }

// lacks returns why the listing may lack what is at a path in a folder.
func (g *Gaps) lacks(in *held, at string) string {
	if in.why != "" {
		return in.why
	}
	name := path.Base(at)
	if s := skippedByName[name]; s != nil {
		return "what is in folders named " + name + " is not listed: " + s.reason
	}
	// Whether it would be a folder or a file is not known.
	if in.ignore.ignores(at, name, true) || in.ignore.ignores(at, name, false) {
		return "git ignores it, so it may be made before the build"
	}
	if in.has(name) && g.p.byPath[at] == nil {
		if _, err := g.p.root.readlink(at); err == nil {
			return "it is a symbolic link"
		}
	}
	return ""
}

// folder returns what is known of a folder; "" is the project's.
func (g *Gaps) folder(dir string) *held {
	if h, ok := g.folders[dir]; ok {
		return h
	}
	h := &held{}
	g.folders[dir] = h
	there := true
	if dir != "" {
		above := g.folder(dirOf(dir))
		h.ignore, h.why, there = above.ignore, g.lacks(above, dir), above.has(path.Base(dir))
	} else if data, err := g.p.root.read(".git/info/exclude", nil, maxIgnore); err == nil {
		h.ignore = parseIgnore(nil, "", data)
	}
	if h.why != "" || !there {
		return h
	}
	if h.names, h.blind = g.p.root.names(dir); h.has(".gitignore") {
		// It may ignore itself, and is then not listed.
		if data, err := g.p.root.read(join(dir, ".gitignore"), nil, maxIgnore); err == nil {
			h.ignore = parseIgnore(h.ignore, dir, data)
		}
	}
	return h
}

// names returns what a folder holds; blind says that it could not be read though it
// may be there.
func (r *root) names(dir string) (names map[string]bool, blind bool) {
	f, err := r.openFolder(dir)
	if err != nil {
		return nil, !errors.Is(err, fs.ErrNotExist)
	}
	defer f.Close()
	entries, err := f.entries()
	names = make(map[string]bool, len(entries))
	for _, e := range entries {
		names[e.Name()] = true
	}
	return names, err != nil
}
