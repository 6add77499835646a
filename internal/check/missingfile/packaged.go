package missingfile

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"golang.org/x/mod/modfile"

	"rehearse/internal/finding"
	"rehearse/internal/image"
)

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// pip follows the files that a requirements file names, and what a project is
// built of (https://pip.pypa.io/en/stable/reference/requirements-file-format/).
func (w *work) pip() {
	if !w.verb("install") {
		return
	}
	if file := w.option("-r", "--requirement"); file != "" && !path.IsAbs(file) {
		w.requirements(file, map[string]bool{})
	}
	for _, a := range w.args {
		if a.Text == "." || a.Text == "./" || strings.HasPrefix(a.Text, ".[") {
			w.readme()
		}
	}
}

func (w *work) requirements(file string, seen map[string]bool) {
	if seen[file] || len(seen) > 20 {
		return
	}
	seen[file] = true
	data, ok := w.read(file)
	if !ok || w.looks(file).State != image.Present {
		return
	}
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		to := path.Join(path.Dir(file), fields[1])
		switch fields[0] {
		case "-r", "--requirement", "-c", "--constraint":
			if !strings.Contains(fields[1], "://") && !w.lacks(to, finding.Error, file, broken) {
				w.requirements(to, seen)
			}
		case "-e", "--editable":
			if strings.HasPrefix(fields[1], "./") || strings.HasPrefix(fields[1], "../") {
				w.lacks(to, finding.Error, file, broken)
			}
		}
	}
}

// project is an install of the project itself by uv or poetry.
func (w *work) project() {
	switch {
	case w.name == "uv" && w.verb("sync") && !w.flag("--no-install-project", "--no-install-workspace", "--only-group", "--no-install-package"):
		if data, ok := w.read("pyproject.toml"); !ok || !strings.Contains(string(data), "[build-system]") {
			return // without one uv installs the dependencies alone
		}
	case w.name == "poetry" && w.verb("install") && !w.flag("--no-root", "--only"):
		if data, ok := w.read("pyproject.toml"); !ok || strings.Contains(string(data), "package-mode = false") {
			return
		}
	default:
		return
	}
	w.readme()
}

// readme is the file that pyproject.toml names as the project's description:
// the build of a package stops without it
// (https://packaging.python.org/en/latest/specifications/pyproject-toml/#readme).
func (w *work) readme() {
	data, ok := w.read("pyproject.toml")
	if !ok || w.looks("pyproject.toml").State != image.Present {
		return
	}
	var p struct {
		Project struct{ Readme, License any }
		Tool    struct{ Poetry struct{ Readme any } }
	}
	if _, err := toml.Decode(string(data), &p); err != nil {
		return
	}
	for _, readme := range []any{p.Project.Readme, p.Tool.Poetry.Readme, licence(p.Project.License)} {
		switch readme := readme.(type) {
		case string:
			w.lacks(readme, finding.Warning, "pyproject.toml", broken) // some versions only warn of it
		case map[string]any:
			if file, ok := readme["file"].(string); ok {
				w.lacks(file, finding.Warning, "pyproject.toml", broken)
			}
		}
	}
}

// licence is the file of a licence, and not its name.
func licence(v any) any {
	if file, ok := v.(map[string]any); ok {
		return file
	}
	return nil
}

// gemPath is a gem that lies in the tree, and another file that a Gemfile
// reads (https://bundler.io/man/gemfile.5.html).
var gemPath = regexp.MustCompile(`^\s*(?:gem\s+["'][^"']+["'].*\bpath(?::|\s*=>)\s*|path\s+|eval_gemfile\s*\(?\s*|ruby\s+file:\s*)["']([^"']+)["']`)

func (w *work) gems() {
	if !w.verb("install") && !onlyFlags(w.args) || w.looks("Gemfile").State != image.Present {
		return // BUNDLE_GEMFILE names another, or nothing copies it
	}
	data, ok := w.read("Gemfile")
	if !ok {
		return
	}
	for line := range strings.Lines(string(data)) {
		if m := gemPath.FindStringSubmatch(line); m != nil && !strings.Contains(m[1], "#{") && !path.IsAbs(m[1]) {
			w.lacks(path.Clean(m[1]), finding.Error, "Gemfile", broken)
		}
	}
}

// modules is the folders that go.mod puts in the place of modules
// (https://go.dev/ref/mod#go-mod-file-replace).
func (w *work) modules() {
	w.packagesGo()
	if !w.verb("build", "mod", "install", "vet", "test") || w.verb("mod") && !slices.ContainsFunc(w.args, func(a image.Arg) bool { return a.Text == "download" || a.Text == "verify" }) {
		return
	}
	data, ok := w.read("go.mod")
	if !ok || w.looks("go.mod").State != image.Present || w.has("vendor/modules.txt") {
		return
	}
	f, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		return
	}
	strict, err := modfile.Parse("go.mod", data, nil)
	if err == nil {
		f = strict
	}
	for _, r := range f.Replace {
		if strings.HasPrefix(r.New.Path, ".") {
			w.lacks(path.Join(r.New.Path, "go.mod"), finding.Error, "go.mod", broken)
		}
	}
}

// crates is the folders of a workspace and of dependencies by path
// (https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#specifying-path-dependencies).
func (w *work) crates() {
	if !w.verb("build", "install", "fetch", "check") || w.flag("--manifest-path") || w.looks("Cargo.toml").State != image.Present {
		return
	}
	data, ok := w.read("Cargo.toml")
	if !ok {
		return
	}
	var c struct {
		Dependencies, BuildDependencies map[string]any
		Workspace                       struct{ Members []string }
	}
	if _, err := toml.Decode(string(data), &c); err != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(c.Dependencies)) {
		if d, ok := c.Dependencies[name].(map[string]any); ok {
			if to, ok := d["path"].(string); ok {
				w.lacks(path.Join(to, "Cargo.toml"), finding.Error, "Cargo.toml", broken)
			}
		}
	}
	for _, m := range c.Workspace.Members {
		if !strings.ContainsAny(m, "*?[") {
			w.lacks(path.Join(m, "Cargo.toml"), finding.Error, "Cargo.toml", broken)
		}
	}
}

// composer is the packages that lie in the tree
// (https://getcomposer.org/doc/05-repositories.md#path).
func (w *work) composer() {
	data, ok := w.read("composer.json")
	if !w.verb("install", "i") || !ok || w.looks("composer.json").State != image.Present {
		return
	}
	var c struct {
		Repositories json.RawMessage
	}
	var all []struct{ Type, URL string }
	if json.Unmarshal(data, &c) != nil || json.Unmarshal(c.Repositories, &all) != nil {
		return
	}
	for _, r := range all {
		if r.Type == "path" && !strings.ContainsAny(r.URL, "*?[{") && !path.IsAbs(r.URL) {
			w.lacks(path.Clean(r.URL), finding.Error, "composer.json", broken)
		}
	}
}
