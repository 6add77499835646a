// Package unlockedinstall finds installs that may bring other versions than
// those that were tested.
package unlockedinstall

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/finding"
	"rehearse/internal/image"
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
	Name:     "unlocked-install",
	Category: finding.Container,
	Summary:  "An install in an image, a pipeline or a start script may bring other versions than the lockfile's; an image, an action or a script that is fetched has no fixed version.",
	Why: "The lockfile says which versions were tested. npm install, yarn install and their like change it where it does not fit the manifest, and nobody sees that they did: " +
		"the image that is built tomorrow from the same commit is another one. A base image without a tag, or an action at a branch, is whatever its owner pushed last.",
	Fix: "Install with what fails instead of changing the lockfile: npm ci, yarn install --immutable (yarn 1: --frozen-lockfile), pnpm install --frozen-lockfile, bundle install with BUNDLE_DEPLOYMENT, " +
		"uv sync --locked, pipenv install --deploy. Give base images a tag, and actions a version or a commit.",
	Silent: "An install that fails where the lockfile does not fit, by its options, its environment or its settings (CI for pnpm and yarn 2 and later); images that are built for tests or development alone; " +
		"what is missing altogether is missing-lockfile's.",
	Sources: []string{
		"https://docs.npmjs.com/cli/commands/npm-ci", "https://classic.yarnpkg.com/en/docs/cli/install", "https://yarnpkg.com/cli/install", "https://pnpm.io/cli/install",
		"https://bundler.io/man/bundle-install.1.html", "https://docs.astral.sh/uv/concepts/projects/sync/", "https://doc.rust-lang.org/cargo/commands/cargo-install.html",
		"https://docs.docker.com/build/building/best-practices/#pin-base-image-versions", "https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	ps := packages.Of(l)
	var findings []finding.Finding
	for _, in := range ps.Installs() {
		if f, ok := drifts(l, ps, in); ok {
			findings = append(findings, f)
		}
	}
	findings = append(findings, bases(l)...)
	findings = append(findings, pulls(l)...)
	findings = append(findings, scripts(l)...)
	return append(findings, uses(l, ps)...)
}

// instead is what to do instead, by the manager.
var instead = map[string]string{
	"npm": "npm ci", "yarn": "yarn install --frozen-lockfile (yarn 2 and later: --immutable)", "pnpm": "pnpm install --frozen-lockfile", "bun": "bun install --frozen-lockfile",
	"bundle": "bundle install with BUNDLE_DEPLOYMENT=1", "uv": "uv sync --locked", "pipenv": "pipenv install --deploy", "composer": "composer install", "cargo": "cargo with --locked", "go": "go mod download",
	"pip": "an install of what the lockfile says",
}

// gentle are the managers whose install changes a lockfile only where it cannot
// be kept, and of which hardly anybody asks more.
var gentle = map[string]bool{"bundle": true, "cargo": true, "uv": true, "bun": true}

func drifts(l *ledger.Ledger, ps *packages.Packages, in packages.Install) (finding.Finding, bool) {
	if in.Locked {
		return finding.Finding{}, false
	}
	if in.Global || len(in.Packages) > 0 {
		return named(l, ps, in)
	}
	lock, own := "", true
	switch {
	case in.Manifest != nil && in.Locks == "": // pip knows no lockfile
		lock, own = first(ps.Lockfiles(in.Manifest)), false
	case in.Lockfile.State == image.Present:
		lock = in.Locks
		if in.Lockfile.From != "" {
			lock = in.Lockfile.From
			if in.Build != nil {
				lock = in.Build.Source(lock)
			}
		}
	case in.Lockless() && in.Manifest != nil:
		// The lockfile of another manager, which this one does not read.
		lock, own = first(ps.Lockfiles(in.Manifest)), false
		if speaks(lock, in.Manager) {
			return finding.Finding{}, false // it is not in the image
		}
	}
	if lock == "" && in.Manager == "pip" && in.Moment != ledger.InPipeline {
		return open(l, in)
	}
	if lock == "" || in.Moment == ledger.InPipeline && in.Manager == "yarn" && berry(ps, lock) {
		return finding.Finding{}, false
	}
	severity := finding.Warning
	if in.Moment == ledger.InPipeline || gentle[in.Manager] {
		severity = finding.Info
	}
	if in.Manager == "go" && !strings.Contains(in.Command, "tidy") && !strings.Contains(in.Command, "-u") {
		return finding.Finding{}, false // it takes what go.mod says
	}
	component, environment := in.Where(l)
	f := doc.Finding(severity, component, environment, subject(in.Command))
	where := map[ledger.Moment]string{ledger.Building: "in the image", ledger.Starting: "at each start", ledger.InPipeline: "in the pipeline"}[in.Moment]
	f.Message = fmt.Sprintf("%s may install other versions %s than %s says", subject(in.Command), where, path.Base(lock))
	if !own {
		f.Message = fmt.Sprintf("%s does not read %s: what it installs %s are versions that nobody chose", subject(in.Command), path.Base(lock), where)
	}
	f.Consequence = "a version that was never tested runs, and the same commit gives another image the next day"
	f.Remedy = "use " + instead[in.Manager]
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: in.At, Text: in.Command, Environment: environment},
		{Role: finding.Supply, At: source.Span{File: lock}, Environment: "local"},
	}
	return f, true
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// speaks reports whether a lockfile is the manager's own.
func speaks(lock, manager string) bool {
	known := map[string][]string{
		"npm": {"package-lock.json", "npm-shrinkwrap.json"}, "yarn": {"yarn.lock"}, "pnpm": {"pnpm-lock.yaml"}, "bun": {"bun.lock", "bun.lockb"},
		"bundle": {"Gemfile.lock"}, "uv": {"uv.lock"}, "poetry": {"poetry.lock"}, "pipenv": {"Pipfile.lock"}, "pdm": {"pdm.lock"}, "composer": {"composer.lock"}, "go": {"go.sum"}, "cargo": {"Cargo.lock"},
	}
	for _, name := range known[manager] {
		if path.Base(lock) == name {
			return true
		}
	}
	return false
}

// berry reports whether a yarn.lock is of yarn 2 or later, which changes nothing
// where CI is set.
func berry(ps *packages.Packages, lock string) bool {
	l := ps.Lock(lock)
	return l != nil && l.Format == "berry"
}

// named is an install of packages that the command names, without their
// versions.
func named(l *ledger.Ledger, ps *packages.Packages, in packages.Install) (finding.Finding, bool) {
	if in.Moment == ledger.InPipeline || len(in.Packages) == 0 || in.Packages[0] == in.Manager || strings.ContainsAny(in.Command, "…$") {
		return finding.Finding{}, false
	}
	// Of several, those count that are named without a version.
	words := strings.Fields(strings.ToLower(in.Command))
	open := slices.DeleteFunc(slices.Clone(in.Packages), func(name string) bool {
		// An address names what it leads to; of default it is said elsewhere what it stands for.
		return !slices.Contains(words, strings.ToLower(name)) || strings.Contains(name, "://") || name == "default"
	})
	if len(open) == 0 {
		return finding.Finding{}, false
	}
	severity := finding.Info
	component, environment := in.Where(l)
	what, locked := open[0], ""
	if in.Build != nil {
		dir := in.Build.Context
		if in.Build.Owner != nil {
			dir = in.Build.Owner.Dir
		}
		for _, m := range ps.In(dir, in.Ecosystem()) {
			for _, name := range open {
				if in.Ecosystem() == manifest.Python {
					name = manifest.Normal(name)
				}
				if _, ok := m.Declares(name); ok && ps.Lockfile(m) != "" {
					what, locked, severity = name, ps.Lockfile(m), finding.Warning
				}
			}
		}
	}
	f := doc.Finding(severity, component, environment, what)
	f.Message = fmt.Sprintf("%s takes the latest %s", subject(in.Command), what)
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: in.At, Text: in.Command, Environment: environment}}
	if locked != "" {
		f.Message += ", whatever " + path.Base(locked) + " says"
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Supply, At: source.Span{File: locked}, Environment: "local"})
	}
	f.Consequence = "the next build may get another version, which was never tested"
	f.Remedy = "name the version"
	return f, true
}

// subject returns what a command does: the program and its verb.
func subject(command string) string {
	words := strings.Fields(command)
	var all []string
	for _, w := range words {
		if len(all) == 3 || len(all) == 2 && all[1] != "mod" {
			break
		}
		if !strings.HasPrefix(w, "-") {
			all = append(all, w)
		}
	}
	return strings.Join(all, " ")
}
