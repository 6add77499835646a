// Package undeclareddependency finds imports of packages that no manifest of the
// code asks for.
package undeclareddependency

import (
	"embed"
	"fmt"
	"path"

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
	Name:     "undeclared-dependency",
	Category: finding.Container,
	Summary:  "Code that is deployed imports a package that no manifest of it asks for.",
	Why: "On the developer's machine the package is there by chance: another package needs it and it was hoisted, a sibling in the workspace asks for it, or it was installed for the whole machine. " +
		"The image installs what the manifests ask for: the module is not found when the code starts, or the day the other package does without it.",
	Fix: "Add the package to the manifest of the code that imports it.",
	Silent: "Imports of types alone, also those that the compiler drops; imports whose failure the code deals with; modules of the runtime; aliases of tsconfig, bundlers and subpath imports; " +
		"packages of the workspace, save where pnpm keeps them apart; what a manifest above asks for, too; virtual modules; tests, examples, configurations of tools and what is run by hand; " +
		"names of Python whose distribution is not certain.",
	Sources: []string{
		"https://nodejs.org/api/modules.html#loading-from-node_modules-folders", "https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies",
		"https://pnpm.io/npmrc#dependency-hoisting-settings", "https://yarnpkg.com/features/pnp", "https://packaging.python.org/en/latest/discussions/distribution-package-vs-import-package/",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	ps := packages.Of(l)
	var findings []finding.Finding
	told := map[string]bool{}
	for _, c := range l.Components {
		if !ps.Ships(c) {
			continue
		}
		switch c.Language {
		case "javascript":
			findings = append(findings, javascript(ps, c, told)...)
		case "python":
			findings = append(findings, python(ps, c, told)...)
		}
	}
	return findings
}

// group is what is known of one package that files of one manifest import.
type group struct {
	packages.Foreign
	certain, likely bool
	files           map[string]bool
}

func javascript(ps *packages.Packages, c *ledger.Component, told map[string]bool) []finding.Finding {
	groups := map[string]*group{}
	var order []string
	for _, o := range ps.Imports(c) {
		if _, asked := ps.Asked(o.Manifest, o.Package); asked || o.Types || o.Guarded || !o.Loaded {
			continue // what is asked for in development alone is dev-dependency's
		}
		key := o.Manifest.File + "\n" + o.Package
		if told[key] {
			continue
		}
		g := groups[key]
		if g == nil {
			g = &group{Foreign: o, files: map[string]bool{}}
			groups[key] = g
			order = append(order, key)
		}
		g.files[o.At.File] = true
		if o.Eager && !g.certain || o.Reached && !g.certain && !g.likely {
			g.Foreign = o
		}
		g.certain, g.likely = g.certain || o.Eager, g.likely || o.Reached
	}
	var findings []finding.Finding
	for _, key := range order {
		if f, ok := tell(ps, c, groups[key]); ok {
			told[key] = true
			findings = append(findings, f)
		}
	}
	return findings
}

// tell says what becomes of the import, and how that is known.
func tell(ps *packages.Packages, c *ledger.Component, g *group) (finding.Finding, bool) {
	lockfile := ps.Lockfile(g.Manifest)
	hoisted, lock := ps.Hoists(g.Manifest), (*manifest.Lock)(nil)
	if lockfile != "" {
		lock = ps.Lock(lockfile)
	}
	installed := lock == nil || len(lock.Packages[g.Package]) > 0
	reached := g.likely || ps.Bundled(c, g.Manifest)
	sibling := ps.Sibling(c, g.Manifest, g.Package)
	severity := finding.Warning
	switch {
	case !reached:
		severity = finding.Info // nothing is seen to load the file
	case sibling != nil && ps.Takes(c, sibling):
		severity = finding.Info // it is installed wherever the component is
	case lock != nil && g.certain && (!installed || !hoisted):
		severity = finding.Error
	}
	f := doc.Finding(severity, c.Name, environment(c), g.Package)
	f.Message = fmt.Sprintf("%s imports %s, which %s does not ask for", path.Base(g.At.File), g.Package, g.Manifest.File)
	f.Consequence = "it works as long as another package happens to bring it along, and fails with “Cannot find module” where none does"
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: g.At, Text: g.Text}}
	switch {
	case sibling != nil:
		d, _ := sibling.Declares(g.Package)
		f.Message += fmt.Sprintf("; only %s does", sibling.File)
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Supply, At: d.At, Text: g.Package, Environment: "local"})
	case lock != nil && !installed:
		f.Message += ", and nothing else installs it"
	case lock != nil:
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: source.Span{File: lockfile}, Text: g.Package + " comes with another package", Environment: "local"})
	}
	if severity == finding.Error {
		f.Consequence = "the process ends at start with “Cannot find module”"
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Absent, At: source.Span{File: g.Manifest.File}, Environment: environment(c)})
	f.Remedy = "add " + g.Package + " to " + g.Manifest.File
	return f, true
}

func environment(c *ledger.Component) string {
	for _, r := range c.Production() {
		return r.Environment.Name
	}
	return "production"
}
