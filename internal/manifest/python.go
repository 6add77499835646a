package manifest

import (
	"bufio"
	"bytes"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"

	"rehearse/internal/source"
)

var separators = regexp.MustCompile(`[-_.]+`)

// Normal returns the normal form of the name of a distribution (PEP 503).
func Normal(name string) string { return strings.ToLower(separators.ReplaceAllString(name, "-")) }

// requirementLine is a requirement: name, extras, versions
// (https://packaging.python.org/en/latest/specifications/dependency-specifiers/).
var requirementLine = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;]*)(;.*)?$`)

// requirement reads one requirement; what is none has no name.
func requirement(line string) Dependency {
	m := requirementLine.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return Dependency{}
	}
	versions := strings.Trim(strings.TrimSpace(m[2]), "()")
	if strings.HasPrefix(versions, "@") {
		versions = "" // an address
	}
	return Dependency{Name: Normal(m[1]), Range: strings.TrimSpace(versions), Conditional: m[3] != ""}
}

// requirements reads a file of requirements of pip
// (https://pip.pypa.io/en/stable/reference/requirements-file-format/).
func requirements(file source.File) (*Manifest, error) {
	m := &Manifest{Ecosystem: Python, Manager: "pip"}
	group := Always
	for _, word := range []string{"dev", "test", "lint", "doc", "ci", "local", "build", "typing", "type"} {
		if regexp.MustCompile(`(^|[-_./])` + word + `(s|ing|elop\w*)?([-_./]|$)`).MatchString(file.Path) {
			group = Development
		}
	}
	lines := bufio.NewScanner(bytes.NewReader(file.Data))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), " #")
		line = strings.TrimSuffix(strings.TrimSpace(line), `\`)
		line, _, _ = strings.Cut(line, " --")
		switch {
		case line == "", strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "-r"), strings.HasPrefix(line, "--requirement"), strings.HasPrefix(line, "-e"), strings.HasPrefix(line, "-c"):
			m.Dynamic = true
			continue
		case strings.HasPrefix(line, "-"):
			continue
		}
		if _, egg, ok := strings.Cut(line, "#egg="); ok {
			line = egg
		}
		if d := requirement(line); d.Name != "" {
			d.Group, d.At = group, source.Span{File: file.Path, Line: n}
			m.Dependencies = append(m.Dependencies, d)
		} else {
			m.Dynamic = true // a file or an address
		}
	}
	if lines.Err() != nil {
		return nil, &Broken{At: source.Span{File: file.Path}, Reason: "a line of it is too long"}
	}
	return m, nil
}

// tomlOf decodes a file; the parser's own reasons quote the file, in which a
// secret may stand.
func tomlOf(file source.File, into any) error {
	_, err := toml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(file.Data, []byte("\xef\xbb\xbf")))).Decode(into)
	if err == nil {
		return nil
	}
	at := source.Span{File: file.Path}
	if wrong, ok := err.(toml.ParseError); ok {
		at.Line, at.Column = wrong.Position.Line, wrong.Position.Col
	}
	return &Broken{At: at, Reason: "not TOML, or not as such a file is"}
}

// tomlName is a name in a line of TOML: its key, or the beginning of a text.
var tomlName = regexp.MustCompile(`(?:^\s*|["'])([A-Za-z0-9@][A-Za-z0-9._/-]*)`)

// tomlLines returns the lines in which keys and the beginnings of texts stand,
// the first of each.
func tomlLines(data []byte) map[string]int {
	lines := map[string]int{}
	n := 0
	for line := range bytes.Lines(data) {
		n++
		for _, m := range tomlName.FindAllSubmatch(line, 64) {
			if _, ok := lines[string(m[1])]; !ok {
				lines[string(m[1])] = n
			}
		}
	}
	return lines
}

// lineWith returns the first line in which a text stands, 0 where none does.
func lineWith(data []byte, text string) int {
	if i := bytes.Index(data, []byte(text)); i >= 0 {
		return lineOf(data, i)
	}
	return 0
}

// pyproject reads a pyproject.toml: PEP 621, PEP 735, Poetry, uv and PDM.
func pyproject(file source.File) (*Manifest, error) {
	var p struct {
		Project *struct {
			Name           string
			Dependencies   []string
			Dynamic        []string
			RequiresPython string              `toml:"requires-python"`
			Optional       map[string][]string `toml:"optional-dependencies"`
		}
		Groups map[string][]any `toml:"dependency-groups"`
		Tool   struct {
			Poetry *struct {
				Name            string
				Dependencies    map[string]any
				DevDependencies map[string]any `toml:"dev-dependencies"`
				Group           map[string]struct {
					Optional     bool
					Dependencies map[string]any
				}
			}
			UV *struct {
				Dev       []string `toml:"dev-dependencies"`
				Workspace *struct{ Members []string }
			}
			PDM *struct {
				Dev map[string][]string `toml:"dev-dependencies"`
			}
		}
	}
	if err := tomlOf(file, &p); err != nil {
		return nil, err
	}
	m := &Manifest{Ecosystem: Python}
	lines := tomlLines(file.Data)
	place := func(name string) source.Span { return source.Span{File: file.Path, Line: lines[name]} }
	add := func(line string, group Group, groups ...string) {
		if d := requirement(line); d.Name != "" {
			written := requirementLine.FindStringSubmatch(strings.TrimSpace(line))[1]
			d.Group, d.Groups, d.At = group, groups, place(written)
			m.Dependencies = append(m.Dependencies, d)
		}
	}
	if p.Project != nil {
		m.Name = Normal(p.Project.Name)
		for _, line := range p.Project.Dependencies {
			add(line, Always)
		}
		for _, lines := range p.Project.Optional {
			for _, line := range lines {
				add(line, Optional)
			}
		}
		for _, what := range p.Project.Dynamic {
			m.Dynamic = m.Dynamic || what == "dependencies"
		}
		if p.Project.RequiresPython != "" {
			m.Runtimes = append(m.Runtimes, Runtime{Language: Python, Range: p.Project.RequiresPython, Text: p.Project.RequiresPython, At: source.Span{File: file.Path, Line: lineWith(file.Data, "requires-python")}, Demand: true, Kind: "requires-python"})
		}
	}
	for name, lines := range p.Groups {
		for _, line := range lines {
			if text, ok := line.(string); ok {
				add(text, groupOf(name), name)
			}
		}
	}
	if poetry := p.Tool.Poetry; poetry != nil {
		m.Manager = "poetry"
		if m.Name == "" {
			m.Name = Normal(poetry.Name)
		}
		m.poetry(poetry.Dependencies, Always, file.Path, lines)
		m.poetry(poetry.DevDependencies, Development, file.Path, lines, "dev")
		for name, g := range poetry.Group {
			group := groupOf(name)
			if g.Optional {
				group = Optional
			}
			m.poetry(g.Dependencies, group, file.Path, lines, name)
		}
	}
	if uv := p.Tool.UV; uv != nil {
		for _, line := range uv.Dev {
			add(line, Development, "dev")
		}
		if uv.Workspace != nil {
			m.Workspace, m.Members = true, uv.Workspace.Members
		}
	}
	if pdm := p.Tool.PDM; pdm != nil {
		m.Manager = "pdm"
		for _, lines := range pdm.Dev {
			for _, line := range lines {
				add(line, Development)
			}
		}
	}
	return m, nil
}

// groupOf says when a named group of packages is installed: "main" always, any
// other with the developer's.
func groupOf(name string) Group {
	if name == "main" || name == "prod" || name == "production" {
		return Always
	}
	return Development
}

// poetry takes the tables of Poetry
// (https://python-poetry.org/docs/dependency-specification/).
func (m *Manifest) poetry(table map[string]any, group Group, file string, lines map[string]int, groups ...string) {
	for name, value := range table {
		d := Dependency{Name: Normal(name), Group: group, Groups: groups, At: source.Span{File: file, Line: lines[name]}}
		switch v := value.(type) {
		case string:
			d.Range = v
		case map[string]any:
			d.Range, _ = v["version"].(string)
			if optional, _ := v["optional"].(bool); optional {
				d.Group = Optional
			}
			d.Conditional = v["markers"] != nil || v["python"] != nil || v["platform"] != nil || v["path"] != nil || v["file"] != nil || v["git"] != nil || v["url"] != nil
		case []any, []map[string]any:
			d.Conditional = true
		}
		if d.Name == "python" {
			m.Runtimes = append(m.Runtimes, Runtime{Language: Python, Range: d.Range, Text: d.Range, At: d.At, Demand: true, Kind: "python in " + "tool.poetry.dependencies"})
			continue
		}
		m.Dependencies = append(m.Dependencies, d)
	}
}

// pipfile reads a Pipfile (https://github.com/pypa/pipfile).
func pipfile(file source.File) (*Manifest, error) {
	var p struct {
		Packages map[string]any
		Dev      map[string]any `toml:"dev-packages"`
		Requires struct {
			Version string `toml:"python_version"`
			Full    string `toml:"python_full_version"`
		}
	}
	if err := tomlOf(file, &p); err != nil {
		return nil, err
	}
	m := &Manifest{Ecosystem: Python, Manager: "pipenv"}
	lines := tomlLines(file.Data)
	m.poetry(p.Packages, Always, file.Path, lines)
	m.poetry(p.Dev, Development, file.Path, lines, "dev")
	for _, v := range []string{p.Requires.Version, p.Requires.Full} {
		if v != "" {
			m.Runtimes = append(m.Runtimes, Runtime{Language: Python, Range: v, Text: v, At: source.Span{File: file.Path, Line: max(lines["python_version"], lines["python_full_version"])}, Kind: "python_version"})
		}
	}
	return m, nil
}

// setupCFG reads the requirements in a setup.cfg
// (https://setuptools.pypa.io/en/latest/userguide/declarative_config.html).
func setupCFG(file source.File) (*Manifest, error) {
	m := &Manifest{Ecosystem: Python, Manager: "pip"}
	section, key := "", ""
	for i, line := range strings.Split(string(file.Data), "\n") {
		trimmed := strings.TrimSpace(line)
		at := source.Span{File: file.Path, Line: i + 1}
		switch {
		case trimmed == "", strings.HasPrefix(trimmed, "#"):
			continue
		case strings.HasPrefix(line, "["):
			section, key = strings.Trim(trimmed, "[]"), ""
			continue
		case line[0] != ' ' && line[0] != '\t':
			name, value, _ := strings.Cut(line, "=")
			key, trimmed = strings.TrimSpace(name), strings.TrimSpace(value)
		}
		switch {
		case section == "metadata" && key == "name" && trimmed != "":
			m.Name = Normal(trimmed)
		case section == "options" && key == "install_requires", section == "options.extras_require":
			if d := requirement(trimmed); d.Name != "" {
				d.At = at
				if section != "options" {
					d.Group = Optional
				}
				m.Dependencies = append(m.Dependencies, d)
			}
		case section == "options" && key == "python_requires" && trimmed != "":
			m.Runtimes = append(m.Runtimes, Runtime{Language: Python, Range: trimmed, Text: trimmed, At: at, Demand: true, Kind: "python_requires"})
		}
	}
	if len(m.Dependencies) == 0 && len(m.Runtimes) == 0 && m.Name == "" {
		return nil, nil // it configures a tool
	}
	return m, nil
}

// The arguments of setup() that ask for packages
// (https://setuptools.pypa.io/en/latest/references/keywords.html).
var (
	setupRequires = regexp.MustCompile(`(?s)\binstall_requires\s*=\s*\[(.*?)\]\s*[,)\n]`)
	setupElsewise = regexp.MustCompile(`\binstall_requires\s*=\s*[^\s\[]|\*\*\w`)
	setupFile     = regexp.MustCompile(`["'][\w./-]*requirements?[\w.-]*\.(?:txt|in)["']`)
	setupText     = regexp.MustCompile(`["']([^"'\n]+)["']`)
)

// setupPy is code: it is read as far as it lists what it asks for, or takes that
// from a file of requirements, which is read by itself.
func setupPy(file source.File) (*Manifest, error) {
	m := &Manifest{Ecosystem: Python, Manager: "pip"}
	if list := setupRequires.FindSubmatchIndex(file.Data); list != nil {
		for _, at := range setupText.FindAllSubmatchIndex(file.Data[list[2]:list[3]], 500) {
			if d := requirement(string(file.Data[list[2]+at[2] : list[2]+at[3]])); d.Name != "" {
				d.At = source.Span{File: file.Path, Line: lineOf(file.Data, list[2]+at[2])}
				m.Dependencies = append(m.Dependencies, d)
			}
		}
	}
	m.Dynamic = setupElsewise.Match(file.Data) && !setupFile.Match(file.Data)
	return m, nil
}
