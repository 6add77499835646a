// Package missinglockfile finds manifests of what is deployed whose lockfile is
// not there when their packages are installed.
package missinglockfile

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
	Name:     "missing-lockfile",
	Category: finding.Container,
	Summary:  "What is deployed installs its packages without a lockfile: there is none, git or docker ignores it, or the image does not get it.",
	Why: "On the developer's machine the packages were installed once, and stay. The image is built anew, and takes whatever versions fit the manifest that day: " +
		"it differs from the machine, and from the image of last week. Some installs refuse to go on without a lockfile.",
	Fix: "Commit the lockfile, let .gitignore and .dockerignore through to it, and copy it into the image beside the manifest before the install.",
	Silent: "Libraries, whose users lock; manifests that ask for nothing; managers without a lockfile; images for tests or development; " +
		"an image in which the lockfile may be, as far as the tree tells.",
	Sources: []string{
		"https://docs.npmjs.com/cli/configuring-npm/package-lock-json", "https://docs.npmjs.com/cli/commands/npm-ci", "https://pnpm.io/cli/install#--frozen-lockfile",
		"https://bundler.io/man/bundle-install.1.html", "https://getcomposer.org/doc/01-basic-usage.md#commit-your-composer-lock-file-to-version-control",
		"https://docs.astral.sh/uv/concepts/projects/sync/",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	ps := packages.Of(l)
	var findings []finding.Finding
	var told []string // manifests
	for _, in := range ps.Installs() {
		if in.Moment == ledger.InPipeline || in.Manifest == nil || in.Locks == "" || in.Global || len(in.Packages) > 0 || len(in.Manifest.Dependencies) == 0 || in.Manifest.Dynamic {
			continue
		}
		if slices.Contains(told, in.Manifest.File) {
			continue
		}
		if f, ok := built(l, ps, in); ok {
			told = append(told, in.Manifest.File)
			findings = append(findings, f)
		}
	}
	return append(findings, platforms(l, ps, told)...)
}

// refuses reports whether the install fails where there is no lockfile.
func refuses(in packages.Install) bool {
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(" "+in.Command+" ", w) })
	}
	switch in.Manager {
	case "npm":
		return has(" ci ", " clean-install ", " install-clean ")
	case "pnpm":
		return has(" --frozen-lockfile ")
	case "yarn":
		return has(" --immutable ") // yarn 1 goes on
	case "bundle":
		return in.Locked
	case "uv":
		return has(" --frozen ", " --locked ")
	case "pipenv":
		return has(" --deploy ", " sync ")
	case "cargo":
		return has(" --locked ", " --frozen ")
	}
	return false
}

// built is an install in an image.
func built(l *ledger.Ledger, ps *packages.Packages, in packages.Install) (finding.Finding, bool) {
	m := in.Manifest
	all := ps.Lockfiles(m)
	own := slices.IndexFunc(all, func(file string) bool { return owns(in, file) })
	expected := path.Join(m.Dir(), in.Locks)
	component, environment := in.Where(l)
	f := doc.Finding(finding.Warning, component, environment, in.Locks)
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: in.At, Text: in.Command, Environment: environment}}
	switch {
	case in.Lockfile.State == image.Present:
		return f, false
	case in.Maybe:
		return f, false
	case own >= 0 && in.Lockless():
		if path.Dir(all[own]) != m.Dir() && !strings.HasPrefix(all[own], in.Build.Context+"/") && in.Build.Context != "." {
			f.Message = fmt.Sprintf("%s runs without %s: it stands outside of the build context", in.Command, all[own])
		} else {
			f.Message = fmt.Sprintf("%s runs without %s: %s", in.Command, all[own], why(in.Lockfile))
		}
		f.Subject = path.Base(all[own])
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Supply, At: source.Span{File: all[own]}, Environment: "local"})
		if strings.HasSuffix(in.Lockfile.At.File, ".dockerignore") {
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: in.Lockfile.At, Environment: environment})
		}
		f.Remedy = "copy the lockfile into the image before the install"
	case len(all) > 0:
		return f, false // of another manager: unlocked-install tells of it
	case own < 0 && (in.Lockless() || ps.Hidden(expected)):
		f.Message = fmt.Sprintf("%s asks for packages and has no %s", m.File, in.Locks)
		if ps.Hidden(expected) {
			f.Message = fmt.Sprintf("git ignores %s: a clean clone builds without it", expected)
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Absent, At: source.Span{File: m.File}, Environment: environment})
		f.Remedy = "commit " + in.Locks
	default:
		return f, false
	}
	f.Consequence = "each build takes whatever versions are the latest that day"
	if refuses(in) {
		f.Severity = finding.Error
		f.Consequence = "the install refuses to go on, and the image cannot be built"
	}
	return f, true
}

// why says why the lockfile is not there.
func why(a image.Answer) string {
	if strings.HasSuffix(a.At.File, ".dockerignore") {
		return a.Why
	}
	return "nothing copies it before"
}

// owns reports whether a lockfile is of the manager that installs.
func owns(in packages.Install, file string) bool {
	if path.Base(file) == in.Locks {
		return true
	}
	twins := map[string][]string{"npm": {"npm-shrinkwrap.json", "package-lock.json"}, "bun": {"bun.lock", "bun.lockb"}}
	return slices.Contains(twins[in.Manager], path.Base(file))
}

// platforms finds what a platform builds by itself from a manifest: it installs
// what the lockfile says, or what fits.
func platforms(l *ledger.Ledger, ps *packages.Packages, told []string) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		if c.Start.Production.IsZero() || len(c.Dockerfiles) > 0 {
			continue
		}
		for _, e := range []manifest.Ecosystem{manifest.Node, manifest.Ruby, manifest.PHP} {
			for _, m := range ps.In(c.Dir, e) {
				if len(m.Dependencies) == 0 || m.Dynamic || ps.Lockfile(m) != "" || slices.Contains(told, m.File) {
					continue
				}
				name := manifest.LockNames(e)[0]
				f := doc.Finding(finding.Warning, c.Name, "production", name)
				f.Message = fmt.Sprintf("%s asks for packages and has no lockfile", m.File)
				f.Consequence = "each deployment takes whatever versions are the latest that day"
				f.Remedy = "commit " + name
				f.Evidence = []finding.Evidence{
					{Role: finding.Need, At: c.Start.Production.At, Text: c.Start.Production.Text, Environment: "production"},
					{Role: finding.Absent, At: source.Span{File: m.File}, Environment: "production"},
				}
				findings = append(findings, f)
			}
		}
	}
	return findings
}
