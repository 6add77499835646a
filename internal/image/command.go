package image

import (
	"path"
	"slices"
	"strings"
)

// A command says what a program does to the files. args[0] is its name.
type command func(sh *shell, args []word)

// commands returns the programs of which it is known what they do. What is not
// here may write anywhere.
func commands() map[string]command {
	all := map[string]command{
		"cd": changeDir, "pushd": changeDir, "chdir": changeDir,
		"export": export, "readonly": export, "local": export, "declare": export, "typeset": export,
		"eval": evaluate, ".": include, "source": include,
		"sh": script, "bash": script, "ash": script, "dash": script, "zsh": script,

		"mkdir": makeDir, "touch": touch, "truncate": touch, "tee": tee, "cp": copyFiles, "mv": moveFiles, "install": installFiles,
		"rm": remove, "rmdir": remove, "unlink": remove, "rimraf": remove, "ln": link, "find": find, "xargs": unknownArgs,
		"chown": chown, "chmod": chmod, "chgrp": chmod, "setfacl": chmod,
		"ssh-keygen": keys, "openssl": keys, "sed": readOnly, "dos2unix": readOnly,

		"curl": curl, "wget": wget, "tar": unpack, "bsdtar": unpack, "unzip": unzip, "git": git,
		"gunzip": inPlace, "gzip": inPlace, "bzip2": inPlace, "xz": inPlace,

		"useradd": addUser, "adduser": addUser, "deluser": dropUser, "userdel": dropUser,

		"apt-get": apt, "apt": apt, "aptitude": apt, "dpkg": localPackages, "rpm": localPackages, "apk": apk,
		"yum": dnf, "dnf": dnf, "microdnf": dnf, "tdnf": dnf, "add-apt-repository": sources, "yum-config-manager": sources,
		"pacman": unknownPackages, "zypper": unknownPackages, "emerge": unknownPackages, "opkg": unknownPackages, "gdebi": unknownPackages,
		"conda": unknownPackages, "mamba": unknownPackages, "micromamba": unknownPackages,

		"npm": npm, "pnpm": npm, "yarn": npm, "yarnpkg": npm, "bun": npm, "npx": npx, "bunx": npx, "pnpx": npx, "corepack": corepack,
		"pip": pip, "pip3": pip, "pip2": pip, "uv": uv, "poetry": poetry, "pipenv": pipenv, "pdm": pipenv, "pipx": pipx,
		"gem": gem, "bundle": bundle, "bundler": bundle, "composer": composer, "composer.phar": composer,
		"go": goTool, "cargo": cargo, "tsc": typescript, "vue-tsc": typescript, "docker-php-source": phpSource, "supervisord": supervisord, "prisma": prisma,
	}
	for name, text := range classes {
		for _, program := range strings.Fields(text) {
			if _, own := all[program]; !own {
				all[program] = ofClass[name]
			}
		}
	}
	return all
}

// phpSource unpacks the source of PHP, or removes it
// (https://github.com/docker-library/php/blob/master/docker-php-source).
func phpSource(sh *shell, _ []word) {
	sh.open("/usr/src/php", none, "runs docker-php-source, which unpacks there")
	sh.add(dropped{"/usr/src/php", "it may be removed"})
}

// call reads what a program is called with.
func (sh *shell) call(args []word) {
	if len(args) == 0 {
		return
	}
	first := args[0]
	if !first.whole {
		sh.anything("a program that is known only when the image is built")
		return
	}
	if sh.set[first.text] {
		return // a function, which was read where it is declared
	}
	sh.note(args)
	name := path.Base(first.text)
	if run, ok := sh.stage.model.commands[first.text]; ok {
		run(sh, args)
		return
	}
	if strings.Contains(first.text, "/") {
		sh.shebang(first)
		if sh.script(first, args) {
			return
		}
		if dir := path.Dir(first.text); !strings.HasPrefix(dir, "/") && !strings.Contains(dir, "node_modules/.bin") && !strings.Contains(dir, "vendor/bin") {
			sh.anything(name)
			return
		}
	}
	for _, n := range []string{name, strings.TrimRight(name, "0123456789.")} {
		if run, ok := sh.stage.model.commands[n]; ok {
			run(sh, args)
			return
		}
	}
	if sh.stage.running {
		sh.stage.loose = true
		return
	}
	if sh.bins && !strings.Contains(first.text, "/") {
		sh.open("/", tools, "runs "+name+", which may write anywhere")
		return
	}
	if !strings.Contains(first.text, "/") && !installer(args) {
		sh.open("/", tools, "runs "+name+", which may write anywhere")
		return
	}
	sh.anything(name)
}

// installer reports whether the words of a command tell that it may install
// what distributions package.
func installer(args []word) bool {
	for _, a := range args {
		text := strings.ToLower(a.text)
		for _, word := range []string{"install", "setup", "deps", "bootstrap", "provision", "ansible", "package", "pkg", "brew", "nix", "add"} {
			if !a.whole || strings.Contains(text, word) {
				return true
			}
		}
	}
	return false
}

// tool is a program that writes below the project's folder, and where its
// arguments say.
func tool(sh *shell, args []word) {
	name := path.Base(args[0].text)
	if sh.stage.running && !builds(args) {
		sh.stage.loose = true
		return
	}
	sh.open(sh.project(), tools, "runs "+name+", which may write below it")
	sh.named(args, name)
}

// builds reports whether a tool is there to make files.
func builds(args []word) bool {
	switch path.Base(args[0].text) {
	case "tsc", "webpack", "webpack-cli", "rollup", "esbuild", "babel", "swc", "gulp", "grunt", "nx", "turbo", "lerna", "mvn", "mvnw", "gradle", "gradlew", "ncc",
		"vue-tsc", "tsup", "tsdown", "parcel", "copyfiles", "cpx", "cpy", "ncp", "shx", "concurrently", "run-s", "run-p", "npm-run-all", "make", "gmake":
		return true
	}
	for _, a := range args[1:] {
		if strings.HasPrefix(a.text, "build") || a.text == "export" || a.text == "generate" {
			return true
		}
	}
	return false
}

// named opens the absolute paths among the arguments of a program.
func (sh *shell) named(args []word, name string) {
	for _, a := range args[1:] {
		text := a.text
		if _, value, ok := strings.Cut(text, "="); ok {
			text = value
		}
		if strings.HasPrefix(text, "/") && len(text) > 1 || strings.HasPrefix(text, "../") {
			p, _ := sh.path(word{text: text, whole: a.whole})
			sh.open(p, every, "runs "+name+", which may write there")
		}
	}
}

// interpret is a program that runs code of the project.
func interpret(sh *shell, args []word) {
	name := path.Base(args[0].text)
	if len(args) == 2 && strings.HasPrefix(args[1].text, "-") && strings.HasSuffix(strings.ToLower(strings.TrimLeft(args[1].text, "-")), "v") || len(args) == 2 && args[1].text == "--version" {
		return
	}
	if strings.HasPrefix(name, "python") && len(args) > 2 && args[1].text == "-m" {
		switch args[2].text {
		case "pip", "pipenv", "poetry", "uv":
			sh.call(args[2:])
			return
		case "venv", "virtualenv":
			sh.venv(args[3:])
			return
		case "ensurepip":
			for _, dir := range []string{"/usr/bin", "/usr/local/bin"} {
				sh.open(dir, tools, "runs ensurepip, which brings pip") // as pip or as pip3, by the version
			}
			return
		case "compileall":
			return
		}
	}
	if harmless(args) {
		return
	}
	if strings.HasPrefix(name, "python") && len(args) > 1 && path.Base(args[1].text) == "manage.py" && len(args) > 2 && args[2].text == "check" {
		return
	}
	if (name == "make" || name == "gmake") && len(args) > 1 {
		for _, a := range args[1:] {
			if !a.whole || strings.Contains(a.text, "install") || strings.Contains(a.text, "deps") || strings.Contains(a.text, "setup") {
				sh.anything(name)
				return
			}
		}
	}
	if frameworkTask(args) {
		tool(sh, args)
		return
	}
	for _, a := range args[1:] {
		if a.text == "playwright" || a.text == "--with-deps" || a.text == "install-deps" {
			sh.anything(name)
			return
		}
	}
	if sh.stage.running {
		sh.stage.loose = true
		return
	}
	sh.open("/", tools, "runs "+name+" on code of its own, which may write anywhere")
}

// harmless reports whether code for node stands in the command itself and does
// nothing to files: it loads packages of others alone.
func harmless(args []word) bool {
	if len(args) != 3 || !args[2].whole || path.Base(args[0].text) != "node" || !slices.Contains([]string{"-e", "--eval", "-p", "--print"}, args[1].text) {
		return false
	}
	code := strings.ToLower(args[2].text)
	return !slices.ContainsFunc([]string{"fs", "write", "open", "exec", "spawn", "process", "system", "popen", "path", "copy", "move", "mkdir", "download", "import", "`", "'.", `".`, "'/", `"/`},
		func(word string) bool { return strings.Contains(code, word) })
}

// frameworkTask reports whether a command is one of a framework's own tasks,
// which write into the project's folder: rails assets:precompile, artisan
// config:cache.
func frameworkTask(args []word) bool {
	task := ""
	for i, a := range args {
		switch path.Base(a.text) {
		case "rails", "rake", "artisan":
			if i+1 < len(args) {
				task = args[i+1].text
			}
		}
	}
	area, _, ok := strings.Cut(task, ":")
	return ok && slices.Contains(strings.Fields("assets db tmp log webpacker shakapacker javascript css i18n yarn vite config route view event cache key storage package optimize filament livewire"), area) || task == "optimize"
}

// venv is a Python environment, which gets programs of its own.
func (sh *shell) venv(args []word) {
	for _, a := range args {
		if strings.HasPrefix(a.text, "-") {
			continue
		}
		sh.write(a, Folder, "a Python environment is made there")
		p, whole := sh.path(a)
		if whole {
			for _, name := range []string{"python", "python3", "pip"} {
				sh.add(made{path: path.Join(p, "bin", name), kind: File, why: "a Python environment is made there"})
			}
		}
		sh.open(p, tools, "makes a Python environment in it")
	}
}

// wrapped is a program that runs the one behind its options.
func wrapped(sh *shell, args []word) {
	name := path.Base(args[0].text)
	skip := 0 // words that are not options
	switch name {
	case "gosu", "su-exec", "chpst", "timeout":
		skip = 1
	case "command":
		if len(args) > 1 && (args[1].text == "-v" || args[1].text == "-V") {
			return
		}
	}
	withValue := map[string]string{"sudo": "-u -g -p -C -h", "env": "-u -C -S", "nice": "-n", "ionice": "-c -n -p", "timeout": "-s -k", "dotenv": "-e", "exec": "-a"}[name]
	for i := 1; i < len(args); i++ {
		text := args[i].text
		switch {
		case text == "--":
		case strings.HasPrefix(text, "-") && len(text) > 1:
			if strings.Contains(" "+withValue+" ", " "+text+" ") {
				i++
			}
		case isAssignment(text) && (name == "env" || name == "sudo" || strings.HasPrefix(name, "cross-env")):
		case skip > 0:
			skip--
		default:
			if strings.HasPrefix(name, "cross-env-shell") {
				sh.sub().text(args[i].text)
				return
			}
			sub := sh.sub()
			sub.call(args[i:])
			if name == "exec" || name == "command" || name == "builtin" {
				sh.cwd = sub.cwd
			}
			return
		}
	}
}

func isAssignment(text string) bool {
	name, _, ok := strings.Cut(text, "=")
	return ok && name != "" && !strings.ContainsAny(name, "/-. ")
}

func changeDir(sh *shell, args []word) {
	if len(args) < 2 {
		sh.cwd = sh.home()
		return
	}
	w := args[len(args)-1]
	if w.text == "-" && w.whole {
		sh.cwd = ""
		return
	}
	p, whole := sh.path(w)
	if sh.cwd = p; !whole {
		sh.cwd = ""
	}
}

func export(sh *shell, args []word) {
	for _, a := range args[1:] {
		if name, value, ok := strings.Cut(a.text, "="); ok {
			sh.env[name], sh.moved = nil, sh.moved || name == "PATH"
			if a.whole {
				sh.env[name] = &value
			}
		}
	}
}

func evaluate(sh *shell, args []word) {
	var parts []string
	for _, a := range args[1:] {
		if !a.whole {
			sh.moved = true
			sh.anything("what eval is given")
			return
		}
		parts = append(parts, a.text)
	}
	sh.nested(func() { sh.text(strings.Join(parts, " ")) })
}

// include is ".", which runs a script in the same shell.
func include(sh *shell, args []word) {
	if len(args) < 2 {
		return
	}
	text := args[1].text
	if strings.HasSuffix(text, "bin/activate") || strings.HasPrefix(text, "/etc/") || strings.HasSuffix(text, "/.cargo/env") || strings.HasSuffix(text, "/cargo/env") {
		sh.env["PATH"], sh.moved = nil, true
		return
	}
	sh.moved = true // it may set PATH, and declare functions
	if !sh.script(args[1], args[1:]) {
		sh.anything("a script that is not read")
	}
}
