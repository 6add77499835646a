package missingfile

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/tidwall/jsonc"

	"rehearse/internal/finding"
	"rehearse/internal/image"
)

// typescript follows what tsconfig.json extends and refers to.
func (w *work) typescript() {
	file := w.option("-p", "--project", "-b", "--build")
	named := file != ""
	switch {
	case named:
		if path.Ext(file) != ".json" {
			file = path.Join(file, "tsconfig.json")
		}
	case w.name == "nest" && w.has("tsconfig.build.json"):
		file = "tsconfig.build.json"
	default:
		file = "tsconfig.json"
	}
	if w.name == "tsc" && !named && len(w.args) > 0 && !strings.HasPrefix(w.args[0].Text, "-") || path.IsAbs(file) || w.flag("--version", "-v", "--help", "--init") {
		return // files are named
	}
	if (w.name == "tsc" || w.name == "vue-tsc" || w.name == "nest") && w.lacks(file, finding.Error, "", broken) {
		return
	}
	w.extended(file, w.flag("-b", "--build"), map[string]bool{})
}

// angular follows the tsconfig files that angular.json names.
func (w *work) angular() {
	if !w.verb("build") {
		return
	}
	data, ok := w.read("angular.json")
	if !ok {
		return
	}
	var config any
	if json.Unmarshal(jsonc.ToJSON(data), &config) != nil {
		return
	}
	seen := map[string]bool{}
	var walk func(v any, key string, depth int)
	walk = func(v any, key string, depth int) {
		if depth > 30 {
			return
		}
		switch v := v.(type) {
		case map[string]any:
			for k, sub := range v {
				if k != "test" && k != "e2e" && k != "lint" && k != "server" && k != "serve" {
					walk(sub, k, depth+1)
				}
			}
		case string:
			if key == "tsConfig" && !seen[v] {
				w.extended(v, false, seen)
			}
		}
	}
	walk(config, "", 0)
}

// extended reports what a tsconfig.json that is in the image is laid over and
// is not.
func (w *work) extended(file string, references bool, seen map[string]bool) {
	if seen[file] || len(seen) > 50 {
		return
	}
	seen[file] = true
	data, ok := w.read(file)
	if !ok || w.looks(file).State == image.Absent {
		return
	}
	t, ok := parseConfig(data)
	if !ok {
		return
	}
	for _, base := range t.bases() {
		if !strings.HasPrefix(base, ".") {
			continue
		}
		to := path.Join(path.Dir(file), base)
		if !w.has(to) && path.Ext(to) != ".json" {
			to += ".json"
		}
		if !w.lacks(to, finding.Error, file, broken) {
			w.extended(to, references, seen)
		}
	}
	for _, r := range t.References {
		to := path.Join(path.Dir(file), r.Path)
		if path.Ext(to) != ".json" {
			to = path.Join(to, "tsconfig.json")
		}
		if references && !w.lacks(to, finding.Error, file, broken) {
			w.extended(to, references, seen)
		}
	}
}

// node follows what an install reads besides the manifest and the lockfile.
func (w *work) node() {
	installs := w.verb("install", "ci", "i", "clean-install") || w.name == "yarn" && onlyFlags(w.args)
	if !installs || w.flag("-g", "--global") || w.looks("package.json").State != image.Present {
		return
	}
	if data, ok := w.read(".npmrc"); ok && (w.name == "npm" || w.name == "pnpm") && matters(string(data)) {
		if a := w.looks(".npmrc"); !strings.HasSuffix(a.At.File, "ignore") { // what is kept out on purpose may be secret
			w.lacks(".npmrc", finding.Warning, "", "the packages are installed with other settings than on a developer's machine, or not at all")
		}
	}
	if w.name == "yarn" {
		w.lacks(".yarnrc.yml", finding.Warning, "", "yarn installs with other settings, or refuses the lockfile")
		if data, ok := w.read(".yarnrc.yml"); ok {
			w.yarn(string(data))
		}
	}
	data, ok := w.read("package.json")
	if !ok {
		return
	}
	var m struct {
		Dependencies, DevDependencies, OptionalDependencies map[string]string
		Scripts                                             map[string]string
		Pnpm                                                struct{ PatchedDependencies map[string]string }
	}
	if json.Unmarshal(data, &m) != nil {
		return
	}
	for _, group := range []map[string]string{m.Dependencies, m.DevDependencies, m.OptionalDependencies} {
		for _, name := range sorted(group) {
			if to, local := strings.CutPrefix(group[name], "file:"); local && (strings.HasPrefix(to, ".") || w.has(to)) {
				w.lacks(path.Clean(to), finding.Error, "package.json", broken)
			}
		}
	}
	for _, name := range sorted(m.Pnpm.PatchedDependencies) {
		if w.name == "pnpm" {
			w.lacks(m.Pnpm.PatchedDependencies[name], finding.Error, "package.json", broken)
		}
	}
	w.workspace()
	if w.flag("--ignore-scripts") {
		return
	}
	for _, hook := range []string{"preinstall", "install", "postinstall", "prepare"} {
		if strings.HasPrefix(strings.TrimSpace(m.Scripts[hook]), "patch-package") && !strings.Contains(m.Scripts[hook], "--patch-dir") {
			w.lacks("patches", finding.Warning, "package.json", "patch-package finds no patches and says so in passing: the packages are not patched")
		}
	}
}

func onlyFlags(args []image.Arg) bool {
	for _, a := range args {
		if !strings.HasPrefix(a.Text, "-") || a.Text == "--version" || a.Text == "-v" {
			return false
		}
	}
	return true
}

// matters reports whether settings of npm or pnpm change what is installed
// (https://docs.npmjs.com/cli/using-npm/config, https://pnpm.io/npmrc).
func matters(npmrc string) bool {
	for _, key := range []string{"registry", "legacy-peer-deps", "node-linker", "hoist", "auto-install-peers", "strict-peer", "force", "link-workspace-packages"} {
		for line := range strings.Lines(npmrc) {
			if name, _, ok := strings.Cut(line, "="); ok && strings.Contains(name, key) && !strings.HasPrefix(strings.TrimSpace(line), "#") && !strings.HasPrefix(strings.TrimSpace(line), ";") {
				return true
			}
		}
	}
	return false
}

// yarn is the program that .yarnrc.yml says is to run in its place
// (https://yarnpkg.com/configuration/yarnrc#yarnPath). What is in .yarn is not
// listed, so that the tree has it is taken from there.
func (w *work) yarn(config string) {
	for line := range strings.Lines(config) {
		value, ok := strings.CutPrefix(line, "yarnPath:")
		if !ok {
			continue
		}
		file := strings.Trim(strings.TrimSpace(value), `"'`)
		a := w.looks(file)
		if file == "" || path.IsAbs(file) || a.State != image.Absent || w.looks(".yarnrc.yml").State != image.Present {
			return
		}
		w.add(gap{
			severity: finding.Error, build: w.build, environment: deployed(w.build), subject: file,
			message:     "the build needs " + w.source(file) + " (" + w.source(".yarnrc.yml") + " names it as yarn itself), and the image does not have it when the step runs: " + a.Why,
			consequence: broken, remedy: "copy .yarn/releases before the step at " + spot(w.call.At), need: w.call.At, text: w.label, absent: a.At,
		})
	}
}

// prisma is a generate whose schema is copied later
// (https://www.prisma.io/docs/orm/reference/prisma-cli-reference#generate).
func (w *work) prisma() {
	if w.verb("generate") {
		w.schema()
	}
}

func (w *work) schema() {
	schema := w.option("--schema")
	if data, ok := w.read("package.json"); ok && schema == "" {
		var m struct{ Prisma struct{ Schema string } }
		if json.Unmarshal(data, &m) == nil {
			schema = m.Prisma.Schema
		}
	}
	if schema == "" && (w.looks("schema.prisma").State == image.Present || w.looks("prisma/schema.prisma").State == image.Present) {
		return // it looks in both places
	}
	for _, file := range []string{schema, "prisma/schema.prisma", "schema.prisma", "prisma/schema"} {
		if file != "" && !path.IsAbs(file) && w.has(file) {
			w.lacks(file, finding.Error, "", broken)
			return
		}
	}
}
