// Package packages says what a project says of the packages that it is made of:
// what asks for them, what locks them, what installs them, and what imports them.
package packages

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/bmatcuk/doublestar/v4"

	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/project"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// Packages is what the project says of the packages that it is made of: its
// manifests, its lockfiles, the versions of runtimes that it names, and what its
// pipelines do with them.
type Packages struct {
	Manifests []*manifest.Manifest // by path
	Runtimes  []manifest.Runtime   // of version files, by path
	Pipelines []*manifest.Pipeline // by path

	ledger  *ledger.Ledger
	project *project.Project
	gaps    *project.Gaps
	byDir   map[string][]*manifest.Manifest
	trials  map[string]bool // names of packages for tests and examples
	locks   memo[string, lockfile]
	whole   func() *image.Context // the project, as a folder that an image is built in
	mu      sync.Mutex            // of what cannot be read

	installs  func() []Install
	imports   memo[*ledger.Component, []Foreign]
	codes     memo[*ledger.Component, []*codeFile]
	names     func() *spelled                      // what is called how in the tree
	named     func() map[string]*manifest.Manifest // packages of the project
	aliases   memo[string, *aliases]               // by folder
	standings memo[*manifest.Manifest, standing]
	settings  func() []*project.File // those that may rename imports
}

// key is what the ledger keeps the packages of its project under.
type key struct{}

// Of returns what the project of a ledger says of packages. It is read when it is
// first asked for, so the project is to be open then.
func Of(l *ledger.Ledger) *Packages {
	return l.Once(key{}, func(p *project.Project) any { return read(l, p) }).(*Packages)
}

// read reads the manifests, the version files and the pipelines.
func read(l *ledger.Ledger, p *project.Project) *Packages {
	ps := &Packages{ledger: l, project: p, gaps: p.Gaps(), byDir: map[string][]*manifest.Manifest{}, trials: map[string]bool{}}
	ps.whole = sync.OnceValue(func() *image.Context { return ledger.Whole(p) })
	ps.installs = sync.OnceValue(ps.findInstalls)
	ps.settings = sync.OnceValue(ps.findSettings)
	ps.names = sync.OnceValue(ps.spell)
	ps.named = sync.OnceValue(func() map[string]*manifest.Manifest { return byName(ps.Manifests) })
	for _, f := range p.Files {
		const elsewhere = project.Test | project.Example | project.Docs | project.Vendored | project.Ignored
		if f.Link != "" || f.Flags&elsewhere != 0 {
			if f.Link == "" && path.Base(f.Path) == "package.json" && f.Flags&(project.Vendored|project.Ignored) == 0 {
				ps.aside(f)
			}
			continue
		}
		switch {
		case manifest.Names(f.Path):
			ps.manifest(f)
		case manifest.NamesRuntime(f.Path):
			if file, err := p.Read(f); err == nil {
				ps.Runtimes = append(ps.Runtimes, manifest.ReadRuntimes(file)...)
			}
		case manifest.NamesPipeline(f.Path):
			if file, err := p.Read(f); err == nil {
				if read, err := manifest.ReadPipeline(file); err == nil { // the reader of definitions says what is wrong with it
					ps.Pipelines = append(ps.Pipelines, read)
				}
			}
		case path.Base(f.Path) == "pnpm-workspace.yaml":
			ps.pnpm(f)
		}
	}
	for _, m := range ps.Manifests {
		ps.taken(m)
	}
	return ps
}

// taken fills in the versions that a manifest takes from a file beside it.
func (ps *Packages) taken(m *manifest.Manifest) {
	m.Runtimes = slices.DeleteFunc(m.Runtimes, func(r manifest.Runtime) bool { return r.From != "" && ps.chosenIn(m, r) == nil })
	for i, r := range m.Runtimes {
		if r.From != "" {
			from := ps.chosenIn(m, r)
			m.Runtimes[i].Range, m.Runtimes[i].Text, m.Runtimes[i].At = from.Range, from.Text, from.At
		}
	}
}

func (ps *Packages) chosenIn(m *manifest.Manifest, asked manifest.Runtime) *manifest.Runtime {
	for i, r := range ps.Runtimes {
		if r.Language == asked.Language && r.At.File == path.Join(m.Dir(), asked.From) {
			return &ps.Runtimes[i]
		}
	}
	return nil
}

func (ps *Packages) manifest(f *project.File) {
	file, err := ps.project.Read(f)
	var m *manifest.Manifest
	if err == nil {
		m, err = manifest.Read(file)
	}
	if err != nil {
		ps.unread(f.Path, err)
		return
	}
	if m != nil {
		ps.Manifests = append(ps.Manifests, m)
		ps.byDir[m.Dir()] = append(ps.byDir[m.Dir()], m)
	}
}

// aside takes in what a package for tests or examples is called: it is one of the
// workspace all the same.
func (ps *Packages) aside(f *project.File) {
	if file, err := ps.project.Read(f); err == nil {
		if m, err := manifest.Read(file); err == nil && m != nil && m.Name != "" {
			ps.trials[m.Name] = true
		}
	}
}

// unread lists a file that could not be read, unless it is listed already.
func (ps *Packages) unread(file string, err error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	l := ps.ledger
	if slices.ContainsFunc(l.Unread, func(u source.Unread) bool { return u.At.File == file }) {
		return
	}
	at := source.Span{File: file}
	var broken *manifest.Broken
	if errors.As(err, &broken) {
		at = broken.At
	}
	l.Unread = append(l.Unread, source.Unread{At: at, Reason: err.Error()})
	slices.SortStableFunc(l.Unread, func(a, b source.Unread) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Reason, b.Reason))
	})
}

// pnpm reads a pnpm-workspace.yaml (https://pnpm.io/pnpm-workspace_yaml), which
// stands behind the package.json of its folder in the order of the files.
func (ps *Packages) pnpm(f *project.File) {
	file, err := ps.project.Read(f)
	if err != nil {
		return
	}
	docs, err := yaml.Parse(file)
	if err != nil || len(docs) == 0 {
		return
	}
	for _, m := range ps.byDir[path.Dir(f.Path)] {
		if m.Ecosystem != manifest.Node {
			continue
		}
		m.Workspace, m.Manager = true, "pnpm"
		m.Members = append(m.Members, docs[0].Root.Get("packages").Texts()...)
		for _, o := range docs[0].Root.Get("overrides").Pairs() {
			m.Overridden = append(m.Overridden, o.Name())
		}
	}
}

// In returns the manifests of an ecosystem in a folder.
func (ps *Packages) In(dir string, e manifest.Ecosystem) []*manifest.Manifest {
	var found []*manifest.Manifest
	for _, m := range ps.byDir[path.Clean(dir)] {
		if m.Ecosystem == e {
			found = append(found, m)
		}
	}
	return found
}

// Above returns the manifests of an ecosystem in a folder and in those above it,
// the nearest first.
func (ps *Packages) Above(dir string, e manifest.Ecosystem) []*manifest.Manifest {
	var found []*manifest.Manifest
	for dir = path.Clean(dir); ; dir = path.Dir(dir) {
		found = append(found, ps.In(dir, e)...)
		if dir == "." || dir == "/" || dir == ".." {
			return found
		}
	}
}

// Nearest returns the manifest that a file of Node.js belongs to: the nearest
// above it that names a package or asks for any. Others only say how files are
// to be read.
func (ps *Packages) Nearest(file string) *manifest.Manifest {
	for _, m := range ps.Above(path.Dir(file), manifest.Node) {
		if m.Name != "" || len(m.Dependencies) > 0 || len(m.Scripts) > 0 {
			return m
		}
	}
	return nil
}

// Root returns the manifest of the workspace that m is a member of; nil where it
// is a member of none.
func (ps *Packages) Root(m *manifest.Manifest) *manifest.Manifest {
	for _, above := range ps.Above(path.Dir(m.Dir()), m.Ecosystem) {
		if above != m && above.Workspace && memberOf(above, m.Dir()) {
			return above
		}
	}
	return nil
}

// memberOf reports whether a folder is a member of a workspace
// (https://docs.npmjs.com/cli/using-npm/workspaces).
func memberOf(root *manifest.Manifest, dir string) bool {
	inside := source.Relative(root.Dir(), dir)
	member := false
	for _, pattern := range root.Members {
		pattern, out := strings.CutPrefix(pattern, "!")
		pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/")
		if ok, err := doublestar.Match(pattern, inside); err == nil && ok {
			member = !out
		}
	}
	return member
}

// Lockfile returns the path of the lockfile that locks what m asks for: beside
// it, or at the root of its workspace; "" where there is none in the tree.
func (ps *Packages) Lockfile(m *manifest.Manifest) string {
	dirs := []string{m.Dir()}
	if root := ps.Root(m); root != nil {
		dirs = append(dirs, root.Dir())
	}
	for _, dir := range dirs {
		for _, name := range manifest.LockNames(m.Ecosystem) {
			if f := ps.project.File(path.Join(dir, name)); f != nil && f.Flags&project.Ignored == 0 {
				return f.Path
			}
		}
	}
	return ""
}

// Lockfiles returns the paths of all lockfiles beside a manifest, and of those at
// the root of its workspace.
func (ps *Packages) Lockfiles(m *manifest.Manifest) []string {
	dirs := []string{m.Dir()}
	if root := ps.Root(m); root != nil {
		dirs = append(dirs, root.Dir())
	}
	var found []string
	for _, dir := range dirs {
		for _, name := range manifest.LockNames(m.Ecosystem) {
			if f := ps.project.File(path.Join(dir, name)); f != nil && f.Flags&project.Ignored == 0 {
				found = append(found, f.Path)
			}
		}
	}
	return found
}

// Hidden reports whether git ignores a lockfile of that name, so that the tree
// would not show it.
func (ps *Packages) Hidden(file string) bool {
	return ps.project.File(file) == nil && strings.HasPrefix(ps.gaps.Of(file), "git ignores")
}

// lockfile is a lockfile that was read, or why it is none.
type lockfile struct {
	lock   *manifest.Lock
	broken *manifest.Broken
}

// Lock reads a lockfile; nil where it cannot be read.
func (ps *Packages) Lock(file string) *manifest.Lock { return ps.lockfile(file).lock }

func (ps *Packages) lockfile(file string) lockfile {
	return ps.locks.get(file, func() lockfile {
		f := ps.project.File(file)
		if f == nil {
			return lockfile{}
		}
		data, err := ps.project.Read(f)
		if err != nil {
			return lockfile{} // too large: what it holds is not known
		}
		l, err := manifest.ReadLock(data)
		if err != nil {
			var broken *manifest.Broken
			errors.As(err, &broken)
			ps.unread(file, err)
			return lockfile{broken: broken}
		}
		return lockfile{lock: l}
	})
}

// Broken returns why a lockfile is none that anything can read: it cannot be
// parsed. Nil where it can be, or where only its shape is not known.
func (ps *Packages) Broken(file string) *manifest.Broken {
	if b := ps.lockfile(file).broken; b != nil && b.Syntax {
		return b
	}
	return nil
}

// MadeFor reports whether a lockfile was made of a manifest as it is now; known
// is false where the lockfile does not say.
func (ps *Packages) MadeFor(l *manifest.Lock, m *manifest.Manifest) (ok, known bool) {
	f := ps.project.File(m.File)
	if f == nil {
		return false, false
	}
	data, err := ps.project.Read(f)
	if err != nil {
		return false, false
	}
	return l.MadeFor(data)
}

// Chosen returns the versions of a runtime that version files in a folder, or
// above it, choose: those of the nearest folder that has any.
func (ps *Packages) Chosen(dir string, e manifest.Ecosystem) []manifest.Runtime {
	for dir = path.Clean(dir); ; dir = path.Dir(dir) {
		var found []manifest.Runtime
		for _, r := range ps.Runtimes {
			if r.Language == e && path.Dir(r.At.File) == dir {
				found = append(found, r)
			}
		}
		if len(found) > 0 || dir == "." || dir == "/" || dir == ".." {
			return found
		}
	}
}

// Own reports whether a package of that name is the project's own.
func (ps *Packages) Own(e manifest.Ecosystem, name string) bool {
	return slices.ContainsFunc(ps.Manifests, func(m *manifest.Manifest) bool { return m.Ecosystem == e && m.Name == name })
}

// Superseded reports whether a manifest names another manager than that of a
// lockfile, which lies there still.
func (ps *Packages) Superseded(m *manifest.Manifest, file string) bool {
	managers := []string{m.Manager}
	if root := ps.Root(m); root != nil {
		managers = append(managers, root.Manager)
	}
	of := map[string]string{"package-lock.json": "npm", "npm-shrinkwrap.json": "npm", "yarn.lock": "yarn", "pnpm-lock.yaml": "pnpm", "bun.lock": "bun", "bun.lockb": "bun"}[path.Base(file)]
	for _, manager := range managers {
		switch manager {
		case "npm", "yarn", "pnpm", "bun":
			if of != "" && manager != of {
				return true
			}
		}
	}
	return false
}
