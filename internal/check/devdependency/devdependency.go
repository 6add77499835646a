// Package devdependency finds what production needs and only the packages of
// development bring, where production installs without them.
package devdependency

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/packages"
	"rehearse/internal/source"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "dev-dependency",
	Category: finding.Container,
	Summary:  "Production runs code, or a program, of a package that only development asks for, and production installs without such packages.",
	Why: "On the developer's machine all packages are installed. The image installs with --omit=dev, --production or NODE_ENV=production, or prunes; with BUNDLE_WITHOUT, --no-dev or --without dev; or from a file of requirements in which it does not stand; a platform takes packages of development out when it has built: " +
		"the import fails with “Cannot find module”, the start script or the install's own script with “not found”.",
	Fix: "Move the package from devDependencies to dependencies, or out of its group; let a script that only developers need (prepare, postinstall) go on without its program; or do not start production by a tool of development.",
	Silent: "Images that have the packages of development; code that is bundled before it is copied; imports of types alone, or behind a condition; scripts that go on without the program; " +
		"installs that run no scripts.",
	Sources: []string{
		"https://docs.npmjs.com/cli/commands/npm-install#omit", "https://docs.npmjs.com/cli/using-npm/scripts#life-cycle-scripts", "https://pnpm.io/cli/install#--prod--p",
		"https://classic.yarnpkg.com/en/docs/cli/install#toc-yarn-install-production-true-false", "https://yarnpkg.com/cli/workspaces/focus",
		"https://bundler.io/man/bundle-config.1.html", "https://getcomposer.org/doc/03-cli.md#install-i", "https://python-poetry.org/docs/managing-dependencies/#dependency-groups",
		"https://devcenter.heroku.com/articles/nodejs-support#package-installation",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	ps := packages.Of(l)
	r := &run{ledger: l, packages: ps, told: map[string]bool{}}
	for _, c := range l.Components {
		if !ps.Ships(c) {
			continue
		}
		if c.Language != "javascript" {
			r.others(c)
			continue
		}
		r.pruned(c)
		for _, b := range ps.Images(c) {
			r.builds(c, b)
			omission, ok := ps.Omits(b)
			if !ok {
				continue
			}
			r.imports(c, b, omission)
			r.start(c, b, omission)
		}
	}
	r.hooks()
	return r.findings
}

type run struct {
	ledger   *ledger.Ledger
	packages *packages.Packages
	told     map[string]bool
	findings []finding.Finding
}

// onlyForDevelopment returns the dependency by which a manifest asks for a
// package in development alone.
func (r *run) onlyForDevelopment(m *manifest.Manifest, name string) (manifest.Dependency, bool) {
	var found manifest.Dependency
	for _, above := range r.packages.Above(m.Dir(), manifest.Node) {
		if above.Installs(name) {
			return found, false
		}
		if d, ok := above.Declares(name); ok && found.Name == "" {
			found = d
		}
	}
	return found, found.Name != ""
}

// gravity is an error where it is certain that no other package brings it.
func (r *run) gravity(m *manifest.Manifest, name string) (finding.Severity, bool) {
	file := r.packages.Lockfile(m)
	if file == "" {
		return finding.Warning, true
	}
	lock := r.packages.Lock(file)
	if lock == nil {
		return finding.Warning, true
	}
	if kept, known := lock.Kept(name); known {
		return finding.Error, !kept
	}
	if !r.packages.Hoists(m) {
		return finding.Error, true
	}
	return finding.Warning, true
}

// imports finds what the code imports from its entry on.
func (r *run) imports(c *ledger.Component, b *ledger.Build, omission packages.Omission) {
	started := r.packages.Started(c) // as they stand: they are not bundled
	for _, o := range r.packages.Imports(c) {
		d, ok := r.onlyForDevelopment(o.Manifest, o.Package)
		if !ok || !o.Eager || !o.Loaded || r.packages.Bundled(c, o.Manifest) && !slices.Contains(started, o.At.File) {
			continue
		}
		severity, missing := r.gravity(o.Manifest, o.Package)
		if !missing {
			continue
		}
		f := doc.Finding(severity, c.Name, b.Environment(), o.Package)
		f.Message = fmt.Sprintf("%s imports %s, which only devDependencies ask for, and the image is installed without them", path.Base(o.At.File), o.Package)
		f.Consequence = "the process ends at start with “Cannot find module”"
		f.Remedy = "move " + o.Package + " to dependencies in " + o.Manifest.File
		r.tell(f, o.At, o.Text, d, omission, o.Manifest.File)
	}
}

func (r *run) tell(f finding.Finding, at source.Span, text string, d manifest.Dependency, omission packages.Omission, file string) {
	key := file + "\n" + d.Name
	if r.told[key] {
		return
	}
	r.told[key] = true
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: at, Text: text},
		{Role: finding.Supply, At: d.At, Text: d.Name + " in " + field(file), Environment: "local"},
		{Role: finding.Conflict, At: omission.At, Text: omission.Text, Environment: f.Environment},
	}
	r.findings = append(r.findings, f)
}

// field says where a manifest asks for what is for development.
func field(file string) string {
	switch path.Base(file) {
	case "package.json":
		return "devDependencies"
	case "composer.json":
		return fields[manifest.PHP]
	case "Gemfile":
		return fields[manifest.Ruby]
	}
	if path.Ext(file) == ".txt" {
		return file
	}
	return fields[manifest.Python]
}

// start finds the programs that start the image.
func (r *run) start(c *ledger.Component, b *ledger.Build, omission packages.Omission) {
	i := b.Image()
	own := i.Definition()
	commands := [][]string{slices.Concat(own.Entrypoint, own.Cmd)}
	for _, u := range b.Uses {
		if u.Run != nil && u.Environment.IsProduction() {
			argv, _ := u.Run.Command()
			commands = append(commands, argv)
		}
	}
	for _, m := range r.packages.In(c.Dir, manifest.Node) {
		for _, argv := range commands {
			text := strings.Join(argv, " ")
			if len(argv) > 2 && argv[0] == "/bin/sh" && argv[1] == "-c" {
				text = argv[2]
			}
			at, script := own.StartAt, text
			if s, ok := scriptOf(m, text); ok {
				at, script = s.At, s.Text
			}
			for _, pkg := range packages.Programs(script) {
				d, ok := r.onlyForDevelopment(m, pkg)
				if !ok || r.global(pkg) {
					continue
				}
				severity, missing := r.gravity(m, pkg)
				if !missing {
					continue
				}
				f := doc.Finding(severity, c.Name, b.Environment(), pkg)
				f.Message = fmt.Sprintf("production is started with %s, which only devDependencies ask for, and the image is installed without them", pkg)
				f.Consequence = "the container ends at once: not found"
				f.Remedy = "start production without it, or move " + pkg + " to dependencies in " + m.File
				r.tell(f, at, script, d, omission, m.File)
			}
		}
	}
}

// builds finds the programs of steps that build, where what is installed does not
// bring them.
func (r *run) builds(c *ledger.Component, b *ledger.Build) {
	for _, bare := range r.packages.Bare(b) {
		text := strings.Join(bare.Step.Command, " ")
		if len(bare.Step.Command) > 2 {
			text = bare.Step.Command[len(bare.Step.Command)-1]
		}
		if strings.Contains(text, "||") || strings.Contains(text, "if ") {
			continue
		}
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '&' || r == ';' || r == '\n' }) {
			for _, m := range r.packages.In(c.Dir, manifest.Node) {
				s, ok := scriptOf(m, strings.TrimSpace(part))
				if !ok {
					continue
				}
				for _, pkg := range packages.Programs(s.Text) {
					d, ok := r.onlyForDevelopment(m, pkg)
					if !ok || r.global(pkg) {
						continue
					}
					severity, missing := r.gravity(m, pkg)
					if !missing {
						continue
					}
					f := doc.Finding(severity, c.Name, b.Environment(), pkg)
					f.Message = fmt.Sprintf("the image is built with %s (%s), which only devDependencies ask for, after an install without them", pkg, strings.TrimSpace(part))
					f.Consequence = "the build of the image fails: " + pkg + ": not found"
					f.Remedy = "install everything before the build, and leave the packages of development out behind it"
					r.tell(f, bare.Step.At, strings.TrimSpace(part), d, bare.Omission, m.File)
				}
			}
		}
	}
}

// scriptOf returns the script of a manifest that a command is a call of; that
// which it calls itself, where it does nothing else.
func scriptOf(m *manifest.Manifest, command string) (manifest.Script, bool) {
	var found manifest.Script
	for range 8 {
		words := strings.Fields(command)
		if len(words) < 2 || !slices.Contains([]string{"npm", "yarn", "pnpm", "bun"}, words[0]) {
			return found, found.Name != ""
		}
		name := words[1]
		if name == "run" || name == "run-script" {
			if len(words) < 3 {
				return found, found.Name != ""
			}
			name = words[2]
		}
		i := slices.IndexFunc(m.Scripts, func(s manifest.Script) bool { return s.Name == name })
		if i < 0 {
			return found, found.Name != ""
		}
		found, command = m.Scripts[i], m.Scripts[i].Text
	}
	return manifest.Script{}, false // they call each other
}

// global reports whether an image installs a program for all.
func (r *run) global(pkg string) bool {
	return slices.ContainsFunc(r.packages.Installs(), func(in packages.Install) bool {
		return in.Moment == ledger.Building && in.Global && slices.Contains(in.Packages, pkg)
	})
}

// added reports whether a step of an image installs a package by its name.
func (r *run) added(b *ledger.Build, pkg string) bool {
	return slices.ContainsFunc(r.packages.Installs(), func(in packages.Install) bool {
		return in.Build == b && slices.Contains(in.Packages, pkg)
	})
}

// hooks finds scripts that an install without the packages of development runs
// all the same, and that need them.
func (r *run) hooks() {
	for _, in := range r.packages.Installs() {
		if in.Moment != ledger.Building || !in.Production || in.Manifest == nil || in.Ecosystem() != manifest.Node || in.Maybe || strings.Contains(in.Command, "ignore-scripts") || len(in.Packages) > 0 {
			continue
		}
		if lock := r.packages.Lock(r.packages.Lockfile(in.Manifest)); lock != nil && lock.Format == "berry" {
			continue
		}
		for _, s := range in.Manifest.Scripts {
			if !slices.Contains([]string{"preinstall", "install", "postinstall", "prepare"}, s.Name) {
				continue
			}
			for _, pkg := range packages.Programs(s.Text) {
				d, ok := r.onlyForDevelopment(in.Manifest, pkg)
				if !ok || r.global(pkg) || r.added(in.Build, pkg) {
					continue
				}
				severity, missing := r.gravity(in.Manifest, pkg)
				if !missing {
					continue
				}
				component, environment := in.Where(r.ledger)
				f := doc.Finding(severity, component, environment, pkg)
				f.Message = fmt.Sprintf("the script %s runs %s, which only devDependencies ask for, when the image is installed without them", s.Name, pkg)
				f.Consequence = "the install fails: " + pkg + ": not found"
				f.Remedy = "let the script go on without it, or install with --ignore-scripts"
				r.tell(f, s.At, s.Text, d, packages.Omission{At: in.At, Text: in.Command}, in.Manifest.File)
			}
		}
	}
}
