package missingfile

import (
	"bytes"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"rehearse/internal/finding"
	"rehearse/internal/image"
)

// maxGoPackages is how many packages of a module one build follows.
const maxGoPackages = 1_000

// packagesGo finds the packages of the module itself, and the files that are
// embedded, that a build takes and the image has not
// (https://go.dev/ref/mod#resolve-pkg-mod, https://pkg.go.dev/embed).
func (w *work) packagesGo() {
	if !w.verb("build", "install", "run", "vet", "generate") || w.flag("-C", "-modfile", "-h") {
		return
	}
	// The module may begin in a folder above.
	root := "."
	data, ok := w.read("go.mod")
	for n := strings.Count(w.dir, "/") + 1; !ok && n > 0 && w.dir != "."; n-- {
		root = path.Join(root, "..")
		data, ok = w.read(path.Join(root, "go.mod"))
	}
	if !ok || w.has(path.Join(root, "vendor/modules.txt")) {
		return
	}
	module := modfile.ModulePath(data)
	if module == "" {
		return
	}
	var queue []string
	seen := map[string]bool{}
	visit := func(dir string) {
		if !seen[dir] && len(seen) < maxGoPackages {
			seen[dir] = true
			queue = append(queue, dir)
		}
	}
	for _, a := range w.targets() {
		if files := w.goFiles(a); len(files) > 0 && w.gone(files) {
			w.lacks(w.topmost(a), finding.Error, "", broken)
			continue
		}
		visit(a)
	}
	for len(queue) > 0 {
		dir := queue[0]
		queue = queue[1:]
		for _, file := range w.goFiles(dir) {
			if w.looks(file).State != image.Present {
				continue
			}
			imported, embedded := w.scanGo(file)
			for _, name := range imported {
				inside, ok := strings.CutPrefix(name, module+"/")
				inside = path.Join(root, inside)
				if !ok || seen[inside] {
					continue
				}
				files := w.goFiles(inside)
				if len(files) == 0 {
					continue // it is made by the build, or does not exist
				}
				if w.gone(files) {
					seen[inside] = true
					w.lacks(w.topmost(inside), finding.Error, file, broken)
					continue
				}
				visit(inside)
			}
			for _, pattern := range embedded {
				at := path.Join(path.Dir(file), pattern)
				if !strings.ContainsAny(pattern, "*?[") && w.has(at) {
					w.lacks(at, finding.Error, file, broken)
				}
			}
		}
	}
}

// targets returns the folders of the packages that go is told to build.
func (w *work) targets() []string {
	var all []string
	verb := false
	for i := 0; i < len(w.args); i++ {
		a := w.args[i]
		switch {
		case !a.Whole && strings.HasSuffix(a.Text, "/"): // and all files in it
			all = append(all, path.Clean(a.Text))
		case !a.Whole && !strings.HasPrefix(a.Text, "-"):
			return nil
		case strings.HasPrefix(a.Text, "-"):
			switch a.Text {
			case "-o", "-ldflags", "-tags", "-gcflags", "-asmflags", "-p", "-mod", "-installsuffix", "-buildmode", "-compiler", "-pkgdir", "-overlay", "-pgo":
				i++
			}
		case !verb:
			verb = true
		case strings.HasSuffix(a.Text, ".go"):
			all = append(all, path.Dir(path.Clean(a.Text)))
		case a.Text == "." || strings.HasPrefix(a.Text, "./"):
			dir, tree := strings.CutSuffix(a.Text, "...")
			if !tree {
				all = append(all, path.Clean(dir))
			}
		}
		if w.verb("run") && len(all) > 0 {
			break // the rest is for the program
		}
	}
	if len(all) == 0 && w.verb("build", "install") && !slices.ContainsFunc(w.args, func(a image.Arg) bool { return strings.HasSuffix(a.Text, "...") || strings.Contains(a.Text, "@") }) {
		all = append(all, ".")
	}
	return all
}

// goFiles returns the files of a package that a build takes.
func (w *work) goFiles(dir string) []string {
	full := path.Join(w.dir, dir)
	prefix := full + "/"
	if full == "." {
		prefix = ""
	}
	var all []string
	files := w.build.Files()
	for i, _ := slices.BinarySearch(files, prefix); i < len(files) && strings.HasPrefix(files[i], prefix); i++ {
		name := files[i][len(prefix):]
		if strings.HasSuffix(name, ".go") && !strings.Contains(name, "/") && !strings.HasSuffix(name, "_test.go") && !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, ".") {
			all = append(all, path.Join(dir, name))
		}
	}
	return all
}

// gone reports whether none of the files is in the image.
func (w *work) gone(files []string) bool {
	return !slices.ContainsFunc(files, func(file string) bool { _, absent := w.absent(file); return !absent })
}

// topmost returns the topmost folder above one that is missing with it.
func (w *work) topmost(dir string) string {
	for path.Dir(dir) != "." {
		if _, absent := w.absent(path.Dir(dir)); !absent {
			break
		}
		dir = path.Dir(dir)
	}
	return dir
}

// scanGo returns what a file imports and what it embeds.
func (w *work) scanGo(file string) (imported, embedded []string) {
	data, ok := w.read(file)
	if !ok || len(data) > maxCode {
		return nil, nil
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", data, parser.ImportsOnly)
	if f == nil || err != nil {
		return nil, nil
	}
	embeds := false
	for _, spec := range f.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil {
			imported = append(imported, name)
			embeds = embeds || name == "embed"
		}
	}
	if !embeds {
		return imported, nil
	}
	for line := range bytes.Lines(data) {
		if rest, ok := bytes.CutPrefix(line, []byte("//go:embed ")); ok {
			for _, pattern := range strings.Fields(string(rest)) {
				embedded = append(embedded, strings.TrimPrefix(strings.Trim(pattern, "\"`"), "all:"))
			}
		}
	}
	return imported, embedded
}
