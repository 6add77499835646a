package missingfile

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/tidwall/jsonc"

	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/image/demand"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// tsconfig is what is read of a tsconfig.json
// (https://www.typescriptlang.org/tsconfig/).
type tsconfig struct {
	Extends         json.RawMessage `json:"extends"`
	Files           []string        `json:"files"`
	Include         []string        `json:"include"`
	Exclude         []string        `json:"exclude"`
	References      []struct{ Path string }
	CompilerOptions struct {
		OutDir              string              `json:"outDir"`
		RootDir             string              `json:"rootDir"`
		OutFile             string              `json:"outFile"`
		Composite           bool                `json:"composite"`
		NoEmit              bool                `json:"noEmit"`
		EmitDeclarationOnly bool                `json:"emitDeclarationOnly"`
		AllowJs             bool                `json:"allowJs"`
		Paths               map[string][]string `json:"paths"`
	} `json:"compilerOptions"`
}

// bases returns what a tsconfig.json is laid over.
func (t *tsconfig) bases() []string {
	var one string
	var many []string
	if json.Unmarshal(t.Extends, &one) == nil && one != "" {
		return []string{one}
	}
	if json.Unmarshal(t.Extends, &many) == nil {
		return many
	}
	return nil
}

func parseConfig(data []byte) (*tsconfig, bool) {
	t := &tsconfig{}
	err := json.Unmarshal(jsonc.ToJSON(data), t)
	return t, err == nil
}

// emitted finds entries that node is to start and that tsc writes elsewhere:
// what is in outDir follows rootDir, or where there is none the folder that all
// the files have in common.
func (s *session) emitted(o *ledger.Occasion) {
	for _, c := range o.Calls {
		if c.Guarded || len(c.Args) == 0 || !strings.HasPrefix(path.Base(c.Args[0].Text), "node") {
			continue
		}
		for _, d := range demand.Of(c) {
			if d.Program == "" && len(d.Paths) > 0 && d.What == "node runs it" && !o.Covered(d.Paths[0]) {
				s.compiled(o, d)
			}
		}
	}
}

func (s *session) compiled(o *ledger.Occasion, d demand.Demand) {
	p, ok := placed(o.Build, d.Call)
	if !ok || path.IsAbs(d.Name) || p.has(d.Name) || d.Answer().State == image.Present {
		return
	}
	// The nearest folder above that has a tsconfig.json, whose outDir has the
	// file.
	want := path.Join(p.dir, d.Name)
	for dir := path.Dir(want); ; dir = path.Dir(dir) {
		config := ""
		if o.Build.Has(path.Join(dir, "tsconfig.json")) && byCompiler(o.Build, dir) {
			config = path.Join(dir, "tsconfig.json")
			if build := path.Join(dir, "tsconfig.build.json"); o.Build.Has(build) {
				config = build
			}
		}
		if config != "" {
			if at, elsewhere := emits(o.Build, config, want); elsewhere {
				s.elsewhere(o, d, config, want, at)
			}
			return
		}
		if dir == "." || dir == "/" || strings.HasPrefix(dir, "..") {
			return
		}
	}
}

func (s *session) elsewhere(o *ledger.Occasion, d demand.Demand, config, want, at string) {
	file := o.Build.Source(config)
	s.add(gap{
		severity: finding.Error, build: o.Build, environment: o.Environment, subject: subject(d.Name),
		message:     fmt.Sprintf("%s starts %s, and tsc with %s writes it to %s", who(o, d.Call), d.Name, file, at),
		consequence: "the container exits: cannot find module", remedy: fmt.Sprintf("start %s, or set rootDir in %s", at, file),
		need: site(o.Build, d.Call), text: subject(d.Name), absent: source.Span{File: file, Line: 1},
		related: []source.Span{o.At},
	})
}

// compilers is what scripts of package.json may call besides what is left to
// others: bundlers lay out their output as they like.
var (
	compilers = regexp.MustCompile(`(^|[\s;&|])(npx )?(tsc|nest build)([\s;&|]|$)`)
	bundlers  = regexp.MustCompile(`\b(webpack|vite|rollup|esbuild|swc|babel|tsup|ncc|parcel|tsdown|unbuild|rspack|mv|rename|move|gulp|grunt|bun build|--outDir|--rootDir|--webpack|nx|turbo)\b`)
)

// byCompiler reports whether a folder is built by tsc alone.
func byCompiler(b *ledger.Build, dir string) bool {
	data, ok := b.Read(path.Join(dir, "package.json"))
	if !ok {
		return false
	}
	var m struct {
		Scripts map[string]string `json:"scripts"`
	}
	if json.Unmarshal(data, &m) != nil || !compilers.MatchString(m.Scripts["build"]) {
		return false
	}
	if nest, ok := b.Read(path.Join(dir, "nest-cli.json")); ok && (strings.Contains(string(nest), "webpack") || strings.Contains(string(nest), "monorepo") || strings.Contains(string(nest), "swc")) {
		return false
	}
	for name, text := range m.Scripts {
		if strings.HasPrefix(name, "build") || strings.HasSuffix(name, "build") {
			if bundlers.MatchString(text) {
				return false
			}
		}
	}
	return true
}

// The bounds of what is looked at to see what tsc writes.
const (
	maxSources = 3_000
	maxExtends = 10
)

// emits reports whether tsc writes what is wanted to another place than it is
// wanted at, and where. It says nothing where the compiler writes it there, or
// does not write it at all.
func emits(b *ledger.Build, config, want string) (string, bool) {
	t, dir, ok := load(b, config)
	options := t.CompilerOptions
	if !ok || options.OutDir == "" || options.NoEmit || options.EmitDeclarationOnly || options.OutFile != "" || strings.Contains(options.OutDir, "$") {
		return "", false
	}
	out := path.Join(options.OutDir)
	inside, below := strings.CutPrefix(want, out+"/")
	if !below || len(options.Paths) > 0 {
		return "", false // paths may lead out of the folder, which moves the common folder up
	}
	files := sources(b, t, dir, out)
	if len(files) == 0 || len(files) > maxSources {
		return "", false
	}
	root := options.RootDir
	switch {
	case root != "":
	case options.Composite:
		root = dir
	default:
		if root, ok = common(b, files, dir); !ok {
			return "", false
		}
	}
	best := ""
	for _, f := range files {
		rel, ok := seen(root, f)
		if !ok {
			continue
		}
		js := script(rel)
		if js == inside || strings.TrimSuffix(js, ".js") == inside || js == path.Join(inside, "index.js") || js == inside+".js" {
			return "", false
		}
		if path.Base(js) == path.Base(inside) && (strings.HasSuffix(js, "/"+inside) || strings.HasSuffix(inside, "/"+js)) && (best == "" || len(js) < len(best)) {
			best = js
		}
	}
	if best == "" {
		return "", false
	}
	return b.Source(path.Join(out, best)), true
}

// seen returns a path as seen from a folder.
func seen(dir, file string) (string, bool) {
	if dir == "." || dir == "" {
		return file, !strings.HasPrefix(file, "../")
	}
	return strings.CutPrefix(file, dir+"/")
}

// script returns what tsc calls what it makes of a source.
func script(file string) string {
	switch ext := path.Ext(file); ext {
	case ".mts":
		return strings.TrimSuffix(file, ext) + ".mjs"
	case ".cts":
		return strings.TrimSuffix(file, ext) + ".cjs"
	case ".ts", ".tsx":
		return strings.TrimSuffix(file, ext) + ".js"
	}
	return file
}

// load reads a tsconfig.json and what it is laid over. Its paths are from the
// context on; dir is its folder.
func load(b *ledger.Build, config string) (t *tsconfig, dir string, ok bool) {
	t = &tsconfig{}
	dir = path.Dir(config)
	for n := 0; config != ""; n++ {
		data, found := b.Read(config)
		if !found || n > maxExtends {
			return t, dir, false
		}
		own, parsed := parseConfig(data)
		if !parsed {
			return t, dir, false
		}
		at := path.Dir(config)
		resolve := func(p string) string {
			if p == "" || path.IsAbs(p) || strings.Contains(p, "$") {
				return p
			}
			return path.Join(at, p)
		}
		from, to := &own.CompilerOptions, &t.CompilerOptions
		if to.OutDir == "" {
			to.OutDir = resolve(from.OutDir)
		}
		if to.RootDir == "" {
			to.RootDir = resolve(from.RootDir)
		}
		to.OutFile += from.OutFile
		to.Composite, to.NoEmit, to.AllowJs = to.Composite || from.Composite, to.NoEmit || from.NoEmit, to.AllowJs || from.AllowJs
		to.EmitDeclarationOnly = to.EmitDeclarationOnly || from.EmitDeclarationOnly
		if to.Paths == nil {
			to.Paths = from.Paths
		}
		for list, more := range map[*[]string][]string{&t.Files: own.Files, &t.Include: own.Include, &t.Exclude: own.Exclude} {
			if *list == nil && more != nil {
				for _, p := range more {
					*list = append(*list, resolve(p))
				}
			}
		}
		t.References = append(t.References, own.References...)
		config = ""
		for _, base := range own.bases() {
			if !strings.HasPrefix(base, ".") {
				continue // of a package: its outDir would be in that package
			}
			if config = path.Join(at, base); path.Ext(config) != ".json" {
				config += ".json"
			}
		}
	}
	return t, dir, true
}

// sources returns the files that the compiler takes.
func sources(b *ledger.Build, t *tsconfig, dir, out string) []string {
	include := t.Include
	if include == nil && t.Files == nil {
		include = []string{path.Join(dir, "**/*")}
	}
	exclude := t.Exclude
	if exclude == nil {
		exclude = []string{path.Join(dir, "node_modules"), path.Join(dir, "bower_components"), path.Join(dir, "jspm_packages")}
	}
	var all []string
	for _, f := range b.Files() {
		ext := path.Ext(f)
		switch {
		case strings.HasSuffix(f, ".d.ts") || strings.HasSuffix(f, ".d.mts"):
			continue
		case ext == ".ts" || ext == ".tsx" || ext == ".mts" || ext == ".cts":
		case (ext == ".js" || ext == ".jsx" || ext == ".mjs" || ext == ".cjs") && t.CompilerOptions.AllowJs:
		default:
			continue
		}
		if slices.Contains(t.Files, f) || covered(include, f) && !covered(exclude, f) && !covered([]string{out}, f) && !strings.Contains(f, "node_modules/") {
			all = append(all, f)
		}
	}
	return all
}

// covered reports whether a pattern of a tsconfig.json covers a file: a folder
// stands for all that is in it.
func covered(patterns []string, file string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		p = path.Clean(p)
		if p == "." || p == file || strings.HasPrefix(file, p+"/") {
			return true
		}
		if ok, err := doublestar.Match(p, file); err == nil && ok {
			return true
		}
		if path.Ext(p) == "" || strings.HasSuffix(p, "*") {
			ok, err := doublestar.Match(p+"/**", file)
			return err == nil && ok
		}
		return false
	})
}

var imported = regexp.MustCompile(`(?:from|import|require\()\s*\(?["'](\.\.?/[^"']+)["']`)

// common returns the folder that the sources and what they import have in
// common. What is imported belongs to the program, too.
func common(b *ledger.Build, files []string, dir string) (string, bool) {
	known := map[string]bool{}
	for _, f := range files {
		known[f] = true
	}
	root := path.Dir(files[0])
	widen := func(f string) {
		for root != "." && !strings.HasPrefix(f, root+"/") {
			root = path.Dir(root)
		}
	}
	queue := slices.Clone(files)
	for i := 0; i < len(queue) && len(queue) <= maxSources; i++ {
		f := queue[i]
		widen(f)
		data, ok := b.Read(f)
		if !ok {
			return "", false
		}
		for _, m := range imported.FindAllSubmatch(data, -1) {
			to := path.Join(path.Dir(f), string(m[1]))
			if strings.HasPrefix(to, "../") {
				return "", false
			}
			for _, candidate := range []string{to, to + ".ts", to + ".tsx", to + "/index.ts", strings.TrimSuffix(to, ".js") + ".ts", strings.TrimSuffix(to, ".js") + ".tsx", strings.TrimSuffix(to, ".mjs") + ".mts"} {
				if ext := path.Ext(candidate); (ext == ".ts" || ext == ".tsx" || ext == ".mts") && !strings.HasSuffix(candidate, ".d.ts") && b.Has(candidate) && !known[candidate] {
					known[candidate] = true
					queue = append(queue, candidate)
				} else if ext == ".json" && candidate == to && b.Has(to) {
					widen(to)
				}
			}
		}
	}
	return root, len(queue) <= maxSources
}
