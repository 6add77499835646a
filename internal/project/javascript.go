package project

import (
	"bytes"
	"context"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/source"
)

// packageJSON is what discovery takes from a package.json.
type packageJSON struct {
	Name         string
	Main         string
	Scripts      map[string]string
	Workspaces   json.RawMessage
	Dependencies map[string]json.RawMessage
	Development  map[string]json.RawMessage
	lines        map[string]int // of the scripts
}

// parsePackage reads a package.json as npm does: a field of an unexpected type
// is as if it were not there.
func parsePackage(data []byte) (*packageJSON, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, err
	}
	pkg := &packageJSON{Workspaces: fields["workspaces"]}
	take := func(name string, into any) {
		if raw, ok := fields[name]; ok {
			_ = json.Unmarshal(raw, into) // see above
		}
	}
	take("name", &pkg.Name)
	take("main", &pkg.Main)
	take("dependencies", &pkg.Dependencies)
	take("devDependencies", &pkg.Development)
	var scripts map[string]any
	take("scripts", &scripts)
	pkg.Scripts = map[string]string{}
	for name, text := range scripts {
		if text, ok := text.(string); ok {
			pkg.Scripts[name] = text
		}
	}
	pkg.lines = scriptLines(data)
	return pkg, nil
}

// scriptLines returns the line of each script of a package.json.
func scriptLines(data []byte) map[string]int {
	lines := map[string]int{}
	dec := json.NewDecoder(bytes.NewReader(data))
	var skip json.RawMessage
	object := func(each func(key string) error) error {
		if t, err := dec.Token(); err != nil || t != json.Delim('{') {
			return err
		}
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			if err := each(key.(string)); err != nil {
				return err
			}
		}
		_, err := dec.Token()
		return err
	}
	err := object(func(key string) error {
		if key != "scripts" {
			return dec.Decode(&skip)
		}
		return object(func(script string) error {
			lines[script] = 1 + bytes.Count(data[:dec.InputOffset()], []byte("\n"))
			return dec.Decode(&skip)
		})
	})
	if err != nil {
		return nil
	}
	return lines
}

// workspaceFiles make the folder they stand in the root of a JavaScript
// workspace, as "workspaces" in package.json does.
var workspaceFiles = []string{"pnpm-workspace.yaml", "lerna.json", "turbo.json", "nx.json", "rush.json"}

// javascript finds the components that a package.json tells of.
func (d *discovery) javascript(ctx context.Context) error {
	for _, f := range d.named(func(base string) bool { return base == "package.json" }) {
		if err := ctx.Err(); err != nil {
			return err
		}
		data := d.manifest(f.Path)
		if data == nil {
			continue
		}
		pkg, err := parsePackage(data)
		if err != nil {
			d.unread(jsonErrorAt(f.Path, data, err), jsonReason(err))
			continue
		}
		dir := dirOf(f.Path)
		if pkg.Name == "" && len(pkg.Scripts) == 0 && pkg.Main == "" && len(pkg.Dependencies) == 0 {
			continue // it says how files are to be read: {"type": "module"}
		}
		c := &Component{Dir: dir, Language: "javascript", Manifest: f.Path, Package: pkg.Name}
		c.depends = append(keys(pkg.Dependencies), keys(pkg.Development)...)
		c.vite = slices.Contains(c.depends, "vite")
		c.Start.Local = d.script(pkg, f.Path)
		c.Entry = d.entries(pkg, c.Start.Local.Text, dir)
		workspace := len(pkg.Workspaces) > 0
		for _, name := range workspaceFiles {
			workspace = workspace || d.File(join(dir, name)) != nil
		}
		if workspace && (len(c.Entry) == 0 || c.Start.Local.IsZero()) {
			continue // it only holds others together
		}
		d.runs[c] = d.File(join(dir, "server.js")) != nil
		d.add(c)
	}
	return nil
}

// npmDefault starts packages of which nothing else tells how as npm start does
// without a script: it runs server.js (docs.npmjs.com/cli/commands/npm-start).
func (d *discovery) npmDefault() {
	for _, c := range d.found {
		server := join(rootless(c.Dir), "server.js")
		if c.Language == "javascript" && c.Start.Local.IsZero() && d.File(server) != nil {
			c.Start.Local = newCommand("node server.js", rootless(c.Dir), source.Span{File: server})
		}
	}
}

func keys(m map[string]json.RawMessage) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

func jsonReason(err error) string {
	if _, ok := err.(*json.UnmarshalTypeError); ok {
		return "it holds no object"
	}
	return "not JSON: " + err.Error()
}

func jsonErrorAt(file string, data []byte, err error) source.Span {
	at := source.Span{File: file}
	if syntaxErr, ok := err.(*json.SyntaxError); ok {
		before := data[:min(int64(len(data)), max(0, syntaxErr.Offset-1))]
		at.Line = 1 + bytes.Count(before, []byte("\n"))
		at.Column = len(before) - bytes.LastIndexByte(before, '\n')
	}
	return at
}

// startScripts are the scripts that start a component where it is developed,
// the first that does so wins.
var startScripts = []string{"dev", "start:dev", "dev:server", "develop", "start", "serve", "server", "start:server"}

// idle are programs that start no component: they build, watch, test, speak,
// or have other programs start several.
var idle = map[string]bool{
	"tsc": true, "webpack": true, "rollup": true, "babel": true, "esbuild": true, "tsup": true, "tsdx": true, "swc": true, "microbundle": true,
	"unbuild": true, "bunchee": true, "ng-packagr": true, "storybook": true, "start-storybook": true, "sass": true, "tailwindcss": true,
	"jest": true, "vitest": true, "mocha": true, "eslint": true, "prettier": true, "typedoc": true, "size-limit": true,
	"docker": true, "docker-compose": true, "podman": true, "kubectl": true, "skaffold": true, "tilt": true, "vagrant": true,
	"turbo": true, "lerna": true, "nx": true, "rush": true, "echo": true, "exit": true, "true": true, "false": true, "": true,
	"react-native": true, "expo": true, "electron": true, "electron-forge": true, "cap": true, "rm": true, "rimraf": true, "cp": true, "mkdir": true,
	"husky": true, "cd": true, "cowsay": true, "cargo-cp-artifact": true, "pkgroll": true, "stencil": true, "ladle": true, "father": true,
}

// wrappers are programs that run another one, which stands behind their
// options.
var wrappers = map[string]bool{
	"cross-env": true, "cross-env-shell": true, "env": true, "npx": true, "bunx": true, "pnpm": true, "yarn": true, "bun": true, "dotenv": true,
	"env-cmd": true, "dotenvx": true, "exec": true, "run": true, "dlx": true, "with-env": true, "infisical": true, "doppler": true, "op": true,
}

// script chooses the script that starts the package where it is developed, and
// follows it to the command that it comes to.
func (d *discovery) script(pkg *packageJSON, file string) Command {
	dir := dirOf(file)
	for _, name := range startScripts {
		text, at := pkg.Scripts[name], name
		for range len(pkg.Scripts) { // npm run x, which is npm run y
			next, args := runsScript(text)
			if _, ok := pkg.Scripts[next]; !ok || next == at || len(text) > maxCommand {
				break
			}
			text, at = strings.TrimSpace(pkg.Scripts[next]+" "+args), next
		}
		if call, _ := runsScript(text); call != "" && pkg.Scripts[call] != "" {
			continue // they call each other
		}
		if starts(text) {
			return newCommand(text, dir, source.Span{File: file, Line: pkg.lines[at]})
		}
	}
	return Command{}
}

// scriptCall is a text that is nothing but a call of a script, and the
// arguments that it gives it.
var scriptCall = regexp.MustCompile(`^(?:(?:npm|yarn|pnpm|bun) run|yarn|pnpm) ([\w:./-]+)(?: +(?:-- )?([^&|;<>]*))?$`)

// runsScript returns the name of the script that a text is nothing but a call
// of, or "", and the arguments to it.
func runsScript(text string) (name, args string) {
	if text == "npm start" {
		return "start", ""
	}
	m := scriptCall.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", ""
	}
	return m[1], m[2]
}

// starts reports whether one of the commands of a text may start a component.
func starts(text string) bool {
	for _, argv := range words(text) {
		name := program(argv)
		if !idle[name] {
			return true
		}
		if name == "webpack" && slices.Contains(argv, "serve") {
			return true
		}
		if name == "rollup" || name == "tsup" || name == "tsc-watch" || name == "esbuild" {
			for _, a := range argv {
				if a == "--onSuccess" || a == "--serve" || strings.HasPrefix(a, "--servedir") {
					return true
				}
			}
		}
	}
	return false
}

// program returns the name of the program that a command comes to.
func program(argv []string) string {
	for _, arg := range argv {
		switch {
		case wrappers[arg], strings.HasPrefix(arg, "-"), strings.Contains(arg, "="), strings.HasPrefix(arg, ".env"):
		default:
			return path.Base(arg)
		}
	}
	return ""
}

// sourceEndings are the endings that JavaScript is resolved by, and those of
// its sources.
var sourceEndings = []string{"", ".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".tsx", "/index.js", "/index.ts", "/index.mjs", "/index.tsx"}

// outputs are folders that a build writes to; what is started there was made
// of a file of the same name in src or beside them.
var outputs = map[string]bool{"dist": true, "build": true, "lib": true, "out": true, ".build": true, "bin": true, "output": true}

// usualEntries are where code starts by convention, the likeliest first.
var usualEntries = []string{
	"server", "index", "app", "main", "src/server", "src/index", "src/main", "src/app", "bin/www", "src/bin/www",
	"server/index", "server/server", "api/index", "src/server/index", "src/main.server", "worker", "src/worker",
}

// entries returns the files in which a package starts.
func (d *discovery) entries(pkg *packageJSON, start, dir string) []string {
	var found []string
	take := func(name string) bool {
		file := d.resolve(dir, name)
		if file != "" && !slices.Contains(found, file) {
			found = append(found, file)
		}
		return file != ""
	}
	for _, argv := range words(start) {
		for i, arg := range argv {
			switch {
			case strings.HasPrefix(arg, "-"), i == 0 && arg != "node", strings.Contains(arg, "="), idle[program(argv)]:
			case arg == "." && pkg.Main != "":
				take(pkg.Main)
			case arg == ".", Language(arg) == "javascript", strings.Contains(arg, "/"), i > 0 && argv[i-1] == "node":
				take(arg)
			}
		}
	}
	if len(found) == 0 && pkg.Main != "" {
		take(pkg.Main)
	}
	for i := 0; len(found) == 0 && i < len(usualEntries); i++ {
		take(usualEntries[i])
	}
	return found
}

// resolve returns the source file that name is for a program started in dir,
// or "".
func (d *discovery) resolve(dir, name string) string {
	name = path.Join(dir, name)
	if strings.HasPrefix(name, "..") {
		return ""
	}
	if rest, ok := strings.CutPrefix(name, dir); ok || dir == "" {
		top, inside, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
		if outputs[top] && inside != "" {
			base := strings.TrimSuffix(inside, path.Ext(inside))
			for _, try := range []string{"src/" + base, base, strings.TrimPrefix(base, "src/"), "src/" + path.Base(base)} {
				if file := d.ending(path.Join(dir, try)); file != "" {
					return file
				}
			}
		}
	}
	return d.ending(name)
}

func (d *discovery) ending(name string) string {
	for _, ending := range sourceEndings {
		full := name + ending
		if name == "" || name == "." {
			full = strings.TrimPrefix(ending, "/")
		}
		if f := d.File(full); f != nil && (Language(full) == "javascript" || path.Ext(full) == "") {
			return full
		}
	}
	return ""
}
