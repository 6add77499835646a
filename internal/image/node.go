package image

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// manifest is what is read of a package.json.
type manifest struct {
	Name       string            `json:"name"`
	Scripts    map[string]string `json:"scripts"`
	Workspaces json.RawMessage   `json:"workspaces"`
}

func parseManifest(data []byte) (manifest, bool) {
	var m manifest
	err := json.Unmarshal(data, &m)
	return m, err == nil
}

// nodeValues are the options of npm, yarn, pnpm and bun that take the next
// word.
const nodeValues = "--prefix -C --dir --cwd --filter -F --workspace -w --registry --cache --loglevel --network-timeout --cache-folder --modules-folder " +
	"--mutex --store-dir --config --userconfig --location --include --omit --only --fetch-timeout --fetch-retries --maxsockets --otp --tag"

// lockfiles are the names under which the managers keep what they resolved.
var lockfiles = map[string][]string{
	"npm": {"package-lock.json", "npm-shrinkwrap.json"}, "yarn": {"yarn.lock"}, "pnpm": {"pnpm-lock.yaml"}, "bun": {"bun.lock", "bun.lockb"},
}

// npm is npm, yarn, pnpm or bun.
func npm(sh *shell, args []word) {
	manager := path.Base(args[0].text)
	if manager == "yarnpkg" {
		manager = "yarn"
	}
	if dir, ok := option(args, 0, map[string]string{"npm": "prefix", "yarn": "cwd", "pnpm": "dir", "bun": "cwd"}[manager]); ok || manager == "pnpm" && hasWord(args, "-C") {
		if !ok {
			dir, _ = option(args, 'C', "")
		}
		sub := sh.sub()
		p, whole := sh.path(dir)
		if sub.cwd = p; !whole {
			sub.cwd = ""
		}
		sh = sub
	}
	words := operands(args, nodeValues)
	verb := ""
	if len(words) > 0 {
		verb = words[0].text
		words = words[1:]
	}
	global := flagged(args, "g", "global") || strings.Contains(shown(args), "--location=global") || strings.Contains(shown(args), "--location global")
	if manager == "yarn" && verb == "global" && len(words) > 0 {
		global, verb, words = true, words[0].text, words[1:]
	}
	switch verb {
	case "", "install", "i", "ci", "add", "clean-install", "install-clean", "isntall", "in":
		if verb == "" && (manager != "yarn" || hasWord(args, "--version") || hasWord(args, "-v")) {
			return
		}
		sh.nodeInstall(manager, verb, args, words, global)
	case "run", "run-script", "rum", "urn", "exec", "x", "dlx", "start", "test", "build", "node":
		sh.nodeRun(manager, verb, args, words)
	case "cache", "config", "set", "get", "version", "--version", "view", "info", "ls", "list", "audit", "doctor", "whoami", "login", "plugin", "why", "ping", "store", "help", "fund", "outdated", "bin", "root", "c", "telemetry":
		if manager == "yarn" && (verb == "set" || verb == "plugin") {
			sh.open(sh.project(), none, "runs yarn, which may write below it")
		}
	case "prune", "rebuild", "dedupe", "uninstall", "remove", "rm", "unlink", "link", "fetch", "import", "update", "up", "upgrade":
		p, _ := sh.path(plainWord("node_modules"))
		sh.open(p, tools, "runs "+manager+" there")
		if global || verb == "link" {
			sh.brought("npm", nil, "/usr/local/bin")
		}
		if !flagged(args, "", "ignore-scripts") {
			sh.lifecycle(manager, verb)
		}
	case "pack", "publish", "init", "create", "setup", "deploy", "patch":
		sh.open(sh.project(), tools, "runs "+manager+", which may write below it")
		sh.named(args, manager)
	default:
		// yarn and pnpm take the name of a script, or of a program, as a verb.
		sh.nodeRun(manager, "run", args, append([]word{plainWord(verb)}, words...))
	}
}

func hasWord(args []word, text string) bool {
	for _, a := range args[1:] {
		if a.text == text {
			return true
		}
	}
	return false
}

func (sh *shell) nodeInstall(manager, verb string, args, words []word, global bool) {
	names, more := named(words, "")
	for i, n := range names {
		if at := strings.LastIndex(n, "@"); at > 0 {
			names[i] = n[:at]
		}
	}
	i := Install{Manager: manager, Packages: names, Global: global}
	i.Production = sh.production(args)
	i.Locked = sh.locked(manager, verb, args)
	if len(names) > 0 || more {
		i.Locked = !more && strings.Count(shown(words), "@") >= len(names) && exact(words)
	}
	sh.install(i, args, lockfiles[manager]...)
	if global {
		sh.brought("npm", names, "/usr/local/bin")
		for _, dir := range []string{"/usr/local/lib", "/usr/lib", "/usr/local/share", "/root", "/opt", "/home"} {
			sh.open(dir, tools, "installs packages of npm, which may write there")
		}
		sh.add(openedTools{dir: "/usr/bin", registry: "npm", why: sh.label + " installs packages of npm, which may bring it"})
		return
	}
	if i.Lockfile.State == Absent && verb == "ci" && manager == "npm" {
		sh.anything("npm ci without a lockfile")
		return
	}
	sh.write(plainWord("node_modules"), Folder, "packages are installed into it")
	p, _ := sh.path(plainWord("node_modules"))
	sh.open(p, every, "installs packages there")
	if p, _ := sh.path(plainWord(".")); p != "/" {
		// Workspaces get folders of their own, and each manager keeps files.
		for _, name := range []string{".yarn", ".pnp.cjs", ".pnp.loader.mjs", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", ".pnpm-store"} {
			sh.open(path.Join(p, name), none, "runs "+manager+", which may write it")
		}
		sh.add(opened{dir: p, programs: none, why: sh.label + " runs " + manager + ", which writes node_modules of workspaces"}.within("node_modules"))
	} else {
		sh.open("/", none, "runs "+manager+" in a folder that is not known")
	}
	for _, dir := range []string{"/root", "/home", "/tmp", "/usr/local/share", "/usr/local/lib", "/pnpm"} {
		sh.open(dir, none, "runs "+manager+", which may write there")
	}
	if !flagged(args, "", "ignore-scripts") {
		sh.lifecycle(manager, verb)
	}
}

// within restricts an opened to what lies in folders of a name.
func (e opened) within(name string) openedWithin { return openedWithin{e, name} }

type openedWithin struct {
	opened
	name string
}

func (e openedWithin) see(v view, p string) verdict {
	if !strings.Contains(p+"/", "/"+e.name+"/") {
		return verdict{}
	}
	return e.opened.see(v, p)
}

// exact reports whether each of the words names a version.
func exact(words []word) bool {
	for _, w := range words {
		i := strings.LastIndex(w.text, "@")
		if i <= 0 || strings.ContainsAny(w.text[i+1:], "^~*<>x ") || w.text[i+1:] == "latest" || w.text[i+1:] == "next" {
			return false
		}
	}
	return true
}

// production reports whether development dependencies are left out.
func (sh *shell) production(args []word) bool {
	text := " " + shown(args) + " "
	for _, option := range []string{" --production ", " --production=true ", " --only=production ", " --only=prod ", " --only production ", " --only prod ", " --omit=dev ", " --omit dev ", " --prod ", " -P "} {
		if strings.Contains(text, option) {
			return true
		}
	}
	if strings.Contains(text, " --production=false ") || strings.Contains(text, " --include=dev ") || strings.Contains(text, " --include dev ") {
		return false
	}
	env, ok := sh.lookup("NODE_ENV")
	return ok && env == "production"
}

// locked reports whether an install takes what the lockfile says or fails.
//
// npm: docs.npmjs.com/cli/commands/npm-ci. yarn 1: classic.yarnpkg.com/en/docs/cli/install,
// yarn 2 and later: yarnpkg.com/cli/install ("--immutable"; on by default where
// CI is set). pnpm: pnpm.io/cli/install ("--frozen-lockfile", on by default
// where CI is set). bun: bun.sh/docs/cli/install.
func (sh *shell) locked(manager, verb string, args []word) bool {
	if flagged(args, "", "no-frozen-lockfile", "no-immutable") || strings.Contains(shown(args), "lockfile=false") || strings.Contains(shown(args), "immutable=false") {
		return false
	}
	if ci, ok := sh.lookup("CI"); ok && ci != "" && ci != "false" && ci != "0" && manager != "npm" {
		if manager == "pnpm" {
			return true
		}
	}
	switch manager {
	case "npm":
		return verb == "ci" || verb == "clean-install" || verb == "install-clean"
	case "yarn":
		if v, ok := sh.lookup("YARN_ENABLE_IMMUTABLE_INSTALLS"); ok && v != "" && v != "0" && v != "false" {
			return true
		}
		return flagged(args, "", "frozen-lockfile", "immutable", "pure-lockfile-")
	default:
		return verb == "ci" || flagged(args, "", "frozen-lockfile")
	}
}

// hooks are the scripts that an install runs
// (https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-operation-order).
var hooks = []string{"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"}

// lifecycle reads the scripts that an install runs: of the project, and of its
// workspaces.
func (sh *shell) lifecycle(manager, verb string) {
	data, from, ok := sh.read("package.json")
	if !ok {
		why := "runs " + manager + " " + verb + ", whose package.json is not read"
		sh.open(sh.project(), tools, why)
		return
	}
	m, ok := parseManifest(data)
	if !ok {
		sh.open(sh.project(), tools, "runs "+manager+", whose package.json is not understood")
		return
	}
	sh.hooks(m, data, from)
	if m.Workspaces == nil && manager != "pnpm" {
		return
	}
	dir := path.Dir(from)
	n := 0
	context := sh.stage.model.context
	for _, f := range context.files {
		if path.Base(f.Path) != "package.json" || f.Path == from || !under(dir, f.Path) && dir != "." || strings.Contains(f.Path, "node_modules/") {
			continue
		}
		if n++; n > 200 {
			sh.open(sh.project(), tools, "runs "+manager+" for more workspaces than are read")
			return
		}
		inside := strings.TrimPrefix(strings.TrimPrefix(f.Path, dir), "/")
		sub := sh.sub()
		sub.cwd = path.Join(sh.cwd, path.Dir(inside))
		if data, from, ok := sub.read("package.json"); ok {
			if m, ok := parseManifest(data); ok {
				sub.hooks(m, data, from)
			}
		}
	}
}

func (sh *shell) hooks(m manifest, data []byte, from string) {
	for _, name := range hooks {
		if text := m.Scripts[name]; text != "" {
			sub := sh.sub()
			sub.of(name, data, from)
			sub.env["npm_lifecycle_event"] = &name
			sub.nested(func() { sub.text(text) })
		}
	}
}

// nodeRun runs a script of package.json, or a program of node_modules.
func (sh *shell) nodeRun(manager, verb string, args, words []word) {
	name := verb
	switch verb {
	case "run", "run-script", "rum", "urn":
		if len(words) == 0 {
			return
		}
		if name = words[0].text; !words[0].whole {
			sh.open(sh.project(), tools, "runs a script that is known only when the image is built")
			return
		}
	case "exec", "x", "dlx", "node":
		if len(words) > 0 {
			npx(sh, append([]word{args[0]}, onward(args, words[0])...))
		}
		return
	}
	if dir, command, ok := sh.workspace(args, words); ok {
		sub := sh.sub()
		sub.cwd = dir
		sub.nested(func() { npm(sub, command) })
		if !sh.stage.running {
			sh.open(sh.project(), tools, "runs scripts of a workspace, which may write below it")
		}
		return
	}
	if hasWord(args, "-r") || hasWord(args, "--recursive") || hasWord(args, "--filter") || hasWord(args, "-F") || hasWord(args, "-w") || hasWord(args, "--workspace") ||
		hasWord(args, "--workspaces") || hasWord(args, "-ws") || strings.Contains(shown(args), "--workspace=") || strings.Contains(shown(args), "--filter=") || name == "workspaces" || name == "workspace" {
		sh.open(sh.project(), tools, "runs scripts of workspaces, which may write below it")
		return
	}
	data, from, ok := sh.read("package.json")
	m, parsed := manifest{}, false
	if ok {
		m, parsed = parseManifest(data)
	}
	if !parsed {
		sh.open("/", tools, "runs the script "+name+", which is not read")
		return
	}
	if m.Scripts[name] == "" {
		if manager == "npm" {
			sh.open(sh.project(), tools, "runs the script "+name+", which package.json does not have")
			return
		}
		called := plainWord(name)
		npx(sh, append([]word{args[0], called}, onward(args, called)[1:]...))
		return
	}
	for _, script := range []string{"pre" + name, name, "post" + name} {
		if text := m.Scripts[script]; text != "" {
			sub := sh.sub()
			sub.of(script, data, from)
			sub.nested(func() { sub.text(text) })
		}
	}
}

// onward returns the words of a command from one of them on, with its own options.
func onward(args []word, w word) []word {
	i := slices.Index(args[1:], w)
	if i < 0 {
		return []word{w}
	}
	return args[1+i:]
}

// npx runs a program of a package.
func npx(sh *shell, args []word) {
	words := operands(args, "-p --package -c --call")
	if len(words) == 0 {
		return
	}
	if words[0].text == "playwright" || words[0].text == "puppeteer" {
		sh.anything(words[0].text)
		return
	}
	name := words[0].text
	behind := onward(args, words[0])[1:]
	if at := strings.LastIndex(name, "@"); at > 0 {
		name = name[:at]
	}
	run := append([]word{{text: path.Base(name), whole: words[0].whole}}, behind...)
	sh.note(append([]word{plainWord("npx")}, run...))
	if c := sh.stage.model.commands[path.Base(name)]; c != nil && words[0].whole {
		c(sh, run)
		return
	}
	sh.open(sh.project(), tools, "runs "+path.Base(name)+", which may write below it")
	sh.named(run, path.Base(name))
}

// corepack puts yarn and pnpm onto the PATH, or runs one of them itself
// (https://github.com/nodejs/corepack#readme).
func corepack(sh *shell, args []word) {
	if len(args) > 1 {
		if manager, _, _ := strings.Cut(args[1].text, "@"); manager == "yarn" || manager == "pnpm" || manager == "npm" {
			npm(sh, append([]word{plainWord(manager)}, args[2:]...))
			return
		}
	}
	words := operands(args, "--install-directory")
	if len(words) == 0 || words[0].text != "enable" && words[0].text != "prepare" && words[0].text != "use" && words[0].text != "install" && words[0].text != "up" {
		return
	}
	dir := plainWord("/usr/local/bin")
	if w, ok := option(args, 0, "install-directory"); ok {
		dir = w
	}
	p, whole := sh.path(dir)
	if !whole {
		sh.open(p, every, "runs corepack, which writes programs there")
		return
	}
	if words[0].text == "enable" {
		managers := words[1:]
		if len(managers) == 0 {
			managers = []word{plainWord("yarn"), plainWord("pnpm")}
		}
		for _, m := range managers {
			for _, program := range map[string][]string{"yarn": {"yarn", "yarnpkg"}, "pnpm": {"pnpm", "pnpx"}, "npm": {"npm", "npx"}}[m.text] {
				sh.add(made{path: path.Join(p, program), kind: File, why: "corepack puts it there"})
			}
		}
		sh.add(openedTools{dir: "/usr/bin", registry: "npm", why: sh.label + " runs corepack, which may put it there"})
	}
	sh.open("/root", none, "runs corepack, which may write there")
	if words[0].text == "use" || words[0].text == "up" {
		sh.open(sh.project(), tools, "runs corepack, which may write below it")
	}
}
