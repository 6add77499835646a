package packages

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"rehearse/internal/ledger"
	"rehearse/internal/manifest/imports"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Astray is an import of a file of the project that no file is called like.
type Astray struct {
	At      source.Span
	Name    string // as it is written
	File    string // that is called so in other capitals; "" where none is
	Text    string // the line
	Reached bool   // as of Foreign
	Eager   bool
}

// spelled tells how files and folders of the tree are spelled.
type spelled struct {
	paths map[string]bool
	lower map[string]string // by their names in lower case
}

func (ps *Packages) spell() *spelled {
	s := &spelled{map[string]bool{}, map[string]string{}}
	for _, f := range ps.project.Files {
		for p := f.Path; p != "." && !s.paths[p]; p = path.Dir(p) {
			s.paths[p] = true
			if lower := strings.ToLower(p); s.lower[lower] == "" || s.lower[lower] > p {
				s.lower[lower] = p
			}
		}
	}
	return s
}

// assetEndings are those that bundlers leave out besides those of code.
var assetEndings = []string{".json", ".css", ".scss", ".sass", ".less", ".node", ".wasm", ".d.ts", ".mdx", ".graphql", ".gql", ".native.js", ".native.ts", ".native.tsx", ".ios.js", ".ios.tsx", ".web.js", ".web.tsx", "/index.vue", "/index.svelte", "/index.json"}

// endings are those with which a file may be called that is imported without
// (https://www.typescriptlang.org/docs/handbook/modules/reference.html).
var endings = slices.Concat(sourceEndings, assetEndings)

// forms calls try with the names that a file may have which is imported by one,
// until it is true. The names are good until the next.
func forms(target string, try func(name []byte) bool) bool {
	bare := target
	if ext := path.Ext(target); ext == ".js" || ext == ".jsx" || ext == ".mjs" || ext == ".cjs" {
		bare = strings.TrimSuffix(target, ext)
	}
	name := make([]byte, 0, len(target)+len("/index.svelte"))
	for _, ending := range endings {
		if try(append(append(name, target...), ending...)) || bare != target && try(append(append(name, bare...), ending...)) {
			return true
		}
	}
	return false
}

// Astray returns the imports of the code of a component of JavaScript that mean
// a file of the project and lead nowhere as they are written. Of those by an
// alias, only such that lead somewhere in other capitals: a bundler may know more
// aliases than stand in its settings.
func (ps *Packages) Astray(c *ledger.Component) []Astray {
	var all []Astray
	for _, f := range ps.code(c) {
		var found []imports.Import
		for _, m := range f.inside {
			if !m.Types && !m.Guarded && !strings.ContainsAny(m.Name, "*${}`!:\\ \n") && m.Name != "" {
				found = append(found, m)
			}
		}
		for _, m := range found {
			if other, ok := ps.astray(f, m.Name); ok {
				one := Astray{Name: m.Name, File: other, Reached: f.reached, Eager: f.eager && !m.Lazy}
				one.At, one.Text = ps.place(f.path, m.Offset)
				all = append(all, one)
			}
		}
	}
	return all
}

func (ps *Packages) place(file string, offset int) (source.Span, string) {
	f := ps.project.File(file)
	data, err := ps.project.Read(f)
	if err != nil {
		return source.Span{File: file}, ""
	}
	line, column := imports.Line(data.Data, offset)
	return source.Span{File: file, Line: line, Column: column}, clipped(data.Line(line))
}

// astray reports whether an import leads nowhere, and what it would lead to in
// other capitals.
func (ps *Packages) astray(f *codeFile, name string) (other string, ok bool) {
	name, _, _ = strings.Cut(name, "?")
	relative := strings.HasPrefix(name, ".")
	targets := []string{path.Join(path.Dir(f.path), name)}
	if !relative {
		targets = ps.aliasesOf(f.manifest.Dir()).targets(name)
	}
	tree := ps.names()
	for _, target := range targets {
		if target == "." || strings.HasPrefix(target, "..") || tree.paths[target] {
			return "", false
		}
		if forms(target, func(p []byte) bool { return tree.paths[string(p)] }) {
			return "", false
		}
	}
	for _, target := range targets {
		other := ""
		if forms(target, func(p []byte) bool { other = tree.lower[string(bytes.ToLower(p))]; return other != "" }) {
			return other, !relative // what is relative is seen with the other paths of the file
		}
	}
	return "", relative && !ps.begun(targets[0])
}

// begun reports whether something in the tree is called as the target begins, of
// another kind than is imported: a plugin of the bundler may take it in; or
// whether it may be there although it is not in the tree.
func (ps *Packages) begun(target string) bool {
	files := ps.project.Files
	for _, begin := range []string{target + ".", strings.TrimSuffix(target, path.Ext(target)) + ".", target + "/"} {
		i, _ := slices.BinarySearchFunc(files, begin, func(f *project.File, p string) int { return strings.Compare(f.Path, p) })
		if i < len(files) && strings.HasPrefix(files[i].Path, begin) {
			return true
		}
	}
	for _, p := range []string{target, target + ".js", target + ".ts"} {
		if ps.gaps.Of(p) != "" {
			return true
		}
	}
	return false
}
