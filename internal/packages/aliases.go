package packages

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/jsonc"

	"rehearse/internal/manifest"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// aliases is what gives imports below a folder another meaning than that of a
// package.
type aliases struct {
	dirs     []string // the folder and those above it
	patterns []alias
	bases    []string // folders that imports are looked up from
	text     string   // the settings of bundlers and compilers
}

// alias is an entry of "paths" in a tsconfig.json
// (https://www.typescriptlang.org/tsconfig/#paths).
type alias struct {
	before, after string // what stands before and behind the star
	star          bool
	targets       []string // relative to the project's root, with the star
}

// compilerFile names the settings of TypeScript and of Deno, and bundlerFile
// those of what may rename imports.
var (
	compilerFile = regexp.MustCompile(`^(?:ts|js)config[\w.-]*\.json$|^deno\.jsonc?$|^import_?map\.json$`)
	bundlerFile  = regexp.MustCompile(`(?i)^(?:.*webpack.*|vite\..*|vitest\..*|rollup.*|rspack.*|rsbuild.*|farm\..*|babel\..*|\.babelrc.*|metro\..*|next\.config.*|nuxt\.config.*|svelte\.config.*|vue\.config.*|craco.*|quasar.*|astro\.config.*|remix\.config.*|gatsby-.*|.*esbuild.*|jest\..*|tsup.*|tsdown.*|karma.*|ember-cli-build.*|config-overrides.*|gulpfile.*|gruntfile.*|angular\.json|workspace\.json|project\.json|electron.*config.*|\.umirc.*|aliases?\..*|rolldown.*)$`)
)

// aliasesOf returns the aliases of a folder.
func (ps *Packages) aliasesOf(dir string) *aliases {
	return ps.aliases.get(dir, func() *aliases { return ps.findAliases(dir) })
}

func (ps *Packages) findAliases(dir string) *aliases {
	a := &aliases{}
	for at := path.Clean(dir); ; at = path.Dir(at) {
		a.dirs = append(a.dirs, at)
		if at == "." || at == "/" {
			break
		}
	}
	for _, f := range ps.settings() {
		// Those above the folder count, and those anywhere below it.
		if at := path.Dir(f.Path); !source.Under(dir, f.Path) && !slices.Contains(a.dirs, at) {
			continue
		}
		file, err := ps.project.Read(f)
		switch {
		case err != nil:
		case compilerFile.MatchString(path.Base(f.Path)):
			a.compiler(path.Dir(f.Path), file.Data)
		default:
			a.text += string(loading.ReplaceAll(file.Data, nil)) + "\n"
		}
	}
	for _, m := range ps.Above(dir, manifest.Node) {
		a.text += strings.Join(m.Texts, "\n")
	}
	return a
}

// loading is where settings load a package for themselves, which gives it no other
// meaning.
var loading = regexp.MustCompile(`\brequire\(\s*["'][^"'\n]*["']\s*\)|\b(?:from|import)\s*["'][^"'\n]*["']`)

// findSettings returns the files that may rename imports.
func (ps *Packages) findSettings() []*project.File {
	var renaming []*project.File
	for _, f := range ps.project.Files {
		if f.Flags&(project.Ignored|project.Vendored) != 0 || f.Link != "" {
			continue
		}
		base := path.Base(f.Path)
		ending := path.Ext(base)
		if len(base) > 64 || !codeEndings[ending] && ending != ".json" && ending != ".jsonc" && base[0] != '.' {
			continue
		}
		if bundlerFile.MatchString(base) || compilerFile.MatchString(base) {
			renaming = append(renaming, f)
		}
	}
	return renaming
}

func (a *aliases) compiler(dir string, data []byte) {
	var c struct {
		CompilerOptions struct {
			BaseURL *string `json:"baseUrl"`
			Paths   map[string][]string
		}
		Imports map[string]any
	}
	if json.Unmarshal(jsonc.ToJSON(data), &c) != nil {
		a.text += string(data) // what cannot be read may say anything
		return
	}
	base := dir
	if c.CompilerOptions.BaseURL != nil {
		base = path.Join(dir, *c.CompilerOptions.BaseURL)
		a.bases = append(a.bases, base)
	}
	for pattern, targets := range c.CompilerOptions.Paths {
		one := alias{}
		one.before, one.after, one.star = strings.Cut(pattern, "*")
		if pattern == "*" {
			continue // it says where else everything may be
		}
		for _, t := range targets {
			one.targets = append(one.targets, path.Join(base, t))
		}
		a.patterns = append(a.patterns, one)
	}
	for name := range c.Imports {
		a.patterns = append(a.patterns, alias{before: name, star: strings.HasSuffix(name, "/")})
	}
}

func (p alias) matches(name string) (rest string, ok bool) {
	if !p.star {
		return "", name == p.before
	}
	if len(name) < len(p.before)+len(p.after) || !strings.HasPrefix(name, p.before) || !strings.HasSuffix(name, p.after) {
		return "", false
	}
	return name[len(p.before) : len(name)-len(p.after)], true
}

// speaksOf reports whether something may give an import another meaning: an
// entry of the compiler's paths, or a setting of a bundler that names it.
func (a *aliases) speaksOf(name string) bool {
	for _, p := range a.patterns {
		if _, ok := p.matches(name); ok {
			return true
		}
	}
	first, _, _ := strings.Cut(name, "/")
	pkg := packageOf(name)
	for _, text := range []string{first, pkg} {
		for _, form := range []string{`"` + text + `"`, `'` + text + `'`, "`" + text + "`", `"` + text + `/`, `'` + text + `/`, text + ":", `^` + text} {
			if text != "" && strings.Contains(a.text, form) {
				return true
			}
		}
	}
	return false
}

// own reports whether the first part of an import is a file or folder of the
// project, at a place where imports may be looked up from.
func (a *aliases) own(ps *Packages, name string) bool {
	first, _, _ := strings.Cut(name, "/")
	for _, dir := range append(slices.Clone(a.bases), a.dirs[0], path.Join(a.dirs[0], "src"), path.Join(a.dirs[0], "app"), path.Join(a.dirs[0], "lib")) {
		if ps.holds(path.Join(dir, first)) {
			return true
		}
	}
	return false
}

// holds reports whether a folder, or a file of code, of that name is in the
// project.
func (ps *Packages) holds(name string) bool {
	files := ps.project.Files
	for _, begin := range []string{name + "/", name + "."} {
		i, _ := slices.BinarySearchFunc(files, begin, func(f *project.File, p string) int { return strings.Compare(f.Path, p) })
		if i >= len(files) || !strings.HasPrefix(files[i].Path, begin) {
			continue
		}
		if begin == name+"/" || codeEndings[path.Ext(files[i].Path)] {
			return true
		}
	}
	return false
}

// targets returns where a file may be that an import means by an alias.
func (a *aliases) targets(name string) []string {
	var found []string
	for _, p := range a.patterns {
		rest, ok := p.matches(name)
		if !ok {
			continue
		}
		for _, t := range p.targets {
			found = append(found, strings.Replace(t, "*", rest, 1))
		}
	}
	for _, base := range a.bases {
		found = append(found, path.Join(base, name))
	}
	for _, prefix := range []string{"@/", "~/", "#/"} { // by convention of the templates of Vite, Nuxt and Next
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			found = append(found, path.Join(a.dirs[0], rest), path.Join(a.dirs[0], "src", rest))
		}
	}
	return found
}
