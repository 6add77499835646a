// Package runtimeversion finds versions of a language's runtime that do not go
// together: what a manifest asks for, what developers use, what pipelines test,
// and what the image has.
package runtimeversion

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/packages"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "runtime-version",
	Category: finding.Environment,
	Summary:  "The version of the language's runtime differs between the manifest, the developers' version file, the image and the pipeline.",
	Why: "The code runs on the developer's machine with the version that .nvmrc, .python-version or .tool-versions choose, and in production with the one of the base image. " +
		"Package managers refuse a runtime that the manifest excludes, syntax and functions are missing, and packages that were compiled for one version do not load in another.",
	Fix: "Use one version, and say it where each of them reads it: raise the base image's tag with the manifest and the version file.",
	Silent: "Base images whose name or tag does not tell the version; ranges that are not understood; a tag that names less than the range decides (20 for >=20.5); " +
		"images for tests or development alone.",
	Sources: []string{
		"https://docs.npmjs.com/cli/configuring-npm/package-json#engines", "https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python",
		"https://bundler.io/man/gemfile.5.html#RUBY", "https://getcomposer.org/doc/articles/composer-platform-dependencies.md", "https://go.dev/doc/toolchain",
		"https://github.com/docker-library/golang/issues/472", "https://doc.rust-lang.org/cargo/reference/rust-version.html",
	},
	Examples: examples,
}

// names are what the languages' runtimes are called.
var names = map[manifest.Ecosystem]string{
	manifest.Node: "Node.js", manifest.Python: "Python", manifest.Ruby: "Ruby", manifest.PHP: "PHP", manifest.Go: "Go", manifest.Rust: "Rust", manifest.Java: "Java", manifest.DotNet: ".NET",
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	r := &run{ledger: l, packages: packages.Of(l), told: map[string]bool{}}
	for _, b := range l.Builds {
		if i := b.Image(); i != nil && !b.ForTests() {
			r.image(b)
		}
	}
	r.choices()
	r.pipelines()
	return r.findings
}

type run struct {
	ledger   *ledger.Ledger
	packages *packages.Packages
	told     map[string]bool
	findings []finding.Finding
}

// base is a stage that brings a runtime.
type base struct {
	manifest.Runtime
	number int
	stage  string // its name
}

func (r *run) image(b *ledger.Build) {
	i := b.Image()
	var bases []base
	for _, n := range i.Stages() {
		s := i.Stage(strconv.Itoa(n))
		if s == nil {
			continue
		}
		definition := s.Definition()
		if found, ok := manifest.ImageRuntime(definition.Base); ok {
			found.At = definition.At
			bases = append(bases, base{found, n, definition.Name})
		} else if e, ok := manifest.Floats(definition.Base); ok {
			bases = append(bases, base{manifest.Runtime{Language: e, Text: definition.Base, At: definition.At}, n, definition.Name})
		}
		for _, step := range definition.Steps {
			if found, ok := manifest.StepRuntime(strings.Join(step.Command, " ")); ok {
				found.At = step.At
				if one := (base{found, n, definition.Name}); r.installs(b, one) {
					bases = append(bases, one)
				}
			}
		}
	}
	component, dir := r.ledger.Around(b.Dockerfile), b.Context
	if b.Owner != nil {
		component, dir = b.Owner.Name, b.Owner.Dir
	}
	r.stages(b, component)
	for _, one := range bases {
		if r.demanded(b, one, component, dir) || r.floats(b, one, component, dir) || one.Range == "" || one.Language == manifest.DotNet && !sdk(one) {
			continue
		}
		for _, choice := range r.packages.Chosen(dir, one.Language) {
			if manifest.Differ(one.Language, choice.Range, one.Range) {
				f := r.differ(finding.Warning, component, b.Environment(), one.Runtime, choice)
				f.Message = fmt.Sprintf("developers use %s %s, as %s says, and the image has %s", names[one.Language], choice.Range, choice.At.File, one.Range)
				f.Consequence = "what works with one version may fail with the other, and nobody sees it before production"
				r.add(f)
				break
			}
		}
		r.tested(b, one, component)
	}
}

func (r *run) add(f finding.Finding) {
	key := fmt.Sprint(f.Evidence[0].At, f.Evidence[1].At)
	if !r.told[key] {
		r.told[key] = true
		r.findings = append(r.findings, f)
	}
}

func (r *run) differ(severity finding.Severity, component, environment string, has, wants manifest.Runtime) finding.Finding {
	f := doc.Finding(severity, component, environment, names[has.Language])
	f.Remedy = fmt.Sprintf("bring %s:%d and %s:%d together", wants.At.File, wants.At.Line, has.At.File, has.At.Line)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: wants.At, Text: wants.Text},
		{Role: finding.Conflict, At: has.At, Text: has.Text, Environment: environment},
	}
	return f
}

// demands returns what the manifests of a folder ask of a runtime, and those of
// the workspace that they belong to.
func (r *run) demands(dir string, e manifest.Ecosystem) []manifest.Runtime {
	var all []manifest.Runtime
	for _, m := range r.packages.In(dir, e) {
		all = append(all, m.Runtimes...)
		if root := r.packages.Root(m); root != nil {
			all = append(all, root.Runtimes...)
		}
	}
	if e == manifest.Go && len(all) == 0 {
		for _, m := range r.packages.Above(dir, e) {
			all = append(all, m.Runtimes...)
			break
		}
	}
	return slices.DeleteFunc(all, func(d manifest.Runtime) bool { return !d.Demand || d.Language != e })
}

// installs reports whether a stage installs what a manifest asks for with a
// runtime; else it may be there for a tool.
func (r *run) installs(b *ledger.Build, one base) bool {
	return slices.ContainsFunc(r.packages.Installs(), func(in packages.Install) bool {
		return in.Build == b && in.Manifest != nil && in.Ecosystem() == one.Language && (in.Stage == one.stage || in.Stage == strconv.Itoa(one.number))
	})
}

// asked returns what is asked of the runtime of a stage: by the manifests of the
// folder, and by those that the stage installs.
func (r *run) asked(b *ledger.Build, one base, dir string) []manifest.Runtime {
	all := r.demands(dir, one.Language)
	for _, in := range r.packages.Installs() {
		if in.Build != b || in.Manifest == nil || in.Ecosystem() != one.Language || in.Manifest.Dir() == dir || in.Stage != one.stage && in.Stage != strconv.Itoa(one.number) {
			continue
		}
		for _, d := range in.Manifest.Runtimes {
			if d.Demand && d.Language == one.Language && !slices.Contains(all, d) {
				all = append(all, d)
			}
		}
	}
	return all
}

// demanded finds a demand of a manifest that the base image does not meet.
func (r *run) demanded(b *ledger.Build, one base, component, dir string) bool {
	switch {
	case one.Range == "":
		return false
	case one.Language == manifest.Go:
		return r.toolchain(b, one, component, dir)
	case one.Language == manifest.Java:
		return r.release(b, one, component, dir)
	case one.Language == manifest.DotNet:
		return r.framework(b, one, component, dir)
	}
	for _, d := range r.asked(b, one, dir) {
		ok, known := manifest.Allows(one.Language, d.Range, one.Range)
		if ok || !known {
			continue
		}
		f := r.differ(r.gravity(b, one, d), component, b.Environment(), one.Runtime, d)
		f.Message = fmt.Sprintf("%s asks for %s %s, and the image has %s", d.At.File, names[one.Language], d.Range, one.Range)
		f.Consequence = "the install refuses the runtime, or the code needs what it does not have"
		r.add(f)
		return true
	}
	return false
}

// gravity says how grave it is that a runtime is not one that is asked for:
// managers that refuse it end the build, and so does the platform check of
// Composer at run time; an older one lacks what the code needs.
func (r *run) gravity(b *ledger.Build, one base, d manifest.Runtime) finding.Severity {
	older := !newer(one.Language, d.Range, one.Range)
	for _, in := range r.packages.Installs() {
		if in.Build != b || in.Ecosystem() != one.Language || in.Global || len(in.Packages) > 0 {
			continue
		}
		switch in.Manager {
		case "yarn", "pnpm", "poetry", "uv", "pdm", "bundle", "composer", "cargo":
			if !strings.Contains(in.Command, "--ignore-engines") && !strings.Contains(in.Command, "--ignore-platform-req") {
				return finding.Error
			}
		case "npm":
			// npm only warns of engines; another minor version of the same runtime does.
			major, _, _ := strings.Cut(one.Range, ".")
			if near, known := manifest.Allows(one.Language, d.Range, major); older && !(near && known) {
				return finding.Error
			}
		}
	}
	if older && one.Language == manifest.Rust {
		return finding.Error
	}
	return finding.Warning
}

// newer reports whether a version is above all that a range allows: a version
// far below it would be refused as well, one far above allowed by none.
func newer(e manifest.Ecosystem, asked, version string) bool {
	major, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		return false
	}
	for lower := range n {
		if ok, known := manifest.Allows(e, asked, strconv.Itoa(lower)); ok && known {
			return true
		}
	}
	return false
}

// toolchain compares go.mod with an image of Go. From Go 1.21 on, a toolchain
// refuses a module of a later version, or downloads one; the images of Docker's
// library set GOTOOLCHAIN=local, so that it refuses.
func (r *run) toolchain(b *ledger.Build, one base, component, dir string) bool {
	for _, d := range r.demands(dir, manifest.Go) {
		ok, known := manifest.Allows(manifest.Go, d.Range, one.Range)
		if ok || !known {
			continue
		}
		severity, consequence := finding.Error, "the build ends: go.mod requires a later version, and GOTOOLCHAIN=local keeps from downloading it"
		if aware, _ := manifest.Allows(manifest.Go, ">=1.21", one.Range); !aware {
			severity, consequence = finding.Warning, "an older toolchain builds what it understands, and fails at what it does not"
		}
		stage := b.Image().Stage(strconv.Itoa(one.number))
		for _, e := range stage.Env() {
			if e.Name == "GOTOOLCHAIN" && e.Value.Reveal() != "local" {
				return false
			}
		}
		for _, s := range stage.Definition().Steps {
			if strings.Contains(strings.Join(s.Command, " "), "GOTOOLCHAIN") {
				return false
			}
		}
		f := r.differ(severity, component, b.Environment(), one.Runtime, d)
		f.Message = fmt.Sprintf("%s asks for Go %s, and the image builds with %s", d.At.File, strings.TrimPrefix(d.Range, ">="), one.Range)
		f.Consequence = consequence
		r.add(f)
		return true
	}
	return false
}

// tested finds a runtime that no pipeline tests.
func (r *run) tested(b *ledger.Build, one base, component string) {
	var seen []manifest.Runtime
	for _, p := range r.packages.Pipelines {
		for _, t := range p.Runtimes {
			if t.Language != one.Language {
				continue
			}
			if !manifest.Differ(one.Language, t.Range, one.Range) {
				return
			}
			seen = append(seen, t)
		}
	}
	if len(seen) == 0 {
		return
	}
	f := r.differ(finding.Info, component, b.Environment(), one.Runtime, seen[0])
	f.Message = fmt.Sprintf("pipelines use %s %s, and the image has %s", names[one.Language], seen[0].Range, one.Range)
	f.Consequence = "what is deployed was never tested with its version"
	if key := component + fmt.Sprint(f.Evidence[0].At) + one.Range; !r.told[key] {
		r.told[key] = true // of all stages once
		r.add(f)
	}
}

// choices finds version files that choose what the manifest beside them
// excludes.
func (r *run) choices() {
	for _, m := range r.packages.Manifests {
		for _, d := range m.Runtimes {
			if !d.Demand {
				continue
			}
			for _, choice := range r.packages.Chosen(m.Dir(), d.Language) {
				ok, known := manifest.Allows(d.Language, d.Range, choice.Range)
				if ok || !known {
					continue
				}
				f := r.differ(finding.Warning, r.ledger.Around(m.File), "local", choice, d)
				f.Message = fmt.Sprintf("%s asks for %s %s, and %s chooses %s", m.File, names[d.Language], d.Range, choice.At.File, choice.Range)
				f.Consequence = "who follows the version file cannot install or run it"
				r.add(f)
			}
		}
	}
}
