package packages

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
	"rehearse/internal/link"
	"rehearse/internal/manifest"
	modules "rehearse/internal/manifest/imports"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// pythonTests are the names of files that a test runner or a person runs.
var pythonTests = regexp.MustCompile(`^(?:test_.*|.*_test|conftest|setup|noxfile|tasks|fabfile|locustfile|.*_tests?)\.py$`)

// PythonImports returns what the code of a component of Python imports of the
// modules that are asked about: only those that no file of the project is called
// like. Package is the module's first name.
func (ps *Packages) PythonImports(c *ledger.Component, asked func(module string) bool) []Foreign {
	var files []*codeFile
	index := map[string]*codeFile{}
	for _, o := range append(ps.inside(c), c) {
		for _, f := range o.Files {
			if path.Ext(f.Path) == ".py" && f.Code() && !pythonTests.MatchString(path.Base(f.Path)) && !o.Tool(f.Path) {
				index[f.Path] = &codeFile{path: f.Path}
				files = append(files, index[f.Path])
			}
		}
	}
	each(files, func(f *codeFile) { ps.scanPython(c, f, asked) })
	var queue []*codeFile
	visit := func(f *codeFile, eager bool) {
		if f == nil || f.reached && (f.eager || !eager) {
			return
		}
		f.reached, f.eager = true, f.eager || eager
		queue = append(queue, f)
	}
	for _, entry := range c.Entry {
		visit(index[entry], true)
	}
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		for _, m := range f.inside {
			for _, name := range pythonFiles(c, f.path, m) {
				visit(index[name], f.eager && !m.Lazy && !m.Guarded)
			}
		}
	}
	var all []Foreign
	for _, f := range files {
		for _, o := range f.outside {
			o.Reached, o.Eager = o.Named || f.reached, o.Named || f.eager && !o.Lazy && !o.Guarded
			all = append(all, o)
		}
	}
	return all
}

// inside returns the components of other languages that lie in the folder of one of
// Python, with no manifest of Python of their own: a package of an application
// that has the code for browsers, too. What is of Python there is the
// application's.
func (ps *Packages) inside(c *ledger.Component) []*ledger.Component {
	var found []*ledger.Component
	for _, o := range ps.ledger.Components {
		if o.Language == c.Language || o.Dir == c.Dir || !source.Under(c.Dir, path.Join(o.Dir, "x")) {
			continue
		}
		if between := slices.ContainsFunc(ps.ledger.Components, func(i *ledger.Component) bool {
			return i != c && i.Language == c.Language && source.Under(i.Dir, path.Join(o.Dir, "x")) && source.Under(c.Dir, path.Join(i.Dir, "x"))
		}); !between && len(ps.In(o.Dir, manifest.Python)) == 0 {
			found = append(found, o)
		}
	}
	return found
}

func (ps *Packages) scanPython(c *ledger.Component, f *codeFile, asked func(string) bool) {
	file := ps.project.File(f.path)
	if file == nil || file.Size > maxCode {
		return // no person writes so much
	}
	data, err := ps.project.Read(file)
	if err != nil || project.IsGenerated(data.Data) {
		return
	}
	for _, m := range namedApps(data) {
		if top, _, _ := strings.Cut(m.Name, "."); asked(top) && !ps.ownModule(c, f.path, top) {
			line, column := modules.Line(data.Data, m.Offset)
			f.outside = append(f.outside, Foreign{
				Import: m, Package: top, At: source.Span{File: f.path, Line: line, Column: column}, Text: clipped(data.Line(line)), Loaded: true, Named: true,
			})
		}
	}
	for _, m := range modules.Python(data.Data) {
		top, _, _ := strings.Cut(m.Name, ".")
		if m.Types {
			continue
		}
		if top == "" || !asked(top) || ps.ownModule(c, f.path, top) {
			f.inside = append(f.inside, m)
			continue
		}
		line, column := modules.Line(data.Data, m.Offset)
		f.outside = append(f.outside, Foreign{
			Import: m, Package: top, At: source.Span{File: f.path, Line: line, Column: column}, Text: clipped(data.Line(line)), Loaded: true,
		})
	}
}

// ownModule reports whether a module of that name is in a folder that Python may
// look into: the file's, and those above it.
func (ps *Packages) ownModule(c *ledger.Component, file, module string) bool {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		for _, at := range []string{dir, path.Join(dir, "src"), path.Join(dir, "lib"), path.Join(dir, "app")} {
			if ps.project.File(path.Join(at, module+".py")) != nil || ps.holds(path.Join(at, module)) {
				return true
			}
		}
		if dir == "." || dir == "/" {
			return false
		}
	}
}

// pythonFiles returns the files that an import may mean.
func pythonFiles(c *ledger.Component, file string, m modules.Import) []string {
	name, roots := m.Name, []string{path.Dir(file), c.Dir, path.Join(c.Dir, "src"), path.Dir(path.Dir(file)), "."}
	if dots := len(name) - len(strings.TrimLeft(name, ".")); dots > 0 {
		dir := path.Dir(file)
		for range dots - 1 {
			dir = path.Dir(dir)
		}
		name, roots = name[dots:], []string{dir}
	}
	at := strings.ReplaceAll(name, ".", "/")
	var found []string
	for _, root := range roots {
		base := path.Join(root, at)
		found = append(found, base+".py", path.Join(base, "__init__.py"))
		for _, bound := range m.Binds {
			found = append(found, path.Join(base, bound+".py"), path.Join(base, bound, "__init__.py"))
		}
	}
	return found
}

// PythonAsked is what is installed for a component of Python, as far as it is
// written down.
type PythonAsked struct {
	Names   map[string]bool // of distributions, in their normal form
	Direct  map[string]bool // those of them that a person asked for; nil where nothing tells
	Whole   bool            // a lockfile, or requirements that were compiled: nothing else is installed
	Open    bool            // something that is not read may ask for more
	Beneath bool            // an image may have more from the one that it is built on
	At      source.Span     // where another one would be asked for
}

// PythonAsks returns what the manifests of a component of Python ask for, those
// above it, and the steps of its images.
func (ps *Packages) PythonAsks(c *ledger.Component) PythonAsked {
	asked := PythonAsked{Names: map[string]bool{}}
	var all []*manifest.Manifest
	for _, m := range ps.Manifests {
		if m.Ecosystem == manifest.Python && (source.Under(c.Dir, m.File) || source.Under(m.Dir(), c.Dir) || path.Base(m.Dir()) == "requirements" && source.Under(path.Dir(m.Dir()), c.Dir)) {
			all = append(all, m)
		}
	}
	direct, locked := map[string]bool{}, false
	for _, m := range all {
		compiled := path.Ext(m.File) == ".txt" && ps.compiledFrom(m) != nil
		locked = locked || compiled
		for _, d := range m.Dependencies {
			asked.Names[d.Name] = true
			if !compiled {
				direct[d.Name] = true
			}
			if asked.At.IsZero() && d.Group == manifest.Always {
				asked.At = source.Span{File: m.File}
			}
		}
		base := path.Base(m.File)
		asked.Open = asked.Open || m.Dynamic && base != "requirements.txt" && m.Manager != "pip" || base == "setup.py" && m.Dynamic
		for _, file := range ps.Lockfiles(m) {
			lock := ps.Lock(file)
			if lock == nil {
				asked.Open = true
				continue
			}
			asked.Whole = asked.Whole || len(lock.Packages) > 0
			locked = locked || len(lock.Packages) > 0
			for name := range lock.Packages {
				asked.Names[name] = true
			}
		}
		if f := ps.project.File(m.File); f != nil && strings.HasSuffix(base, ".txt") {
			data, err := ps.project.Read(f)
			asked.Open = asked.Open || err != nil
			// https://pip-tools.readthedocs.io: every line says what it is for.
			asked.Whole = asked.Whole || err == nil && (strings.Contains(string(data.Data), "# via ") || strings.Contains(string(data.Data), "--hash=sha256:"))
		}
	}
	for _, f := range ps.project.Files {
		switch base := path.Base(f.Path); base {
		case "environment.yml", "environment.yaml", "conda.yml", "conda-lock.yml", "shell.nix", "default.nix", "flake.nix", "BUILD.bazel", "WORKSPACE", "pixi.toml":
			asked.Open = true
		}
	}
	before := maps.Clone(asked.Names)
	for _, b := range ps.Images(c) {
		asked.steps(b)
	}
	if locked {
		for name := range asked.Names {
			if !before[name] {
				direct[name] = true
			}
		}
		asked.Direct = direct
	}
	return asked
}

// compiledFrom returns the file that requirements were compiled from by pip-tools
// or uv: requirements.in of requirements.txt; nil where it is not there.
func (ps *Packages) compiledFrom(m *manifest.Manifest) *manifest.Manifest {
	return ps.file(strings.TrimSuffix(m.File, ".txt") + ".in")
}

// steps takes what the steps of an image install by name; packages of a
// distribution may bring modules of Python, too.
func (a *PythonAsked) steps(b *ledger.Build) {
	for _, s := range b.Stages() {
		if base, ok := manifest.ImageRuntime(s.Base); !ok && !manifest.RuntimeImage(s.Base) || base.Language != manifest.Python {
			if _, named := link.StageBefore(b.Stages(), s.Base, len(b.Stages())); !named {
				a.Beneath = a.Beneath || !strings.HasPrefix(path.Base(s.Base), "python") && !known[strings.SplitN(path.Base(s.Base), ":", 2)[0]]
			}
		}
		for _, step := range s.Steps {
			a.step(step)
		}
	}
}

// systemPackage is a package of Debian or Alpine that brings modules of Python, and
// ownPackages those with which Python itself is parted.
var (
	systemPackage = regexp.MustCompile(`\b(?:python3|py3)-([\w.-]+)`)
	ownPackages   = []string{"dev", "pip", "venv", "setuptools", "wheel", "distutils", "minimal", "full", "all-dev"}
)

// known are base images without modules of Python of others.
var known = map[string]bool{"alpine": true, "debian": true, "ubuntu": true, "scratch": true, "busybox": true, "node": true, "golang": true, "uv": true, "nginx": true, "rust": true}

func (a *PythonAsked) step(step fact.Step) {
	text := strings.Join(step.Command, " ")
	if strings.Contains(text, "conda ") || strings.Contains(text, "mamba ") {
		a.Open = true
	}
	for _, m := range systemPackage.FindAllStringSubmatch(text, 32) {
		a.Open = a.Open || !slices.Contains(ownPackages, m[1])
	}
	if !strings.Contains(text, "install") && !strings.Contains(text, " add ") {
		return
	}
	for _, word := range strings.Fields(text) {
		if word = strings.Trim(word, `"',;&()`); word == "" || strings.HasPrefix(word, "-") {
			continue
		}
		name, _, _ := strings.Cut(strings.NewReplacer("=", " ", "<", " ", ">", " ", "[", " ", "~", " ", "!", " ", "@", " ").Replace(word), " ")
		a.Names[manifest.Normal(name)] = true
	}
}
