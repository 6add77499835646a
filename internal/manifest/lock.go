package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strings"

	"rehearse/internal/source"
)

// Lock is a lockfile: which versions were chosen, and for what.
type Lock struct {
	File      string
	Format    string // npm, yarn, berry, pnpm, bun, poetry, uv, pipenv, pdm, bundler, composer, go, cargo, gradle
	Ecosystem Ecosystem
	Packages  map[string][]string // the versions of each package that is locked, by its name
	Size      int64
	Maker     string // the version of the manager that wrote it; "" where it does not say

	wanted map[string]map[string]string // by folder and name: the range that it was made for
	keys   map[string]bool              // what the format finds packages by: "name@range" of yarn, "node_modules/name" of npm, "module version" of Go
	kept   map[string]bool              // npm: names of packages that are installed where development packages are left out; nil where it is not known
	loose  map[string]bool              // names of which the lockfile does not say what the manifest said
	asks   map[string]json.RawMessage   // npm: what the packages that are installed in any case ask for, by their folders
	digest string                       // of the manifest that it was made of, where the format has one
}

// Fit says whether a lockfile has what a manifest asks for.
type Fit int

// The fits.
const (
	Unclear Fit = iota
	Fits
	Missing // it has no such package
	Outside // its version is not one that will do
)

// lockNames are the lockfiles, by their base name.
var lockNames = map[string]struct {
	ecosystem Ecosystem
	read      func(source.File) (*Lock, error)
}{
	"package-lock.json": {Node, npmLock}, "npm-shrinkwrap.json": {Node, npmLock}, "yarn.lock": {Node, yarnLock}, "pnpm-lock.yaml": {Node, pnpmLock},
	"bun.lock": {Node, bunLock}, "bun.lockb": {Node, nil},
	"poetry.lock": {Python, tomlLock}, "uv.lock": {Python, tomlLock}, "pdm.lock": {Python, tomlLock}, "Pipfile.lock": {Python, pipfileLock},
	"Gemfile.lock": {Ruby, gemfileLock}, "composer.lock": {PHP, composerLock}, "go.sum": {Go, goSum}, "Cargo.lock": {Rust, tomlLock},
	"gradle.lockfile": {Java, gradleLock}, "packages.lock.json": {DotNet, nil},
}

// LockNames returns the base names of the lockfiles of an ecosystem, those of
// its commonest manager first.
func LockNames(e Ecosystem) []string {
	return map[Ecosystem][]string{
		Node:   {"package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "npm-shrinkwrap.json"},
		Python: {"poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock"}, Ruby: {"Gemfile.lock"}, PHP: {"composer.lock"}, Go: {"go.sum"}, Rust: {"Cargo.lock"},
		Java: {"gradle.lockfile"}, DotNet: {"packages.lock.json"},
	}[e]
}

// LockOf returns the ecosystem of a lockfile; "" where the path is of none.
func LockOf(name string) Ecosystem { return lockNames[path.Base(name)].ecosystem }

// ReadLock reads a lockfile; of a format that is not understood it returns one
// that holds nothing. An error is a *Broken.
func ReadLock(file source.File) (*Lock, error) {
	known := lockNames[path.Base(file.Path)]
	l := &Lock{}
	if known.read != nil {
		var err error
		if line := merging(file.Data); line > 0 {
			return nil, &Broken{At: source.Span{File: file.Path, Line: line}, Reason: "the marks of a merge stand in it", Syntax: true, Merge: true}
		}
		if l, err = known.read(file); err != nil {
			var broken *Broken
			if errors.As(err, &broken) {
				broken.Syntax = !parses(file)
			}
			return nil, err
		}
	}
	l.File, l.Ecosystem, l.Size = file.Path, known.ecosystem, int64(len(file.Data))
	return l, nil
}

// merging returns the line in which a merge that was not finished begins; 0 where
// there is none (https://git-scm.com/docs/git-merge#_how_conflicts_are_presented).
func merging(data []byte) int {
	begin := bytes.Index(data, []byte("\n<<<<<<< "))
	if begin < 0 || !bytes.Contains(data[begin:], []byte("\n=======")) || !bytes.Contains(data[begin:], []byte("\n>>>>>>> ")) {
		return 0
	}
	return lineOf(data, begin+1)
}

// parses reports whether a lockfile is of the syntax that its name tells.
func parses(file source.File) bool {
	switch base := path.Base(file.Path); {
	case strings.HasSuffix(base, ".json"), base == "composer.lock", base == "Pipfile.lock", base == "bun.lock":
		return json.Valid(relaxed(file.Data))
	case base == "poetry.lock", base == "uv.lock", base == "pdm.lock", base == "Cargo.lock":
		var all map[string]any
		return tomlOf(file, &all) == nil
	}
	return true // of what is read line by line, and of YAML, more is accepted than we read
}

// Fit tells whether the lockfile has what a manifest in a folder asks for; the
// folder is relative to that of the lockfile, "." where it is the same. Where it
// is Outside, have is what the lockfile has.
func (l *Lock) Fit(dir string, d Dependency) (fit Fit, have string) {
	if l.loose[d.Name] || len(l.Packages) == 0 && len(l.wanted) == 0 && len(l.keys) == 0 {
		return Unclear, ""
	}
	switch l.Format {
	case "npm":
		return l.fitNPM(dir, d)
	case "yarn":
		return l.fitYarn(d)
	case "berry", "pnpm", "bun", "bundler":
		return l.fitWanted(dir, d)
	case "go":
		if l.keys[d.Name+" "+d.Range] || l.keys[d.Name+" "+d.Range+"/go.mod"] {
			return Fits, ""
		}
		return Missing, ""
	}
	versions := l.Packages[d.Name]
	if len(versions) == 0 {
		return Missing, ""
	}
	for _, v := range versions {
		if ok, known := Satisfies(l.Ecosystem, d.Range, v); ok || !known {
			return Fits, ""
		}
	}
	if l.Ecosystem == PHP {
		return Fits, "" // composer installs it, with a warning
	}
	return Outside, versions[0]
}

// fitNPM looks for a package where node would: in the folder of the manifest,
// then above.
func (l *Lock) fitNPM(dir string, d Dependency) (Fit, string) {
	for at := path.Clean(dir); ; at = path.Dir(at) {
		key := path.Join(at, "node_modules", d.Name)
		if l.keys[key] {
			versions := l.Packages[key]
			if len(versions) == 0 {
				return Fits, "" // a link to a folder
			}
			if ok, known := Satisfies(Node, d.Range, versions[0]); ok || !known {
				return Fits, ""
			}
			return Outside, versions[0]
		}
		if at == "." {
			return Missing, ""
		}
	}
}

func (l *Lock) fitYarn(d Dependency) (Fit, string) {
	if strings.HasPrefix(d.Range, "link:") || strings.HasPrefix(d.Range, "workspace:") || strings.HasPrefix(d.Range, "file:") || strings.HasPrefix(d.Range, "portal:") {
		return Unclear, ""
	}
	if l.keys[d.Name+"@"+d.Range] {
		return Fits, ""
	}
	versions := l.Packages[d.Name]
	if len(versions) == 0 {
		return Missing, ""
	}
	return Outside, strings.Join(versions, ", ")
}

// fitWanted compares what the manifest says with what it said when the lockfile
// was made: such managers take any change for one that the lockfile is to know
// of.
func (l *Lock) fitWanted(dir string, d Dependency) (Fit, string) {
	wanted, ok := l.wanted[path.Clean(dir)]
	if !ok {
		return Unclear, "" // it knows nothing of the folder
	}
	have, ok := wanted[d.Name]
	switch {
	case !ok:
		return Missing, ""
	case same(have, d.Range):
		return Fits, ""
	case l.Format == "bundler" && (strings.Contains(have, ",") || strings.Contains(d.Range, ",") || same(have, "= "+d.Range)):
		return Fits, "" // bundler sorts what it is asked for
	case strings.HasPrefix(have, "catalog:"), strings.HasPrefix(have, "workspace:"), strings.HasPrefix(have, "patch:"), strings.HasPrefix(d.Range, "patch:"), strings.HasPrefix(d.Range, "workspace:"), strings.HasPrefix(d.Range, "catalog:"):
		return Unclear, ""
	}
	return Outside, have
}

// Beyond returns the names of what a lockfile was made for and its manifest does
// not ask for any more, where the manager takes that for one that is not up to
// date (https://pnpm.io/cli/install#--frozen-lockfile, https://yarnpkg.com/cli/install#options-immutable,
// https://bun.com/docs/pm/cli/install#production-mode).
func (l *Lock) Beyond(dir string, m *Manifest) []string {
	if l.Format != "pnpm" && l.Format != "berry" && l.Format != "bun" || m.Dynamic {
		return nil
	}
	var names []string
	for name := range l.wanted[path.Clean(dir)] {
		if _, asked := m.Declares(name); !asked && !l.loose[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func same(a, b string) bool {
	plain := func(s string) string {
		s = strings.TrimPrefix(strings.Trim(strings.TrimSpace(s), `"'`), "npm:")
		return strings.ReplaceAll(s, " ", "")
	}
	return plain(a) == plain(b)
}

// Kept reports whether a package is installed where development packages are
// left out, for its own sake or for another's; known is false where the lockfile
// does not say.
func (l *Lock) Kept(name string) (kept, known bool) { return l.kept[name], l.kept != nil }
