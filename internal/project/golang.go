package project

import (
	"context"
	"errors"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/scanner"
	"go/token"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"

	"rehearse/internal/source"
)

// majorVersion is the last part of the path of a module from version 2 on.
var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// module is a Go module of the tree.
type module struct {
	path string
	dir  string // "" is the root
	file string
}

// goPackage is a folder of Go files, as they are built for Linux.
type goPackage struct {
	dir     string
	name    string
	main    source.Span // of package main: func main, or the first file
	imports []string
	files   []string // that are built
	broken  []source.Unread
}

// golang finds the components that are package main of a module, and what each
// of them is made of. A module without any is a library.
func (d *discovery) golang(ctx context.Context) error {
	modules := d.modules()
	if len(modules) == 0 {
		return nil
	}
	packages, err := d.goPackages(ctx)
	if err != nil {
		return err
	}
	d.goFiles = map[*Component][]string{}
	mains := map[string]int{}
	for _, pkg := range sortedPackages(packages) {
		mod := moduleOf(modules, pkg.dir)
		if pkg.name != "main" || mod == nil || developerTools(pkg.dir) {
			continue
		}
		mains[mod.dir]++
		c := d.add(&Component{
			Dir: pkg.dir, Language: "go", Manifest: mod.file, Entry: []string{pkg.main.File},
			Package: path.Join(mod.path, relativeTo(pkg.dir, mod.dir)),
		})
		target := "."
		if pkg.dir != mod.dir {
			target = "./" + relativeTo(pkg.dir, mod.dir)
		}
		c.Start.Local = newCommand("go run "+target, mod.dir, pkg.main)
		for _, dir := range reachable(pkg.dir, packages, modules) {
			d.goFiles[c] = append(d.goFiles[c], packages[dir].files...)
		}
	}
	for _, mod := range modules {
		if mains[mod.dir] > 0 {
			continue
		}
		c := &Component{Dir: mod.dir, Language: "go", Manifest: mod.file, Package: mod.path}
		for dir, pkg := range packages {
			if moduleOf(modules, dir) == mod {
				d.goFiles[c] = append(d.goFiles[c], pkg.files...)
			}
		}
		if len(d.goFiles[c]) > 0 {
			d.add(c)
		}
	}
	return nil
}

// tools are the folders of programs that are run by developers and not
// deployed.
var tools = map[string]bool{"tools": true, "tool": true, "hack": true, "scripts": true, "script": true, "codegen": true, "magefiles": true, ".github": true}

func developerTools(dir string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(part string) bool { return tools[part] })
}

func relativeTo(dir, base string) string {
	return strings.TrimPrefix(strings.TrimPrefix(dir, base), "/")
}

// modules returns the modules of the tree, the deepest first.
func (d *discovery) modules() []*module {
	var found []*module
	for _, f := range d.named(func(base string) bool { return base == "go.mod" }) {
		data := d.manifest(f.Path)
		if data == nil {
			continue
		}
		name := modfile.ModulePath(data)
		if name == "" {
			d.unread(source.Span{File: f.Path}, "it names no module")
			continue
		}
		found = append(found, &module{path: name, dir: dirOf(f.Path), file: f.Path})
	}
	slices.SortStableFunc(found, func(a, b *module) int { return len(b.dir) - len(a.dir) })
	return found
}

func moduleOf(modules []*module, dir string) *module {
	for _, m := range modules {
		if within(dir, m.dir) {
			return m
		}
	}
	return nil
}

func sortedPackages(packages map[string]*goPackage) []*goPackage {
	all := make([]*goPackage, 0, len(packages))
	for _, p := range packages {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *goPackage) int { return strings.Compare(a.dir, b.dir) })
	return all
}

// goPackages reads the package clauses and the imports of all Go files.
func (d *discovery) goPackages(ctx context.Context) (map[string]*goPackage, error) {
	files := map[string][]string{}
	var dirs []string
	for _, f := range d.Files {
		if path.Ext(f.Path) != ".go" || f.Flags&(Ignored|Test|Example|Vendored|Docs) != 0 || f.Link != "" || !forLinux(path.Base(f.Path)) {
			continue
		}
		dir := dirOf(f.Path)
		if files[dir] == nil {
			dirs = append(dirs, dir)
		}
		files[dir] = append(files[dir], f.Path)
	}
	found := make([]*goPackage, len(dirs))
	var workers sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			buf := make([]byte, goHead)
			for i := range next {
				found[i] = d.goPackage(dirs[i], files[dirs[i]], buf)
			}
		})
	}
	for i := range dirs {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	packages := map[string]*goPackage{}
	for _, p := range found {
		d.Unread = append(d.Unread, p.broken...)
		if p.name != "" {
			packages[p.dir] = p
		}
	}
	return packages, nil
}

// goHead is how many bytes of a Go file are read for its imports at first;
// where they do not end there, it is read whole.
const goHead = 4096

func (d *discovery) goPackage(dir string, files []string, buf []byte) *goPackage {
	pkg := &goPackage{dir: dir}
	for _, file := range files {
		syntax, err := d.goImports(file, buf)
		if err != nil {
			pkg.broken = append(pkg.broken, goBroken(file, err))
			pkg.files = append(pkg.files, file) // whoever reads it decides
			continue
		}
		if syntax == nil {
			continue
		}
		pkg.files = append(pkg.files, file)
		// Of a folder with several packages (which does not build) main wins.
		if pkg.name == "" || syntax.Name.Name == "main" && pkg.name != "main" {
			pkg.name = syntax.Name.Name
		}
		for _, spec := range syntax.Imports {
			if name, err := strconv.Unquote(spec.Path.Value); err == nil && !slices.Contains(pkg.imports, name) {
				pkg.imports = append(pkg.imports, name)
			}
		}
	}
	if pkg.name == "main" {
		pkg.main = d.funcMain(files)
	}
	return pkg
}

var funcMain = regexp.MustCompile(`(?m)^func main\(\)`)

// funcMain returns where func main is declared.
func (d *discovery) funcMain(files []string) source.Span {
	for _, file := range files {
		data, err := d.root.read(file, nil, MaxFile)
		if err != nil {
			continue // it was listed when its imports were read
		}
		if at := funcMain.FindIndex(data); at != nil && builtOnLinux(data) {
			return source.Span{File: file, Line: 1 + strings.Count(string(data[:at[0]]), "\n")}
		}
	}
	return source.Span{File: files[0]}
}

func goBroken(file string, err error) source.Unread {
	var syntax scanner.ErrorList
	if errors.As(err, &syntax) && len(syntax) > 0 {
		at := source.Span{File: file, Line: syntax[0].Pos.Line, Column: syntax[0].Pos.Column}
		return source.Unread{At: at, Reason: "not Go: " + syntax[0].Msg}
	}
	return source.Unread{At: source.Span{File: file}, Reason: reason(err)}
}

// goImports parses a Go file up to its imports. It returns nil for one that is
// not built on Linux.
func (d *discovery) goImports(file string, buf []byte) (*ast.File, error) {
	head, err := d.root.head(file, buf)
	if err != nil {
		return nil, err
	}
	if !builtOnLinux(head) {
		return nil, nil
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), "", head, parser.ImportsOnly)
	if err != nil && len(head) == len(buf) {
		if head, err = d.root.read(file, nil, MaxFile); err == nil {
			syntax, err = parser.ParseFile(token.NewFileSet(), "", head, parser.ImportsOnly)
		}
	}
	if err != nil {
		return nil, err
	}
	return syntax, nil
}

// otherSystems are the values of GOOS that are not Linux and the values of
// GOARCH that containers seldom have, by which names of files are chosen
// (go.dev/cmd/go, "Build constraints").
var otherSystems = []string{
	"_windows", "_darwin", "_freebsd", "_netbsd", "_openbsd", "_dragonfly", "_solaris", "_illumos", "_aix", "_plan9", "_js", "_wasm", "_wasip1", "_android", "_ios",
}

func forLinux(name string) bool {
	name = strings.TrimSuffix(name, ".go")
	if strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") {
		return false
	}
	for _, arch := range []string{"_amd64", "_arm64", "_386", "_arm"} {
		name = strings.TrimSuffix(name, arch)
	}
	return !slices.ContainsFunc(otherSystems, func(s string) bool { return strings.HasSuffix(name, s) })
}

// builtOnLinux evaluates the //go:build line at the beginning of a file.
func builtOnLinux(head []byte) bool {
	for line := range strings.Lines(string(head)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "//") {
			if line == "" {
				continue
			}
			return true
		}
		if !constraint.IsGoBuild(line) {
			continue
		}
		expr, err := constraint.Parse(line)
		if err != nil {
			return true
		}
		return expr.Eval(func(tag string) bool {
			return tag == "linux" || tag == "unix" || tag == "amd64" || tag == "cgo" || tag == "gc" || strings.HasPrefix(tag, "go1.")
		})
	}
	return true
}

// reachable returns the folders of the packages that the one in dir is made
// of, its own first.
func reachable(dir string, packages map[string]*goPackage, modules []*module) []string {
	found := []string{dir}
	seen := map[string]bool{dir: true}
	for i := 0; i < len(found); i++ {
		pkg := packages[found[i]]
		if pkg == nil {
			continue
		}
		for _, name := range pkg.imports {
			to, ok := folderOf(modules, name)
			if ok && !seen[to] && packages[to] != nil {
				seen[to] = true
				found = append(found, to)
			}
		}
	}
	return found
}

// folderOf returns the folder of the package that an import path names, where
// it is of a module of the tree.
func folderOf(modules []*module, name string) (string, bool) {
	best := -1
	for i, m := range modules {
		if within(name, m.path) && (best < 0 || len(m.path) > len(modules[best].path)) {
			best = i
		}
	}
	if best < 0 {
		return "", false
	}
	return join(modules[best].dir, relativeTo(name, modules[best].path)), true
}
