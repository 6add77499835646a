package image

import (
	"path"
	"strings"

	"rehearse/internal/source"
)

// Install is a step that installs dependencies with a language's package
// manager.
type Install struct {
	Manager string // npm, yarn, pnpm, bun, pip, uv, poetry, pipenv, bundle, gem, composer, go, cargo, …
	Command string // as it is called; a word that may hold a secret is "…"
	Stage   string // its name or number
	Dir     string // where it runs; "" where that is not known
	At      source.Span

	Packages   []string // that the command names; none: those of a manifest
	Global     bool     // programs for the whole image rather than dependencies of the project
	Locked     bool     // it installs what the lockfile or the command pins, or fails
	Production bool     // it leaves development dependencies out
	Maybe      bool     // the step may be left out

	// Of one that takes its packages from a manifest:
	Lockfile Answer // whether the manager finds its lockfile when it runs
	Locks    string // the lockfile's name; "" where the manager has none
}

// command returns a command to be shown.
func shown(args []word) string {
	var all []string
	for i, a := range args {
		text := a.text
		switch {
		case !a.whole && a.glob:
			text = a.full
		case !a.whole, strings.Contains(text, "@") && strings.Contains(text, "://"), i > 0 && secretive(args[i-1].text) && !strings.Contains(args[i-1].text, "="):
			text = "…"
		case secretive(text) && strings.Contains(text, "="):
			text = text[:strings.Index(text, "=")+1] + "…"
		}
		if i == 0 {
			text = path.Base(text)
		}
		all = append(all, text)
	}
	text := strings.Join(all, " ")
	if len(text) > 200 {
		text = text[:200] + "…"
	}
	return strings.ToValidUTF8(text, "")
}

func secretive(option string) bool {
	option = strings.ToLower(option)
	for _, word := range []string{"token", "password", "passwd", "secret", "auth", "index-url", "credential", "key"} {
		if strings.HasPrefix(option, "-") && strings.Contains(option, word) {
			return true
		}
	}
	return false
}

// install takes note of an install of the languages' managers.
func (sh *shell) install(i Install, args []word, locks ...string) {
	i.Command, i.Stage, i.Dir, i.At, i.Maybe = shown(args), sh.stage.title(), sh.cwd, sh.at, sh.maybe
	if len(i.Packages) == 0 && !i.Global && len(locks) > 0 {
		i.Locks = locks[0]
		i.Lockfile = sh.nearest(locks)
		if i.Lockfile.State == Present && i.Lockfile.From != "" {
			i.Locks = path.Base(i.Lockfile.From)
		}
	}
	if len(sh.stage.installs) < maxNamed {
		sh.stage.installs = append(sh.stage.installs, i)
	}
}

// nearest looks for the first of the files in the shell's folder, and in those
// above it.
func (sh *shell) nearest(names []string) Answer {
	if sh.cwd == "" {
		return Answer{Why: "the folder is known only when the image is built", At: sh.at}
	}
	var result *Answer
	for dir := sh.cwd; ; dir = path.Dir(dir) {
		for _, name := range names {
			a := sh.look(path.Join(dir, name))
			if a.State == Present {
				return a
			}
			if result == nil || result.State == Absent && a.State == Unknown && dir == sh.cwd {
				result = &a
			}
		}
		if dir == "/" || shelf(path.Dir(dir)) {
			return *result
		}
	}
}

// look is what the step sees at a path, with what is mounted for it.
func (sh *shell) look(p string) Answer {
	if a, ok := sh.mounted(p); ok {
		return a
	}
	return sh.stage.now().find(p)
}

// mounted answers by what is mounted for the step alone.
func (sh *shell) mounted(p string) (Answer, bool) {
	for _, m := range sh.step.Mounts {
		if m.Path == "" || !under(m.Path, p) || m.Kind != "bind" {
			continue
		}
		if m.From != "" {
			return Answer{Why: "it is mounted for the step", At: sh.at}, true
		}
		name := relative(path.Join("/", m.Source, rest(m.Path, p)))
		switch s := sh.stage.model.context.look(name); s.fate {
		case sent:
			return Answer{State: Present, Kind: s.kind, Why: "it is mounted for the step", At: sh.at, From: name}, true
		case unseen:
			return Answer{Why: s.why, At: sh.at}, true
		}
	}
	return Answer{}, false
}

// read returns what stands in a file that the step sees unchanged.
func (sh *shell) read(name string) ([]byte, string, bool) {
	if sh.cwd == "" {
		return nil, "", false
	}
	a := sh.look(path.Join(sh.cwd, name))
	if a.State != Present || a.From == "" {
		return nil, "", false
	}
	data, ok := sh.stage.model.context.read(a.From)
	return data, a.From, ok
}

// fetched says that packages of a language are installed: into dir, and
// programs of theirs into folders of programs.
func (sh *shell) brought(registry string, packages []string, bins ...string) {
	for _, name := range packages {
		programs := toolBrings(registry, name)
		if programs == nil {
			programs = []string{path.Base(name)}
		}
		for _, dir := range bins {
			for _, program := range programs {
				sh.stage.layer(made{path: path.Join(dir, program), kind: File, why: "it is installed with " + registry}, sh.at, sh.maybe)
			}
		}
	}
	for _, dir := range bins {
		sh.add(openedTools{dir: dir, registry: registry, why: sh.label + " installs packages of " + registry + ", which may bring it"})
	}
}

// openedTools is a folder of programs that packages of a language may have put
// programs into: those that belong to that language, and those that no table
// knows.
type openedTools struct{ dir, registry, why string }

var ecosystems = map[string]string{"pip": "python", "npm": "node", "gem": "ruby", "composer": "php", "go": "go", "cargo": "rust"}

func (e openedTools) see(_ view, p string) verdict {
	if path.Dir(p) != e.dir {
		return verdict{}
	}
	if how := watched()[path.Base(p)]; how != "" && how != ecosystems[e.registry] && how != "other" {
		return verdict{}
	}
	return verdict{says: adds, why: e.why}
}
