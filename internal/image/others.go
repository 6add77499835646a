package image

import (
	"path"
	"strings"

	"golang.org/x/mod/modfile"
)

func gem(sh *shell, args []word) {
	words := operands(args, "-v --version -i --install-dir -n --bindir --source -s")
	if len(words) < 2 || words[0].text != "install" && words[0].text != "update" {
		if len(words) > 0 && words[0].text == "update" {
			sh.brought("gem", nil, "/usr/local/bin", "/usr/local/bundle/bin")
		}
		return
	}
	names, _ := named(words[1:], ":")
	_, pinned := option(args, 'v', "version")
	sh.install(Install{Manager: "gem", Packages: names, Global: true, Locked: pinned}, args)
	sh.brought("gem", names, "/usr/local/bundle/bin", "/usr/local/bin")
	sh.open("/usr/local/bundle", tools, "installs gems there")
	sh.open("/usr/local/lib", tools, "installs gems there")
}

func bundle(sh *shell, args []word) {
	words := operands(args, "--jobs --retry -j --path --without --with --gemfile")
	if len(words) == 0 || words[0].text == "install" {
		frozen := flagged(args, "", "deployment", "frozen")
		for _, name := range []string{"BUNDLE_DEPLOYMENT", "BUNDLE_FROZEN"} {
			if v, ok := sh.lookup(name); ok && v != "" && v != "false" && v != "0" {
				frozen = true
			}
		}
		production := flagged(args, "", "without")
		if v, ok := sh.lookup("BUNDLE_WITHOUT"); ok && v != "" {
			production = true
		}
		i := Install{Manager: "bundle", Locked: frozen || sh.stage.frozen["bundle"], Production: production || sh.stage.frozen["bundle production"]}
		sh.install(i, args, "Gemfile.lock")
		sh.open("/usr/local/bundle", tools, "installs gems there")
		sh.open(sh.project(), tools, "installs gems, which may write below it")
		if w, ok := option(args, 0, "path"); ok {
			sh.write(w, Folder, "gems are installed there")
			p, _ := sh.path(w)
			sh.open(p, tools, "installs gems there")
		}
		sh.brought("gem", nil, "/usr/local/bundle/bin", "/usr/local/bin", "/usr/bin")
		return
	}
	switch words[0].text {
	case "config":
		text := shown(args)
		for key, name := range map[string]string{"deployment": "bundle", "frozen": "bundle", "without": "bundle production"} {
			if strings.Contains(text, key) && !strings.Contains(text, "false") {
				if sh.stage.frozen == nil {
					sh.stage.frozen = map[string]bool{}
				}
				sh.stage.frozen[name] = true
			}
		}
		if strings.Contains(text, "path") {
			sh.open("/", tools, "sets where gems go")
		}
	case "exec":
		for i, a := range args {
			if a.text == "exec" && i+1 < len(args) {
				interpret(sh, append([]word{plainWord("ruby")}, args[i+1:]...))
				return
			}
		}
	case "check", "show", "list", "version", "env", "platform", "info":
	default:
		sh.open(sh.project(), tools, "runs bundle, which may write below it")
		sh.brought("gem", nil, "/usr/local/bundle/bin", "/usr/local/bin")
	}
}

// composer is PHP's (https://getcomposer.org/doc/03-cli.md).
func composer(sh *shell, args []word) {
	words := operands(args, "-d --working-dir")
	if len(words) == 0 {
		return
	}
	switch words[0].text {
	case "install", "i", "update", "require", "create-project", "global":
		names, _ := named(words[1:], ":")
		i := Install{Manager: "composer", Packages: names, Locked: words[0].text == "install" || words[0].text == "i", Production: flagged(args, "", "no-dev")}
		if words[0].text == "global" {
			i.Global, i.Packages = true, nil
		}
		sh.install(i, args, "composer.lock")
		sh.write(plainWord("vendor"), Folder, "composer installs packages there")
		p, _ := sh.path(plainWord("vendor"))
		sh.open(p, every, "installs packages of PHP there")
		if !flagged(args, "", "no-scripts") {
			sh.open(sh.project(), tools, "runs composer, whose scripts may write below it")
		}
		sh.open("/root", tools, "installs packages of PHP, which may write there")
	case "clear-cache", "clearcache", "show", "validate", "--version", "config", "self-update", "check-platform-reqs", "diagnose", "about":
	default:
		p, _ := sh.path(plainWord("vendor"))
		sh.open(p, every, "runs composer there")
		if words[0].text != "dump-autoload" && words[0].text != "dumpautoload" || !flagged(args, "", "no-scripts") {
			sh.open(sh.project(), tools, "runs composer, whose scripts may write below it")
		}
	}
}

// goTool is the go command (https://pkg.go.dev/cmd/go).
func goTool(sh *shell, args []word) {
	if len(args) < 2 {
		return
	}
	const values = "-o -ldflags -tags -mod -modfile -gcflags -asmflags -p -buildmode -installsuffix -pkgdir -toolexec -overlay -C -buildvcs-"
	words := operands(args[1:], values)
	switch args[1].text {
	case "build":
		sh.goBuild(args[1:], words)
	case "install":
		bin := sh.goBin()
		names, _ := named(words, "@")
		if len(names) < len(words) {
			sh.open("/", tools, "installs programs of Go") // one whose name is not known
		}
		locked := true
		for _, w := range words {
			if strings.Contains(w.text, "@") && strings.HasSuffix(w.text, "@latest") {
				locked = false
			}
		}
		if len(names) > 0 && strings.Contains(words[0].text, "@") {
			sh.install(Install{Manager: "go", Packages: names, Global: true, Locked: locked}, args)
		}
		for _, name := range names {
			base := path.Base(name)
			if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
				base = path.Base(path.Dir(name))
			}
			if bin == "" || strings.HasSuffix(name, "...") || strings.HasPrefix(name, ".") {
				sh.open("/", tools, "installs programs of Go")
				return
			}
			sh.add(made{path: path.Join(bin, base), kind: File, why: "go install makes it"})
		}
		if len(words) == 0 {
			sh.open("/go/bin", every, "installs programs of Go there")
			sh.open("/root/go", every, "installs programs of Go there")
		}
	case "get":
		dirs := []string{"/go", "/root/go"}
		if _, _, module := sh.read("go.mod"); module {
			// With modules, what is downloaded goes into pkg (https://go.dev/ref/mod#module-cache).
			dirs = []string{"/go/pkg", "/go/bin", "/root/go/pkg", "/root/go/bin"}
		}
		for _, dir := range dirs {
			sh.open(dir, every, "runs go get")
		}
		sh.open(sh.project(), none, "runs go get, which may change go.mod")
		names, _ := named(words, "@")
		sh.install(Install{Manager: "go", Packages: names}, args, "go.sum")
	case "mod":
		if len(args) > 2 && (args[2].text == "download" || args[2].text == "vendor" || args[2].text == "tidy" || args[2].text == "init") {
			if args[2].text != "init" {
				sh.install(Install{Manager: "go", Locked: args[2].text != "tidy"}, args, "go.sum")
			}
			if args[2].text != "download" {
				sh.open(sh.project(), none, "runs go mod, which may write below it")
			}
		}
		sh.open("/go/pkg", none, "downloads modules there")
	case "generate", "run", "tool":
		interpret(sh, args)
	case "work":
		sh.open(sh.project(), none, "runs go work, which may write below it")
	case "test":
		sh.open(sh.project(), tools, "runs go test, which may write below it")
	}
}

// goBuild is go build: it writes the one file that -o names, or one in the
// folder that it runs in.
func (sh *shell) goBuild(args, words []word) {
	out, ok := option(args, 0, "o")
	for i, a := range args {
		if a.text == "-o" && i+1 < len(args) {
			out, ok = args[i+1], true
		} else if value, cut := strings.CutPrefix(a.text, "-o="); cut {
			out, ok = word{text: value, whole: a.whole}, true
		}
		if a.text == "-C" || strings.HasPrefix(a.text, "-C=") {
			sh.open("/", tools, "runs go build in a folder that is not followed")
			return
		}
	}
	if !ok {
		p, _ := sh.path(plainWord("."))
		if len(words) > 0 && strings.Contains(shown(words), "...") {
			return
		}
		if name := sh.goName(words); name != "" {
			sh.add(made{path: path.Join(p, name), kind: File, why: "go build makes it"})
			return
		}
		sh.open(p, every, "runs go build, which writes a program into it")
		return
	}
	p, whole := sh.path(out)
	if !whole {
		sh.open(p, every, "runs go build, which writes a program there")
		return
	}
	there := sh.stage.now().find(p)
	switch {
	case strings.HasSuffix(out.text, "/") || there.State == Present && there.Kind == Folder || out.text == "." || out.text == "..":
		name := sh.goName(words)
		if name == "" || strings.Contains(shown(words), "...") || len(words) > 1 && !strings.HasSuffix(words[0].text, ".go") {
			sh.add(made{path: p, kind: Folder, why: "go build writes into it"})
			sh.open(p, every, "runs go build, which writes programs into it")
			return
		}
		sh.add(made{path: path.Join(p, name), kind: File, why: "go build makes it"})
	case there.State == Unknown && !programDir(path.Dir(p)):
		sh.open(p, every, "runs go build, which writes a program there")
		sh.add(made{path: p, kind: Any, why: "go build makes it"})
	default:
		sh.add(made{path: p, kind: File, why: "go build makes it"})
	}
}

// goName returns the name that go build gives a program: of a package, the
// last part of its path.
func (sh *shell) goName(words []word) string {
	if len(words) == 0 || len(words) == 1 && (words[0].text == "." || words[0].text == "./") {
		data, _, ok := sh.read("go.mod")
		if !ok {
			return ""
		}
		return moduleBase(modfile.ModulePath(data))
	}
	if !words[0].whole {
		return ""
	}
	if strings.HasSuffix(words[0].text, ".go") {
		return strings.TrimSuffix(path.Base(words[0].text), ".go")
	}
	if name := path.Base(words[0].text); len(words) == 1 && name != "." && name != ".." && name != "/" {
		return moduleBase(words[0].text)
	}
	return ""
}

func moduleBase(p string) string {
	base := path.Base(p)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" && path.Dir(p) != "." {
		base = path.Base(path.Dir(p))
	}
	if base == "." || base == "/" {
		return ""
	}
	return base
}

// goBin returns where go install puts programs.
func (sh *shell) goBin() string {
	if v, ok := sh.env["GOBIN"]; ok {
		if v == nil {
			return ""
		}
		return *v
	}
	if v, ok := sh.env["GOPATH"]; ok {
		if v == nil {
			return ""
		}
		return path.Join(*v, "bin")
	}
	b := sh.stage.root().base
	if b.system == nil {
		return ""
	}
	if dir := b.field("workdir"); len(dir) > 0 && dir[0] == "/go" {
		return "/go/bin"
	}
	if home := sh.home(); home != "" {
		return path.Join(home, "go/bin")
	}
	return ""
}

// cargo is Rust's.
func cargo(sh *shell, args []word) {
	words := operands(args, "--bin --target --features --manifest-path --package -p --profile --target-dir -j --version --root --git --path --example --recipe-path")
	if len(words) == 0 {
		return
	}
	if strings.HasPrefix(words[0].text, "+") {
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	switch words[0].text {
	case "install":
		names, _ := named(words[1:], "@")
		sh.install(Install{Manager: "cargo", Packages: names, Global: true, Locked: flagged(args, "", "locked")}, args)
		sh.open("/usr/local/cargo", every, "installs programs of Rust there")
		sh.open("/root/.cargo", every, "installs programs of Rust there")
		if w, ok := option(args, 0, "root"); ok {
			p, _ := sh.path(w)
			sh.open(p, every, "installs programs of Rust there")
		}
	case "build", "b", "rustc":
		sh.install(Install{Manager: "cargo", Locked: flagged(args, "", "locked", "frozen")}, args, "Cargo.lock")
		sh.open(sh.project(), tools, "runs cargo, which may write below it")
		if w, ok := option(args, 0, "target-dir"); ok {
			p, _ := sh.path(w)
			sh.open(p, every, "runs cargo, which may write there")
		}
		if _, set := sh.env["CARGO_TARGET_DIR"]; set {
			sh.open("/", tools, "runs cargo, which may write to CARGO_TARGET_DIR")
		}
	case "fetch", "--version", "version", "metadata", "tree":
	default:
		sh.open(sh.project(), tools, "runs cargo, which may write below it")
		sh.open("/usr/local/cargo", tools, "runs cargo, which may write there")
	}
}
