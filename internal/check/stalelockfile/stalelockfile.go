// Package stalelockfile finds lockfiles that do not have what their manifests
// ask for.
package stalelockfile

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
	Name:     "stale-lockfile",
	Category: finding.Container,
	Summary:  "A lockfile does not have what its manifest asks for: a package is missing from it, its version is another than those that would do, it was made for more than is asked for or of another manifest, or it is broken.",
	Why: "The manifest was changed and the lockfile was not committed with it. On the machine where the change was made the package is installed. " +
		"An install that keeps to the lockfile fails in the pipeline or in the image; one that does not, changes the lockfile there and installs something that was never tested.",
	Fix: "Install once where the manifest was changed (npm install, yarn, pnpm install, poetry lock, uv lock, bundle lock, composer update PACKAGE, go mod tidy, cargo check), and commit the lockfile with it.",
	Silent: "Packages that are asked for on some platforms alone, optional ones and peers; versions that something overrides; ranges that are tags, folders or addresses; " +
		"folders of which the lockfile knows nothing; lockfiles of a format or size that is not read.",
	Sources: []string{
		"https://docs.npmjs.com/cli/commands/npm-ci", "https://docs.npmjs.com/cli/configuring-npm/package-lock-json", "https://classic.yarnpkg.com/en/docs/yarn-lock",
		"https://pnpm.io/cli/install#--frozen-lockfile", "https://python-poetry.org/docs/cli/#lock", "https://docs.astral.sh/uv/concepts/projects/sync/", "https://go.dev/ref/mod#go-sum-files",
		"https://docs.gradle.org/current/userguide/dependency_locking.html",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	ps := packages.Of(l)
	var findings []finding.Finding
	for _, m := range ps.Manifests {
		for _, file := range ps.Lockfiles(m) {
			if f, ok := stale(l, ps, m, file); ok {
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// kept says which manifests a lockfile is for, where a folder may have several.
var kept = map[string]string{
	"poetry.lock": "pyproject.toml", "uv.lock": "pyproject.toml", "pdm.lock": "pyproject.toml", "Pipfile.lock": "Pipfile",
}

// misfit is a package that a lockfile does not have as the manifest asks for it.
type misfit struct {
	manifest.Dependency
	fit  manifest.Fit
	have string
}

func stale(l *ledger.Ledger, ps *packages.Packages, m *manifest.Manifest, file string) (finding.Finding, bool) {
	if of := kept[path.Base(file)]; of != "" && of != path.Base(m.File) || ps.Superseded(m, file) {
		return finding.Finding{}, false
	}
	lock := ps.Lock(file)
	if lock == nil {
		if why := ps.Broken(file); why != nil {
			return broken(l, ps, m, file, why), true
		}
		return finding.Finding{}, false
	}
	if path.Base(file) == "poetry.lock" && m.Manager != "poetry" {
		return finding.Finding{}, false // it was another manager's project when the lockfile was made
	}
	dir := "."
	if d := path.Dir(file); d != m.Dir() {
		dir = strings.TrimPrefix(m.Dir(), strings.TrimPrefix(d+"/", "./"))
	}
	overridden := slices.Clone(m.Overridden)
	if root := ps.Root(m); root != nil {
		overridden = append(overridden, root.Overridden...)
	}
	var wrong []misfit
	for _, d := range m.Dependencies {
		if d.Conditional || d.Group == manifest.Optional || d.Group == manifest.Peer || slices.Contains(overridden, d.Name) || d.Name == m.Name || slices.Contains(m.Provided, d.Name) || ps.Own(m.Ecosystem, d.Name) {
			continue
		}
		if fit, have := lock.Fit(dir, d); fit == manifest.Missing || fit == manifest.Outside {
			wrong = append(wrong, misfit{d, fit, have})
		}
	}
	// Of one that is asked for twice, as a dependency and for development, the
	// lockfile has the one or the other.
	wrong = slices.DeleteFunc(wrong, func(w misfit) bool {
		return slices.ContainsFunc(m.Dependencies, func(d manifest.Dependency) bool {
			if d.Name != w.Name || d.Group == w.Group {
				return false
			}
			fit, _ := lock.Fit(dir, d)
			return fit != manifest.Missing && fit != manifest.Outside
		})
	})
	if len(wrong) == 0 {
		if more := lock.Beyond(dir, m); len(more) > 0 && !ps.Rewritten(m) {
			return beyond(l, ps, m, file, lock, more), true
		}
		if len(overridden) == 0 && dir == "." {
			if gaps := lock.Gaps(4); len(gaps) > 0 {
				return torn(l, ps, m, file, gaps), true
			}
		}
		return outdated(l, ps, m, file, lock)
	}
	return tell(l, ps, m, file, lock, wrong), true
}

func tell(l *ledger.Ledger, ps *packages.Packages, m *manifest.Manifest, file string, lock *manifest.Lock, wrong []misfit) finding.Finding {
	severity, in := gravity(ps, m, file, lock.Format)
	component, environment := l.Around(m.File), "production"
	if in != nil {
		_, environment = in.Where(l)
	}
	f := doc.Finding(severity, component, environment, wrong[0].Name)
	var said []string
	for i, w := range wrong {
		if i == 4 {
			said = append(said, fmt.Sprintf("%d more", len(wrong)-i))
			break
		}
		if w.fit == manifest.Missing {
			said = append(said, "no "+w.Name)
		} else {
			said = append(said, fmt.Sprintf("%s %s for %s", w.Name, w.have, w.Range))
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Need, At: w.At, Text: strings.TrimSpace(w.Name + " " + w.Range)})
	}
	f.Message = fmt.Sprintf("%s is not up to date with %s: it has %s", path.Base(file), m.File, strings.Join(said, ", "))
	f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: source.Span{File: file}})
	f.Consequence = "the install changes the lockfile, and brings what was never tested"
	if severity == finding.Error {
		f.Consequence = "the install refuses to go on"
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: in.At, Text: in.Command, Environment: environment})
	}
	f.Remedy = "bring the lockfile up to date, and commit it"
	return f
}

// gravity says how grave it is: an error where something in the tree installs
// what the lockfile says or fails.
func gravity(ps *packages.Packages, m *manifest.Manifest, file, format string) (finding.Severity, *packages.Install) {
	root := ps.Root(m)
	var found *packages.Install
	for _, in := range ps.Installs() {
		if in.Manifest != m && (root == nil || in.Manifest != root) || !reads(in.Manager, format) {
			continue
		}
		if found == nil || in.Locked && !found.Locked {
			found = &in
		}
	}
	member := root != nil && path.Dir(file) != m.Dir()
	switch {
	case format == "gradle":
		return finding.Warning, nil // every build asks it, whatever starts the build
	case found == nil:
		return finding.Info, nil
	case !found.Locked, format == "yarn" && member: // yarn 1 does not look at the members of a workspace
		return finding.Warning, found
	case format == "go", format == "cargo", format == "uv" && strings.Contains(found.Command, "--frozen"):
		return finding.Warning, found
	}
	return finding.Error, found
}

// reads reports whether a manager reads lockfiles of a format.
func reads(manager, format string) bool {
	return manager == format || manager == "yarn" && format == "berry" || manager == "bundle" && format == "bundler"
}
