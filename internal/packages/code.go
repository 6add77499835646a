package packages

import (
	"bytes"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	modules "rehearse/internal/manifest/imports"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Foreign is an import of a package that is no code of the project, and that
// the manifest of the file that imports it does not ask for whatever is
// installed.
type Foreign struct {
	modules.Import
	Package  string // as its registry calls it
	At       source.Span
	Text     string             // the line
	Manifest *manifest.Manifest // that the file belongs to
	Reached  bool               // the entry of the component imports the file, directly or through others
	Eager    bool               // Reached, and nothing on the way waits until it is called, or goes on without
	Loaded   bool               // it is certain that it is there for more than its types
	ByClock  bool               // the file is one that a platform's scheduler starts
	Named    bool               // a setting names it, and the framework loads it at start
}

// codeEndings are the endings of files that import as JavaScript does.
var codeEndings = map[string]bool{".js": true, ".jsx": true, ".ts": true, ".tsx": true, ".mjs": true, ".cjs": true, ".mts": true, ".cts": true, ".vue": true, ".svelte": true}

// codeFile is a file of code, and what it imports.
type codeFile struct {
	path     string
	manifest *manifest.Manifest
	inside   []modules.Import // of files of the project
	outside  []Foreign
	reached  bool
	eager    bool
	trial    bool // a test's file, which code imports all the same
}

// maxCode is the largest file of code that is read, in bytes.
const maxCode = 1 << 20

// each does something with all files, side by side.
func each(files []*codeFile, do func(*codeFile)) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range files {
		group.Go(func() error { do(f); return nil })
	}
	_ = group.Wait() // nothing that it does can fail
}

// Imports returns what the code of a component of JavaScript imports besides
// what its manifests ask for whatever is installed, in the order of the files.
// Configurations of tools, tests and what is run by hand are not its code.
func (ps *Packages) Imports(c *ledger.Component) []Foreign {
	return ps.imports.get(c, func() []Foreign { return ps.findImports(c) })
}

func (ps *Packages) findImports(c *ledger.Component) []Foreign {
	var all []Foreign
	for _, f := range ps.code(c) {
		for _, o := range f.outside {
			o.Reached, o.Eager, o.ByClock = f.reached, f.eager && !o.Lazy && !o.Guarded && !o.Types, byClock(f.path)
			all = append(all, o)
		}
	}
	return all
}

// code returns the files of a component of JavaScript, read.
func (ps *Packages) code(c *ledger.Component) []*codeFile {
	return ps.codes.get(c, func() []*codeFile { return ps.findCode(c) })
}

func (ps *Packages) findCode(c *ledger.Component) []*codeFile {
	// Of Rails with import maps, the browser looks names up in what is pinned
	// (https://github.com/rails/importmap-rails).
	if ps.project.File(path.Join(c.Dir, "config/importmap.rb")) != nil {
		return nil
	}
	var files []*codeFile
	index := map[string]*codeFile{}
	started := ps.Started(c)
	for _, f := range c.Files {
		if !codeEndings[path.Ext(f.Path)] || !f.Code() || !slices.Contains(started, f.Path) && (toolSettings.MatchString(path.Base(f.Path)) || c.Tool(f.Path) && !byClock(f.Path)) {
			continue
		}
		if m := ps.Nearest(f.Path); m != nil {
			index[f.Path] = &codeFile{path: f.Path, manifest: m}
			files = append(files, index[f.Path])
		}
	}
	each(files, func(f *codeFile) { ps.scan(f) })
	return append(files, ps.reach(slices.Concat(c.Entry, started), index)...)
}

// byClock reports whether a file of code stands where what a platform's scheduler
// starts is kept: nothing in the tree says so.
func byClock(file string) bool { return strings.Contains("/"+path.Dir(file)+"/", "/cron/") }

// toolSettings are the names of files that a tool reads as its configuration.
var toolSettings = regexp.MustCompile(`^\.|\.config\.|\.conf\.|^(?:gulpfile|Gruntfile|webpack|rollup|vite|vitest|babel|karma|metro|craco|jest|next|nuxt|svelte|tailwind|postcss|eslint|prettier|config-overrides|vue|quasar|ember-cli-build|env\.d|setupTests|setup-?jest|test-?setup|react-app-env)[\w.-]*\.[cm]?[jt]sx?$|^gatsby-`)

func (ps *Packages) scan(f *codeFile) {
	file := ps.project.File(f.path)
	if file == nil || file.Size > maxCode {
		return // no person writes so much
	}
	all, known := ps.ledger.Imports(f.path)
	var data source.File
	if !known {
		if data = ps.script(file); data.Data == nil {
			return
		}
		all = modules.JavaScript(data.Data)
	}
	ending := path.Ext(f.path)
	a := ps.aliasesOf(f.manifest.Dir())
	var found []Foreign
	for _, m := range all {
		name := packageOf(m.Name)
		top, _, _ := strings.Cut(name, "/")
		switch {
		case strings.HasPrefix(m.Name, "."), name == "":
			f.inside = append(f.inside, m)
			continue
		case builtin[top], ps.settled(f.manifest, name):
			continue
		case a.speaksOf(m.Name), a.own(ps, m.Name):
			f.inside = append(f.inside, m)
			continue
		}
		if trials[name] && !f.trial {
			return // it is a test, whatever it is called
		}
		if data.Data == nil {
			if data = ps.script(file); data.Data == nil {
				return
			}
		}
		line, column := modules.Line(data.Data, m.Offset)
		typed := strings.HasSuffix(ending, "ts") || ending == ".tsx" || ending == ".vue" || ending == ".svelte" || bytes.Contains(data.Data, []byte("@flow"))
		o := Foreign{Import: m, Package: name, At: source.Span{File: f.path, Line: line, Column: column}, Text: clipped(data.Line(line)), Manifest: f.manifest}
		o.Loaded = !m.Types && (!typed || modules.Loaded(data.Data, m, ending == ".tsx" || ending == ".jsx" || ending == ".js"))
		found = append(found, o)
	}
	f.outside = found
}

// script returns the code of a file that people wrote, else no data.
func (ps *Packages) script(file *project.File) source.File {
	data, err := ps.project.Read(file)
	if err != nil || project.IsGenerated(data.Data) {
		return source.File{}
	}
	if ending := path.Ext(file.Path); ending == ".vue" || ending == ".svelte" {
		data.Data = scripts(data.Data)
	}
	return data
}

// trials are packages that only tests import.
var trials = map[string]bool{
	"@jest/globals": true, "jest": true, "vitest": true, "mocha": true, "chai": true, "supertest": true, "sinon": true, "cypress": true, "@playwright/test": true, "@testing-library/react": true,
	"@testing-library/jest-dom": true, "@testing-library/vue": true, "@testing-library/user-event": true, "enzyme": true, "nock": true, "tape": true, "ava": true, "jasmine": true, "@nestjs/testing": true,
	"@storybook/react": true, "@vue/test-utils": true, "jest-mock-extended": true, "chai-http": true, "jest-fetch-mock": true,
}

// clipped shortens a line of code for a report.
func clipped(line string) string {
	if len(line) > 120 {
		return strings.ToValidUTF8(line[:117], "") + "…"
	}
	return strings.ToValidUTF8(line, "")
}

// script is an element of a single-file component that holds code.
var script = regexp.MustCompile(`(?s)<script\b[^>]*>(.*?)</script>`)

// scripts blanks what is not code in a component of Vue or Svelte, so that every
// place stays where it is.
func scripts(data []byte) []byte {
	out := bytes.Repeat([]byte(" "), len(data))
	for i, b := range data {
		if b == '\n' {
			out[i] = b
		}
	}
	for _, m := range script.FindAllSubmatchIndex(data, 16) {
		copy(out[m[2]:m[3]], data[m[2]:m[3]])
		out[m[3]] = '\n'
	}
	return out
}

// settled reports whether a manifest, or one above it, asks for a package so
// that every install brings it.
func (ps *Packages) settled(m *manifest.Manifest, name string) bool {
	if name == m.Name || ps.trials[name] {
		return true
	}
	in := ps.standing(m)
	return ps.named()[name] != nil && !in.strict || slices.ContainsFunc(in.above, func(above *manifest.Manifest) bool { return above.Installs(name) }) ||
		slices.ContainsFunc(in.frameworks, func(framework string) bool { return provides(framework, name) })
}

// standing is what counts for a manifest besides itself.
type standing struct {
	above      []*manifest.Manifest // those of its folder and of the ones above
	frameworks []string             // of brought, that one of these asks for; "" is always there
	strict     bool                 // it finds a package of the workspace only where it asks for it (https://pnpm.io/workspaces)
}

// standing is found out once for a manifest: every import asks for it.
func (ps *Packages) standing(m *manifest.Manifest) standing {
	return ps.standings.get(m, func() standing {
		in := standing{above: ps.Above(m.Dir(), manifest.Node), frameworks: []string{""}}
		in.strict = path.Base(ps.Lockfile(m)) == "pnpm-lock.yaml" && !ps.Hoists(m)
		for framework := range brought {
			if slices.ContainsFunc(in.above, func(above *manifest.Manifest) bool { _, ok := above.Declares(framework); return ok }) {
				in.frameworks = append(in.frameworks, framework)
			}
		}
		return in
	})
}

// byName returns the packages of a project by their names.
func byName(all []*manifest.Manifest) map[string]*manifest.Manifest {
	by := map[string]*manifest.Manifest{}
	for _, m := range all {
		if m.Ecosystem == manifest.Node && m.Name != "" {
			by[m.Name] = m
		}
	}
	return by
}

// reach marks the files that the entries of the component import, and returns
// those of tests among them.
func (ps *Packages) reach(entries []string, index map[string]*codeFile) (more []*codeFile) {
	var queue []*codeFile
	visit := func(f *codeFile, eager bool) {
		if f == nil || f.reached && (f.eager || !eager) {
			return
		}
		f.reached, f.eager = true, f.eager || eager
		queue = append(queue, f)
	}
	for _, entry := range entries {
		visit(index[entry], true)
	}
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		for _, m := range f.inside {
			if m.Types {
				continue
			}
			to := ps.resolve(f, m.Name, index)
			if to == nil && len(more) < 200 {
				if to = ps.dormant(f, m.Name, index); to != nil {
					more = append(more, to)
				}
			}
			visit(to, f.eager && !m.Lazy && !m.Guarded)
		}
	}
	return more
}

// sourceEndings are those by which imports are resolved, and what is written for
// a source that is compiled
// (https://www.typescriptlang.org/docs/handbook/modules/reference.html#file-extension-substitution).
var (
	sourceEndings = []string{"", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", "/index.ts", "/index.tsx", "/index.js", "/index.jsx", "/index.mjs", "/index.cjs"}
	substitutes   = map[string][]string{".js": {".ts", ".tsx"}, ".jsx": {".tsx"}, ".mjs": {".mts"}, ".cjs": {".cts"}}
)

// resolve returns the file of the component that an import means, or nil.
func (ps *Packages) resolve(f *codeFile, name string, index map[string]*codeFile) *codeFile {
	name, _, _ = strings.Cut(name, "?")
	targets := []string{path.Join(path.Dir(f.path), name)}
	if !strings.HasPrefix(name, ".") {
		targets = ps.aliasesOf(f.manifest.Dir()).targets(name)
	}
	for _, target := range targets {
		for _, ending := range sourceEndings {
			if found := index[target+ending]; found != nil {
				return found
			}
		}
		ext := path.Ext(target)
		for _, ending := range substitutes[ext] {
			if found := index[strings.TrimSuffix(target, ext)+ending]; found != nil {
				return found
			}
		}
	}
	return nil
}

// npmName reports whether a package of npm may be called so
// (https://docs.npmjs.com/cli/configuring-npm/package-json#name).
func npmName(name string) bool {
	if scoped, ok := strings.CutPrefix(name, "@"); ok {
		scope, rest, _ := strings.Cut(scoped, "/")
		if !npmPart(scope) {
			return false
		}
		name = rest
	}
	return npmPart(name)
}

func npmPart(s string) bool {
	for i := range len(s) {
		if c := s[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '~' || c == '-' || i > 0 && (c == '.' || c == '_')) {
			return false
		}
	}
	return s != ""
}

// packageOf returns the name of the package that an import is of; "" where it is
// of none: a path, an address, an alias, something that a bundler makes.
func packageOf(name string) string {
	name, _, _ = strings.Cut(name, "?")
	if name == "" || strings.ContainsAny(name, "!:") || strings.ContainsRune("./#$~", rune(name[0])) {
		return ""
	}
	parts := strings.SplitN(name, "/", 3)
	pkg := parts[0]
	if strings.HasPrefix(name, "@") {
		if len(parts) < 2 {
			return ""
		}
		pkg = parts[0] + "/" + parts[1]
	}
	if !npmName(pkg) || len(pkg) > 214 {
		return ""
	}
	return pkg
}

// builtin are the modules of Node.js (https://nodejs.org/api/module.html#modulebuiltinmodules).
var builtin = func() map[string]bool {
	all := map[string]bool{}
	for _, name := range strings.Fields("assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https " +
		"inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib") {
		all[name] = true
	}
	return all
}()

// brought are packages that code of a framework imports without asking for them,
// because the framework brings them along or makes them up (their
// documentation). A name that ends in / is of all packages of that scope.
var brought = map[string][]string{
	"":     {"vscode", "k6", "bun", "deno", "meteor", "atom", "photoshop", "uxp", "figma", "std", "lib", "src"},
	"next": {"styled-jsx", "server-only", "client-only"}, "nuxt": {"vue", "vue-router", "h3", "ofetch", "nitropack", "unenv", "defu", "ufo", "pathe", "@unhead/", "@nuxt/", "unhead", "consola", "destr", "hookable", "@vue/"},
	"vitepress": {"vue"}, "vuepress": {"vue", "@vuepress/", "@theme/"}, "gatsby": {"@reach/router", "@gatsbyjs/"},
	"@docusaurus/core": {"@theme/", "@theme-original/", "@theme-init/", "@site/", "@generated/", "@docusaurus/"}, "expo": {"@expo/", "expo-modules-core"},
	"ember-source": {"@ember/", "@glimmer/", "ember", "rsvp", "@ember-data/", "ember-data"}, "@angular/core": {"tslib"}, "typescript": {"tslib"},
	"umi": {"@umijs/", "umi"}, "@umijs/max": {"umi", "@umijs/"}, "@quasar/app": {"quasar", "@quasar/"}, "@quasar/app-vite": {"quasar", "@quasar/"}, "@quasar/app-webpack": {"quasar", "@quasar/"},
	"vue": {"@vue/"}, "astro": {"vite"}, "@sveltejs/kit": {"vite"}, "electron-vite": {"electron"}, "@babel/preset-env": {"regenerator-runtime", "core-js"}, "react-scripts": {"regenerator-runtime"},
	"@strapi/strapi": {"@strapi/", "@koa/", "koa", "yup", "lodash", "react", "react-dom", "react-router-dom", "styled-components"}, "nx": {"@nx/"}, "@keystone-6/core": {".keystone"},
	"@redwoodjs/core": {"@redwoodjs/"}, "@redwoodjs/api": {"@redwoodjs/"}, "@redwoodjs/web": {"@redwoodjs/"}, "blitz": {"@blitzjs/"}, "serverless": {"aws-sdk", "@aws-sdk/"}, "aws-cdk-lib": {"aws-sdk", "@aws-sdk/", "aws-lambda"},
	"discord.js": {"@discordjs/", "discord-api-types"}, "@prisma/client": {".prisma"}, "graphql-yoga": {"@graphql-yoga/"},
}

func provides(by, name string) bool {
	return slices.ContainsFunc(brought[by], func(p string) bool {
		return p == name || strings.HasSuffix(p, "/") && strings.HasPrefix(name, p)
	})
}

// bundlers are programs that put code and what it imports into files that need
// no packages any more, and frameworks that do.
var bundlers = map[string]bool{
	"webpack": true, "vite": true, "rollup": true, "esbuild": true, "parcel": true, "next": true, "nuxt": true, "@sveltejs/kit": true, "astro": true, "react-scripts": true, "@angular/cli": true,
	"@vue/cli-service": true, "gatsby": true, "@remix-run/dev": true, "@react-router/dev": true, "@vercel/ncc": true, "tsup": true, "tsdown": true, "unbuild": true, "@rspack/core": true, "@rsbuild/core": true,
	"@nx/webpack": true, "@craco/craco": true, "parcel-bundler": true, "nuxt3": true, "@docusaurus/core": true, "vitepress": true, "ember-cli": true, "snowpack": true, "@swc/pack": true, "pkgroll": true,
	"laravel-mix": true, "@symfony/webpack-encore": true, "browserify": true, "@quasar/app-vite": true, "@quasar/app-webpack": true, "rolldown": true, "bun-types": true, "serverless-webpack": true, "serverless-esbuild": true,
	"@vue/cli": true, "umi": true, "@umijs/max": true, "@redwoodjs/core": true, "blitz": true, "@nestjs/schematics-webpack": true, "tsc-bundle": true, "microbundle": true, "@parcel/core": true, "rspack": true,
	"@shopify/cli": true, "@tanstack/react-start": true, "vinxi": true, "@solidjs/start": true, "@builder.io/qwik": true, "electron-vite": true, "pkg": true, "@yao-pkg/pkg": true, "fuse-box": true, "nitropack": true, "nitro": true,
}
