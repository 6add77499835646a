package project

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"rehearse/internal/source"
)

// pythonManifests make a folder the root of a Python component.
var pythonManifests = []string{
	"pyproject.toml", "manage.py", "requirements.txt", "Pipfile", "setup.py", "setup.cfg", "environment.yml", "requirements.in", "uv.lock", "poetry.lock",
}

// pyproject is what discovery takes from a pyproject.toml (PEP 621, and
// Poetry's own tables).
type pyproject struct {
	Project struct {
		Name         string
		Dependencies []string
		Scripts      map[string]string
	}
	Tool struct {
		Poetry struct {
			Name         string
			Dependencies map[string]any
			Scripts      map[string]any
		}
		UV struct {
			Workspace *struct{ Members []string }
		}
	}
}

// python finds the components that Python's manifests tell of: one for each
// folder.
func (d *discovery) python(ctx context.Context) error {
	manifests := map[string][]string{}
	var dirs []string
	for _, f := range d.named(func(base string) bool { return slices.Contains(pythonManifests, base) }) {
		dir := dirOf(f.Path)
		if path.Base(f.Path) == "setup.py" && !d.sets(f) {
			continue
		}
		if manifests[dir] == nil {
			dirs = append(dirs, dir)
		}
		manifests[dir] = append(manifests[dir], path.Base(f.Path))
	}
	for _, dir := range dirs {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.pythonIn(dir, manifests[dir])
	}
	return nil
}

// sets reports whether a setup.py is what its name says, and not a module that
// happens to have it
// (https://setuptools.pypa.io/en/latest/deprecated/distutils/setupscript.html).
func (d *discovery) sets(f *File) bool {
	data, err := d.Read(f)
	return err != nil || setsUp.Match(data.Data)
}

var setsUp = regexp.MustCompile(`setuptools|distutils|\bsetup\(|skbuild|numpy\.distutils`)

func (d *discovery) pythonIn(dir string, manifests []string) {
	c := &Component{Dir: dir, Language: "python"}
	for _, name := range pythonManifests { // in order of what they tell
		if slices.Contains(manifests, name) {
			c.Manifest = join(dir, name)
			break
		}
	}
	declared := len(manifests) > 1 || manifests[0] != "pyproject.toml" && manifests[0] != "setup.cfg"
	if slices.Contains(manifests, "pyproject.toml") {
		file := join(dir, "pyproject.toml")
		project, err := parsePyproject(d.manifest(file))
		if err != nil {
			d.unread(tomlErrorAt(file, err), notTOML)
		}
		c.Package = normal(project.Project.Name + project.Tool.Poetry.Name)
		for _, r := range project.Project.Dependencies {
			c.depends = append(c.depends, normal(requirement.FindString(r)))
		}
		for name := range project.Tool.Poetry.Dependencies {
			c.depends = append(c.depends, normal(name))
		}
		declared = declared || c.Package != "" || err != nil
		if c.Package == "" && project.Tool.UV.Workspace != nil {
			declared = false // it only holds others together
		}
	}
	c.Entry = d.pythonEntries(dir, c.Package)
	if !declared && len(c.Entry) == 0 {
		return // it configures a linter
	}
	if len(c.Entry) > 0 {
		c.Start.Local = d.pythonStart(dir, c.Entry[0])
	}
	d.add(c)
}

// requirement is the name at the beginning of a requirement (PEP 508).
var requirement = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*`)

var separators = regexp.MustCompile(`[-_.]+`)

// normal returns the normal form of the name of a distribution (PEP 503).
func normal(name string) string { return strings.ToLower(separators.ReplaceAllString(name, "-")) }

func parsePyproject(data []byte) (pyproject, error) {
	var p pyproject
	err := toml.Unmarshal(data, &p)
	return p, err
}

func tomlErrorAt(file string, err error) source.Span {
	at := source.Span{File: file}
	if parse, ok := err.(toml.ParseError); ok {
		at.Line, at.Column = parse.Position.Line, parse.Position.Col
	}
	return at
}

// notTOML says no more than that: the parser's reasons quote the file, in which
// a secret may stand.
const notTOML = "not TOML, or not as such a manifest is"

// pythonNames are the modules in which an application starts by convention,
// the likeliest first.
var pythonNames = []string{"manage", "app", "main", "server", "wsgi", "asgi", "run", "application", "api", "bot", "worker", "__main__"}

// pythonEntries returns where the code of a folder starts: the file to run,
// and for Django the modules that a server loads.
func (d *discovery) pythonEntries(dir, name string) []string {
	folders := []string{dir, join(dir, "src"), join(dir, "app")}
	if name = strings.ReplaceAll(name, "-", "_"); name != "" {
		folders = append(folders, join(dir, name), join(dir, "src/"+name))
	}
	folders = append(folders, join(dir, "src/app"), join(dir, "backend"), join(dir, "server"))
	var found []string
	for _, folder := range folders {
		for _, module := range pythonNames {
			if file := d.exists(join(folder, module+".py")); file != "" && !slices.Contains(found, file) {
				found = append(found, file)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	if len(found) > 0 && path.Base(found[0]) == "manage.py" {
		for _, f := range d.Files {
			base := path.Base(f.Path)
			if (base == "wsgi.py" || base == "asgi.py") && dirOf(dirOf(f.Path)) == dir && dirOf(f.Path) != dir {
				found = append(found, f.Path)
			}
		}
	}
	return found
}

// What makes a Python file one that a certain program starts.
var (
	pythonGuard     = regexp.MustCompile(`(?m)^if\s+__name__\s*==\s*['"]__main__['"]\s*:`)
	pythonASGI      = regexp.MustCompile(`(?m)^(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:\w+\.)?(?:FastAPI|Starlette|Litestar|Quart|Sanic|BlackSheep)\(`)
	pythonFlask     = regexp.MustCompile(`(?m)^(?:\w+\s*=\s*(?:\w+\.)?Flask\(|def\s+create_app\s*\()`)
	pythonStreamlit = regexp.MustCompile(`(?m)^(?:import streamlit\b|from streamlit\b)`)
)

// pythonStart returns what starts the code of a folder where it is developed.
func (d *discovery) pythonStart(dir, entry string) Command {
	at := source.Span{File: entry}
	file := relativeTo(entry, dir)
	if path.Base(file) == "manage.py" {
		return newCommand("python "+file+" runserver", dir, at)
	}
	data := d.manifest(entry)
	module := strings.ReplaceAll(strings.TrimSuffix(file, ".py"), "/", ".")
	line := func(offset int) { at.Line = 1 + strings.Count(string(data[:offset]), "\n") }
	if m := pythonGuard.FindIndex(data); m != nil {
		line(m[0])
		if d.exists(join(dirOf(entry), "__init__.py")) != "" && strings.Contains(file, "/") {
			return newCommand("python -m "+module, dir, at)
		}
		return newCommand("python "+file, dir, at)
	}
	if m := pythonASGI.FindSubmatchIndex(data); m != nil {
		line(m[0])
		return newCommand("uvicorn "+module+":"+string(data[m[2]:m[3]]), dir, at)
	}
	if m := pythonFlask.FindIndex(data); m != nil {
		line(m[0])
		return newCommand("flask --app "+module+" run", dir, at)
	}
	if m := pythonStreamlit.FindIndex(data); m != nil {
		line(m[0])
		return newCommand("streamlit run "+file, dir, at)
	}
	if base := path.Base(file); base == "__main__.py" || base == "wsgi.py" || base == "asgi.py" {
		return Command{} // a server or the package's name is needed, and is not known
	}
	return newCommand("python "+file, dir, at)
}
