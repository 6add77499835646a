package image

import (
	"bufio"
	"bytes"
	"path"
	"strings"
)

// pip is pip install (https://pip.pypa.io/en/stable/cli/pip_install/).
func pip(sh *shell, args []word) {
	words := operands(args, "-r -c -e -i -f -t --requirement --constraint --editable --index-url --extra-index-url --find-links --target --prefix --root --trusted-host --timeout --retries --no-binary --only-binary --platform --python-version --cache-dir --proxy")
	if len(words) == 0 || words[0].text != "install" {
		if len(words) > 0 && (words[0].text == "wheel" || words[0].text == "download") {
			dir, ok := option(args, 'w', "wheel-dir")
			if !ok {
				if dir, ok = option(args, 'd', "dest"); !ok {
					dir = plainWord(".")
				}
			}
			p, _ := sh.path(dir)
			sh.open(p, none, "puts packages of Python into it")
		}
		return
	}
	i := Install{Manager: "pip", Locked: true}
	local := flagged(args, "e", "editable")
	for _, w := range words[1:] {
		name := w.text
		switch {
		case !w.whole:
			i.Locked = false
		case name == "." || strings.HasPrefix(name, ".[") || strings.HasPrefix(name, "./") || strings.HasPrefix(name, "/"):
			local = true
		default:
			i.Packages = append(i.Packages, requirement(name))
			i.Locked = i.Locked && (strings.Contains(name, "==") || strings.Contains(name, "@"))
		}
	}
	for n, a := range args {
		if (a.text == "-r" || a.text == "--requirement") && n+1 < len(args) {
			i.Locked = i.Locked && sh.pinned(args[n+1])
		}
	}
	if local {
		i.Locked = false
		sh.open(sh.project(), tools, "runs pip, which may write below it")
	}
	i.Locked = i.Locked || flagged(args, "", "require-hashes")
	i.Global = len(i.Packages) > 0 && !flagged(args, "re", "requirement", "editable") && !local
	sh.install(i, args)
	var programs []string
	for _, name := range i.Packages {
		programs = append(programs, strings.ToLower(name))
	}
	if dir, ok := option(args, 't', "target"); ok {
		p, _ := sh.path(dir)
		sh.open(p, every, "installs packages of Python into it")
		return
	}
	if dir, ok := option(args, 0, "prefix"); ok {
		p, _ := sh.path(dir)
		sh.open(p, every, "installs packages of Python into it")
		return
	}
	if dir := path.Dir(args[0].text); path.IsAbs(dir) && !programDir(dir) {
		sh.brought("pip", programs, dir)
		sh.open(path.Dir(dir), tools, "installs packages of Python into it")
		return
	}
	sh.pythonPrograms(programs)
}

// pythonPrograms says that packages of Python bring their programs to where
// python is.
func (sh *shell) pythonPrograms(packages []string) {
	sh.brought("pip", packages, "/usr/local/bin")
	sh.add(openedTools{dir: "/usr/bin", registry: "pip", why: sh.label + " installs packages of Python, which may bring it"})
	for _, dir := range []string{"/usr/local/lib", "/usr/local/share", "/usr/local/etc", "/usr/lib", "/opt", "/root", "/home", "/venv", "/.venv"} {
		sh.open(dir, tools, "installs packages of Python, which may write there")
	}
	if v, ok := sh.lookup("VIRTUAL_ENV"); ok && v != "" {
		sh.open(absolute(v), every, "installs packages of Python into it")
	}
}

// requirement returns the name of a requirement.
func requirement(text string) string {
	if i := strings.IndexAny(text, "=<>!~[;@ "); i > 0 {
		text = text[:i]
	}
	return text
}

// pinned reports whether a file of requirements names one version of each.
func (sh *shell) pinned(w word) bool {
	if !w.whole || path.IsAbs(w.text) {
		return false
	}
	data, _, ok := sh.read(w.text)
	if !ok {
		return false
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), " #")
		line = strings.TrimSpace(line)
		switch {
		case line == "", strings.HasPrefix(line, "#"), strings.HasPrefix(line, "--"), strings.HasPrefix(line, "-i "), strings.HasPrefix(line, "-f "):
		case strings.Contains(line, "=="), strings.Contains(line, " @ "), strings.HasSuffix(line, `\`):
		default:
			return false
		}
	}
	return lines.Err() == nil
}

func uv(sh *shell, args []word) {
	words := operands(args, "--extra --group --python -p --index-url --directory --project --no-group --only-group --no-install-package --package")
	if len(words) == 0 {
		return
	}
	switch words[0].text {
	case "pip":
		for i, a := range args {
			if a.text == "pip" {
				pip(sh, args[i:])
			}
		}
	case "sync":
		locked := flagged(args, "", "frozen", "locked")
		production := flagged(args, "", "no-dev", "no-default-groups", "only-group")
		if v, ok := sh.lookup("UV_FROZEN"); ok && v != "" {
			locked = true
		}
		if v, ok := sh.lookup("UV_LOCKED"); ok && v != "" {
			locked = true
		}
		if v, ok := sh.lookup("UV_NO_DEV"); ok && v != "" {
			production = true
		}
		sh.install(Install{Manager: "uv", Locked: locked, Production: production}, args, "uv.lock")
		sh.environment(".venv")
	case "venv":
		if len(words) == 1 {
			words = append(words, plainWord(".venv"))
		}
		sh.venv(words[1:])
	case "tool":
		sh.open("/root/.local", every, "installs a program of Python there")
		sh.pythonPrograms(nil)
	case "run":
		if len(words) > 1 {
			if known := sh.stage.model.commands[words[1].text]; known != nil && words[1].whole && !sh.stage.running {
				known(sh, words[1:])
				return
			}
			interpret(sh, append([]word{plainWord("python")}, words[1:]...))
		}
	case "lock", "export", "cache", "version", "--version", "tree":
		sh.open(sh.project(), none, "runs uv, which may write below it")
	default:
		sh.pythonPrograms(nil)
		sh.open(sh.project(), tools, "runs uv, which may write below it")
	}
}

// environment says that an environment of Python is made in the project.
func (sh *shell) environment(name string) {
	dir := plainWord(name)
	if v, ok := sh.lookup("UV_PROJECT_ENVIRONMENT"); ok && v != "" {
		dir = plainWord(v)
	}
	sh.venv([]word{dir})
	sh.open(sh.project(), tools, "installs packages of Python, which may write below it")
	sh.pythonPrograms(nil)
}

func poetry(sh *shell, args []word) {
	words := operands(args, "--without --with --only -E --extras -C --directory -P --project")
	if len(words) == 0 {
		return
	}
	switch words[0].text {
	case "install", "sync", "update", "add":
		production := flagged(args, "", "no-dev") || flagged(args, "", "without", "only")
		i := Install{Manager: "poetry", Locked: words[0].text == "install" || words[0].text == "sync", Production: production}
		sh.install(i, args, "poetry.lock")
		sh.open(sh.project(), tools, "installs packages of Python, which may write below it")
		sh.pythonPrograms(nil)
	case "config", "check", "show", "version", "--version", "self":
	case "export":
		if w, ok := option(args, 'o', "output"); ok {
			sh.write(w, File, "it is written there")
		}
	case "run":
		if len(words) > 1 {
			if known := sh.stage.model.commands[words[1].text]; known != nil && words[1].whole && !sh.stage.running {
				known(sh, words[1:])
				return
			}
			interpret(sh, append([]word{plainWord("python")}, words[1:]...))
		}
	default:
		sh.open(sh.project(), tools, "runs poetry, which may write below it")
	}
}

// pipenv is pipenv and pdm.
func pipenv(sh *shell, args []word) {
	name := path.Base(args[0].text)
	words := operands(args, "")
	if len(words) == 0 || words[0].text == "--version" {
		return
	}
	switch words[0].text {
	case "install", "sync":
		locked := words[0].text == "sync" || flagged(args, "", "deploy", "ignore-pipfile", "frozen-lockfile")
		lock := "Pipfile.lock"
		if name == "pdm" {
			lock, locked = "pdm.lock", true
		}
		production := !flagged(args, "d", "dev") || flagged(args, "", "prod", "production")
		sh.install(Install{Manager: name, Locked: locked, Production: production}, args, lock)
	}
	sh.open(sh.project(), tools, "runs "+name+", which may write below it")
	sh.pythonPrograms(nil)
}

func pipx(sh *shell, args []word) {
	sh.open("/root/.local", every, "installs a program of Python there")
	sh.pythonPrograms(nil)
}
