package project

import (
	"bytes"
	"path"
	"strings"
	"sync"
)

// Gaps tells what Files may lack although it is in a clone of the repository,
// or in the working tree of whoever builds.
type Gaps struct {
	p  *Project
	mu sync.Mutex

	ignores map[string]*ignore // by folder
	modules []string           // folders of submodules
}

// Gaps returns what the listing may lack. It reads .gitignore files and
// .gitmodules when it is asked, so the project is to be open.
func (p *Project) Gaps() *Gaps {
	g := &Gaps{p: p, ignores: map[string]*ignore{}}
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
	ig := g.ignore("")
	for i := 0; i <= len(file); i++ {
		if i < len(file) && file[i] != '/' {
			continue
		}
		at := file[:i]
		name := path.Base(at)
		if s := skippedByName[name]; s != nil {
			return "what is in folders named " + name + " is not listed: " + s.reason
		}
		// Whether it would be a folder or a file is not known.
		if ig.ignores(at, name, true) || ig.ignores(at, name, false) {
			return "git ignores it, so it may be made before the build"
		}
		if _, err := g.p.root.readlink(at); err == nil && g.p.byPath[at] == nil {
			return "it is a symbolic link"
		}
		if i < len(file) {
			ig = g.ignore(at)
		}
	}
	if _, err := g.p.root.stat(file); err == nil && g.p.byPath[file] == nil {
		return "it is there, and git ignores what is in it" // unless it was added all the same
	}
	return ""
}

// ignore returns what git ignores in a folder.
func (g *Gaps) ignore(dir string) *ignore {
	if ig, ok := g.ignores[dir]; ok {
		return ig
	}
	var above *ignore
	switch {
	case dir != "":
		above = g.ignore(dirOf(dir))
	default:
		if data, err := g.p.root.read(".git/info/exclude", nil, maxIgnore); err == nil {
			above = parseIgnore(nil, "", data)
		}
	}
	ig := above
	// It may ignore itself, and is then not listed.
	if data, err := g.p.root.read(join(dir, ".gitignore"), nil, maxIgnore); err == nil {
		ig = parseIgnore(above, dir, data)
	}
	g.ignores[dir] = ig
	return ig
}
