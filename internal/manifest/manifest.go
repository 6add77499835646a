// Package manifest reads what a project says of the packages that it is made
// of: manifests, lockfiles, and the files that name the version of a language's
// runtime. It reads what it is given and opens nothing.
package manifest

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/source"
)

// Ecosystem is a registry of packages with the runtime that they are for.
type Ecosystem string

// The ecosystems.
const (
	Node   Ecosystem = "node"
	Python Ecosystem = "python"
	Ruby   Ecosystem = "ruby"
	PHP    Ecosystem = "php"
	Go     Ecosystem = "go"
	Rust   Ecosystem = "rust"
	Java   Ecosystem = "java"
	DotNet Ecosystem = "dotnet"
)

// Group says when a package is installed.
type Group int

// The groups.
const (
	Always      Group = iota // wherever the code runs
	Development              // unless development packages are left out
	Optional                 // an extra, or one whose failure is no failure
	Peer                     // whoever uses the package brings it
)

// Dependency is a package that a manifest asks for.
type Dependency struct {
	Name        string // in the normal form of its ecosystem
	Range       string // the versions that will do, as written; "" for any
	Group       Group
	Groups      []string // the names of the groups that it is in, where the manifest names any
	Conditional bool     // asked for on some platforms or versions of the runtime alone
	At          source.Span
}

// Manifest is a file that asks for packages.
type Manifest struct {
	File         string
	Ecosystem    Ecosystem
	Name         string // of the package itself
	Dependencies []Dependency
	Runtimes     []Runtime // the versions of runtimes that it asks for
	Manager      string    // the package manager that it asks for: npm, yarn, pnpm, bun, poetry, uv, pdm, pipenv; "" where it names none
	Members      []string  // patterns of the folders of its workspace's members
	Workspace    bool      // it is the root of a workspace
	Overridden   []string  // names of packages whose versions it decides for everybody

	Scripts  []Script
	Texts    []string // node: settings in which names of packages may have another meaning: imports, aliases, the settings of tools
	Dynamic  bool     // code decides what it asks for, so that what is not seen may be asked for all the same
	Provided []string // names that it answers to besides its own

	index   map[string]int  // of dependencies, by name: the first
	lasting map[string]bool // names of those that are asked for otherwise than for development
}

// Script is a named command of a manifest.
type Script struct {
	Name, Text string
	At         source.Span
}

// Declares returns the first dependency of that name.
func (m *Manifest) Declares(name string) (Dependency, bool) {
	if i, ok := m.index[name]; ok {
		return m.Dependencies[i], true
	}
	return Dependency{}, false
}

// Installs reports whether the manifest asks for a package otherwise than for
// development alone.
func (m *Manifest) Installs(name string) bool { return m.lasting[name] }

// Dir returns the folder of the manifest.
func (m *Manifest) Dir() string { return path.Dir(m.File) }

// Broken is a file that is not of its format.
type Broken struct {
	At     source.Span
	Reason string // without anything that stands in the file
	Syntax bool   // it cannot be parsed; else it is of another shape than it is known to be
	Merge  bool   // the marks of a merge stand in it
}

// Error returns the reason without the place.
func (b *Broken) Error() string { return b.Reason }

// reader reads a manifest; it returns nil where the file is none after all.
type reader func(source.File) (*Manifest, error)

var manifests = map[string]reader{
	"package.json": packageJSON, "pyproject.toml": pyproject, "Pipfile": pipfile, "setup.cfg": setupCFG, "setup.py": setupPy,
	"Gemfile": gemfile, "composer.json": composerJSON, "go.mod": goMod, "Cargo.toml": cargoTOML,
	"pom.xml": jvm, "build.gradle": jvm, "build.gradle.kts": jvm, "Directory.Build.props": msbuild,
}

// requirementFile is how the files of pip are called.
var requirementFile = regexp.MustCompile(`(?:^|/)(?:[\w.-]*requirements?(?:[-_.][^/]*)?|requirements/[^/]+|pip-(?:freeze|requires)|reqs)\.(?:txt|in)$`)

func readerOf(name string) reader {
	base := path.Base(name)
	switch {
	case manifests[base] != nil:
		return manifests[base]
	case strings.HasSuffix(base, ".txt") || strings.HasSuffix(base, ".in"):
		if requirementFile.MatchString(name) {
			return requirements
		}
	case strings.HasSuffix(base, ".csproj"), strings.HasSuffix(base, ".fsproj"), strings.HasSuffix(base, ".vbproj"):
		return msbuild
	}
	return nil
}

// Names reports whether a file of that path is a manifest.
func Names(name string) bool { return readerOf(name) != nil }

// maxManifest is the size in bytes of the largest manifest that is read.
const maxManifest = 1 << 20

// Read reads a manifest. An error is a *Broken; nil without an error says that
// the file asks for nothing.
func Read(file source.File) (*Manifest, error) {
	read := readerOf(file.Path)
	if read == nil {
		return nil, nil
	}
	if len(file.Data) > maxManifest {
		return nil, &Broken{At: source.Span{File: file.Path}, Reason: "larger than a megabyte, which no manifest is"}
	}
	m, err := read(file)
	if m != nil {
		m.File = file.Path
		slices.SortStableFunc(m.Dependencies, func(a, b Dependency) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Name, b.Name)) })
		m.index, m.lasting = make(map[string]int, len(m.Dependencies)), map[string]bool{}
		for i, d := range slices.Backward(m.Dependencies) {
			m.index[d.Name] = i
			m.lasting[d.Name] = m.lasting[d.Name] || d.Group != Development
		}
		slices.SortStableFunc(m.Runtimes, func(a, b Runtime) int { return a.At.Compare(b.At) })
	}
	return m, err
}

// lineOf returns the line in which an offset stands, from 1.
func lineOf(data []byte, offset int) int {
	n := 1
	for _, b := range data[:min(max(offset, 0), len(data))] {
		if b == '\n' {
			n++
		}
	}
	return n
}
