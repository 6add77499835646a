package packages

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
)

// Asked returns the dependency by which a manifest, or one above it, asks for a
// package; of the types of a package, too, where nothing asks for it itself.
func (ps *Packages) Asked(m *manifest.Manifest, name string) (manifest.Dependency, bool) {
	for _, above := range ps.Above(m.Dir(), manifest.Node) {
		if d, ok := above.Declares(name); ok {
			return d, true
		}
	}
	return manifest.Dependency{}, false
}

// Sibling returns another manifest of the project that asks for a package; one
// that the component takes before any other, nil where none does.
func (ps *Packages) Sibling(c *ledger.Component, m *manifest.Manifest, name string) *manifest.Manifest {
	var found *manifest.Manifest
	for _, other := range ps.Manifests {
		if other == m || other.Ecosystem != m.Ecosystem {
			continue
		}
		if _, ok := other.Declares(name); !ok {
			continue
		}
		if ps.Takes(c, other) {
			return other
		}
		if found == nil {
			found = other
		}
	}
	return found
}

// Takes reports whether what a manifest asks for is installed with the
// component: the manifest is its own, or that of a package of the project that
// it depends on, directly or through others.
func (ps *Packages) Takes(c *ledger.Component, m *manifest.Manifest) bool {
	seen := map[*manifest.Manifest]bool{}
	queue := ps.In(c.Dir, m.Ecosystem)
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		if next == m {
			return true
		}
		if seen[next] {
			continue
		}
		seen[next] = true
		for _, d := range next.Dependencies {
			if own := ps.named()[d.Name]; own != nil {
				queue = append(queue, own)
			}
		}
	}
	return false
}

// Hoists reports whether a package that another one needs is found by code of
// the project too: npm and yarn 1 put all of them into one folder; pnpm and yarn
// 2 and later only where they are told to
// (https://pnpm.io/settings#dependency-hoisting-settings, https://yarnpkg.com/features/linkers).
func (ps *Packages) Hoists(m *manifest.Manifest) bool {
	file := ps.Lockfile(m)
	dir := path.Dir(file)
	setting := func(name string, texts ...string) bool {
		f := ps.project.File(path.Join(dir, name))
		if f == nil {
			return false
		}
		data, err := ps.project.Read(f)
		return err != nil || slices.ContainsFunc(texts, func(t string) bool { return bytes.Contains(data.Data, []byte(t)) })
	}
	switch path.Base(file) {
	case "pnpm-lock.yaml":
		return setting(".npmrc", "hoist", "node-linker") || setting("pnpm-workspace.yaml", "oist", "nodeLinker")
	case "yarn.lock":
		if l := ps.Lock(file); l != nil && l.Format == "berry" {
			return setting(".yarnrc.yml", "nodeLinker", "pnpMode: loose", "packageExtensions")
		}
	}
	return true
}

// Bundled reports whether code of a manifest is bundled: then it is taken in by
// more than what its entry imports, and what it imports is needed when it is
// built, not when it runs.
func (ps *Packages) Bundled(c *ledger.Component, m *manifest.Manifest) bool {
	for _, one := range append(ps.In(c.Dir, manifest.Node), m) {
		for _, d := range one.Dependencies {
			if bundlers[d.Name] {
				return true
			}
		}
		for _, s := range one.Scripts {
			if strings.Contains(s.Text, "bun build") || strings.Contains(s.Text, "deno compile") || strings.Contains(s.Text, "--webpack") {
				return true
			}
		}
	}
	return false
}
