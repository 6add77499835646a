package missingfile

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// built finds what the tools of a build read by convention, and the files that
// these name, where the tree has it and the step that runs the tool has not.
func (s *session) built(o *ledger.Occasion) {
	for _, c := range o.Calls {
		if c.Maybe || c.Guarded || len(c.Args) == 0 || !c.Args[0].Whole {
			continue
		}
		name, args := tool(c)
		w := work{session: s, occasion: o, name: name, args: args, label: label(c)}
		var ok bool
		if w.place, ok = placed(o.Build, c); !ok {
			continue
		}
		if follow := follows[name]; follow != nil {
			follow(&w)
		}
		w.bins()
		for _, convention := range conventions {
			if slices.Contains(convention.tools, name) && convention.runs(args) {
				w.convention(convention)
			}
		}
	}
}

// tool returns the program of a call and its arguments, without what runs it:
// npx, the version of python.
func tool(c image.Call) (string, []image.Arg) {
	name, args := path.Base(c.Args[0].Text), c.Args[1:]
	if name == "npx" && len(args) > 0 && args[0].Whole {
		name, args = path.Base(args[0].Text), args[1:]
	}
	switch {
	case strings.HasPrefix(name, "pip"):
		name = "pip"
	case name == "mvnw", name == "gradlew":
		name = strings.TrimSuffix(name, "w")
	case strings.HasPrefix(name, "python") && len(args) > 1 && args[0].Text == "-m":
		name, args = args[1].Text, args[2:]
	}
	return name, args
}

// label is the call as a report shows it: the program and its verb.
func label(c image.Call) string {
	name, args := tool(c)
	if len(args) > 0 && args[0].Whole && plain(args[0].Text) {
		return name + " " + args[0].Text
	}
	return name
}

func plain(text string) bool {
	return text != "" && len(text) < 30 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz:-") == "" && text[0] != '-'
}

// work is a tool that runs in a build.
type work struct {
	*session
	place
	occasion *ledger.Occasion
	name     string
	args     []image.Arg
	label    string
}

// verb reports whether one of the words is the first argument that is no
// option.
func (w *work) verb(words ...string) bool {
	for _, a := range w.args {
		if !strings.HasPrefix(a.Text, "-") {
			return slices.Contains(words, a.Text)
		}
	}
	return false
}

func (w *work) flag(flags ...string) bool {
	return slices.ContainsFunc(w.args, func(a image.Arg) bool {
		option, _, _ := strings.Cut(a.Text, "=")
		return slices.Contains(flags, option)
	})
}

// option returns the value of an option.
func (w *work) option(flags ...string) string {
	for i, a := range w.args {
		if option, value, given := strings.Cut(a.Text, "="); given && slices.Contains(flags, option) && a.Whole {
			return value
		}
		if slices.Contains(flags, a.Text) && i+1 < len(w.args) && w.args[i+1].Whole {
			return w.args[i+1].Text
		}
	}
	return ""
}

// absent reports whether the tree has a file and the step does not find it: no
// step before it put it there, or nothing copies it at all.
func (w *work) absent(file string) (image.Answer, bool) {
	if !w.has(file) {
		return image.Answer{}, false
	}
	a := w.looks(file)
	if a.State == image.Absent {
		return a, true
	}
	if a.State == image.Unknown {
		a, ok := w.kept(file)
		if a.Why == "nothing copies it" {
			a.Why = "no step before it copies it"
		}
		return a, ok
	}
	return image.Answer{}, false
}

// lacks adds a finding where a file is absent; by is what names it.
func (w *work) lacks(file string, severity finding.Severity, by, consequence string) bool {
	a, ok := w.absent(file)
	if !ok {
		return false
	}
	how := w.label + " reads it"
	if by != "" {
		how = w.source(by) + " names it, which " + w.label + " reads"
	}
	at := []source.Span{{File: w.source(file), Line: 1}}
	if by != "" {
		at = append(at, source.Span{File: w.source(by), Line: 1})
	}
	environment, message := deployed(w.build), "the build needs %s (%s), and the image does not have it when the step runs: %s"
	if w.occasion.Moment != ledger.Building {
		if w.occasion.Covered(path.Join(w.call.Dir, file)) {
			return false
		}
		environment, message = w.occasion.Environment, "the start needs %s (%s), and the image does not have it: %s"
	}
	w.add(gap{
		severity: severity, build: w.build, environment: environment, subject: path.Join(w.dir, file),
		message:     fmt.Sprintf(message, w.source(file), how, a.Why),
		consequence: consequence, remedy: fmt.Sprintf("copy %s before the step at %s", path.Join(w.dir, file), spot(w.call.At)),
		need: w.call.At, text: w.label, absent: a.At, related: at,
	})
	return true
}

// convention is files that tools read without being told to.
type convention struct {
	tools    []string
	verbs    []string // of the tool; nil: whatever it does
	unless   []string // options that name another file
	variable string   // the variable that does so
	beside   string   // a file that has to be there, too
	files    []string // the first that the tree has counts
	severity finding.Severity
	effect   string
}

func (c convention) runs(args []image.Arg) bool {
	w := work{args: args}
	return (c.verbs == nil || w.verb(c.verbs...)) && !w.flag(c.unless...) && !w.flag("--help", "--version")
}

func (w *work) convention(c convention) {
	if c.variable != "" && slices.ContainsFunc(w.call.Image().Env(), func(s fact.Supply) bool { return s.Name == c.variable }) {
		return
	}
	if c.beside != "" && w.looks(c.beside).State != image.Present {
		return
	}
	for _, file := range c.files {
		if w.has(file) {
			w.lacks(file, c.severity, "", c.effect)
			return
		}
	}
}

const (
	stops  = "the build of the image stops there, or makes something else"
	other  = "the build in the image is done with other settings than on a developer's machine"
	broken = "the build of the image stops there"
)

// endings returns a name with each of the endings that configurations in
// JavaScript have.
func endings(names ...string) []string {
	var all []string
	for _, name := range names {
		for _, ending := range []string{".js", ".cjs", ".mjs", ".ts", ".mts", ".cts", ".json"} {
			all = append(all, name+ending)
		}
	}
	return all
}

// conventions is by the documentation of the tools. Browserslist is read by
// what prefixes and transpiles (https://github.com/browserslist/browserslist),
// Babel by what calls it (https://babeljs.io/docs/config-files), PostCSS by
// what bundles CSS (https://github.com/postcss/postcss-load-config).
var conventions = []convention{
	{tools: []string{"ng"}, verbs: []string{"build"}, files: []string{"angular.json", ".angular-cli.json"}, severity: finding.Error, effect: broken},
	{tools: []string{"ng", "react-scripts", "next", "vue-cli-service", "webpack", "parcel", "gatsby", "babel", "nuxt", "nuxi", "craco", "rsbuild", "expo"},
		files: []string{".browserslistrc", "browserslist"}, severity: finding.Warning, effect: "the build is made for other browsers than on a developer's machine, and nothing says so"},
	{tools: []string{"babel", "next", "vue-cli-service", "webpack", "nuxt", "gatsby", "expo"},
		files: append(endings("babel.config"), ".babelrc", ".babelrc.json", ".babelrc.js"), severity: finding.Warning, effect: stops},
	{tools: []string{"next", "vite", "webpack", "vue-cli-service", "gatsby", "nuxt", "nuxi", "astro", "parcel", "postcss"}, verbs: []string{"build", "generate"},
		files: append(endings("postcss.config"), ".postcssrc", ".postcssrc.json", ".postcssrc.js"), severity: finding.Warning, effect: "the styles come out unprocessed"},
	{tools: []string{"next", "vite", "react-scripts", "vue-cli-service", "gatsby", "nuxt", "nuxi", "astro", "ng", "tailwindcss"}, verbs: []string{"build", "generate"},
		files: endings("tailwind.config"), severity: finding.Warning, effect: "the styles come out without most of their classes"},
	{tools: []string{"vite"}, verbs: []string{"build"}, unless: []string{"-c", "--config"}, files: endings("vite.config"), severity: finding.Error, effect: stops},
	{tools: []string{"vite"}, verbs: []string{"build"}, unless: []string{"-c", "--config"}, files: []string{"index.html"}, severity: finding.Error, effect: broken},
	{tools: []string{"vite", "vue-cli-service"}, verbs: []string{"build"}, unless: []string{"-c", "--config"}, beside: "index.html", files: []string{"public"}, severity: finding.Warning, effect: unserved},
	{tools: []string{"next"}, verbs: []string{"build"}, files: endings("next.config"), severity: finding.Error, effect: other},
	{tools: []string{"nuxt", "nuxi"}, verbs: []string{"build", "generate"}, files: endings("nuxt.config"), severity: finding.Error, effect: other},
	{tools: []string{"astro"}, verbs: []string{"build"}, unless: []string{"--config"}, files: endings("astro.config"), severity: finding.Error, effect: other},
	{tools: []string{"vue-cli-service"}, verbs: []string{"build"}, files: endings("vue.config"), severity: finding.Error, effect: other},
	{tools: []string{"gatsby"}, verbs: []string{"build"}, files: endings("gatsby-config"), severity: finding.Error, effect: other},
	{tools: []string{"webpack", "webpack-cli"}, unless: []string{"-c", "--config"}, files: endings("webpack.config"), severity: finding.Error, effect: stops},
	{tools: []string{"rollup"}, files: endings("rollup.config"), severity: finding.Error, effect: stops},
	{tools: []string{"tsup"}, unless: []string{"--config"}, files: endings("tsup.config"), severity: finding.Error, effect: stops},
	{tools: []string{"craco"}, files: endings("craco.config"), severity: finding.Error, effect: stops},
	{tools: []string{"rsbuild"}, files: endings("rsbuild.config"), severity: finding.Error, effect: stops},
	{tools: []string{"nest"}, verbs: []string{"build"}, files: []string{"nest-cli.json"}, severity: finding.Warning, effect: other},
	{tools: []string{"react-scripts"}, verbs: []string{"build"}, files: []string{"public/index.html"}, severity: finding.Error, effect: broken},
	{tools: []string{"gulp"}, files: endings("gulpfile"), severity: finding.Error, effect: broken},
	{tools: []string{"grunt"}, files: []string{"Gruntfile.js", "gruntfile.js"}, severity: finding.Error, effect: broken},
	{tools: []string{"graphql-codegen"}, unless: []string{"--config", "-c"}, files: append(endings("codegen"), "codegen.yml", "codegen.yaml"), severity: finding.Error, effect: broken},

	{tools: []string{"npm"}, verbs: []string{"install", "ci", "i", "clean-install"}, unless: []string{"-g", "--global"}, files: []string{"package.json"}, severity: finding.Error, effect: broken},
	{tools: []string{"pnpm"}, verbs: []string{"install", "i"}, unless: []string{"-g", "--global", "--filter", "-F"}, files: []string{"package.json"}, severity: finding.Error, effect: broken},
	{tools: []string{"bundle"}, verbs: []string{"install"}, unless: []string{"--gemfile"}, variable: "BUNDLE_GEMFILE", files: []string{"Gemfile"}, severity: finding.Error, effect: broken},
	{tools: []string{"composer"}, verbs: []string{"install"}, unless: []string{"-d", "--working-dir"}, files: []string{"composer.json"}, severity: finding.Error, effect: broken},
	{tools: []string{"go"}, verbs: []string{"build", "mod"}, unless: []string{"-C", "-modfile"}, files: []string{"go.mod"}, severity: finding.Error, effect: broken},
	{tools: []string{"cargo"}, verbs: []string{"build"}, unless: []string{"--manifest-path"}, files: []string{"Cargo.toml"}, severity: finding.Error, effect: broken},
	{tools: []string{"mvn"}, unless: []string{"-f", "--file"}, files: []string{"pom.xml"}, severity: finding.Error, effect: broken},
	{tools: []string{"gradle"}, unless: []string{"-p", "--project-dir", "-b"}, files: []string{"build.gradle", "build.gradle.kts"}, severity: finding.Error, effect: broken},
	{tools: []string{"make", "gmake"}, unless: []string{"-f", "-C"}, files: []string{"Makefile", "makefile", "GNUmakefile"}, severity: finding.Error, effect: broken},
}

// follows are the tools whose files name further files.
var follows = map[string]func(*work){
	"tsc": (*work).typescript, "vue-tsc": (*work).typescript, "nest": (*work).typescript, "vite": (*work).typescript, "next": (*work).typescript, "ng": (*work).angular,
	"react-scripts": (*work).typescript, "webpack": (*work).typescript, "tsup": (*work).typescript, "rollup": (*work).typescript,
	"npm": (*work).node, "yarn": (*work).node, "pnpm": (*work).node, "bun": (*work).node, "prisma": (*work).prisma,
	"pip": (*work).pip, "uv": (*work).project, "poetry": (*work).project, "bundle": (*work).gems, "go": (*work).modules, "cargo": (*work).crates, "composer": (*work).composer,
	"dotnet": (*work).dotnet, "mvn": (*work).maven, "gradle": (*work).gradle,
}
