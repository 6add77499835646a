package devdependency

import (
	"fmt"
	"path"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// platform is what the platform of a Procfile is called in a report.
const platform = "production"

// pruned finds what the code of a component imports that a platform takes out
// again when it has built it
// (https://devcenter.heroku.com/articles/nodejs-support#package-installation).
func (r *run) pruned(c *ledger.Component) {
	omission, ok := r.packages.Buildpack(c)
	if !ok {
		return
	}
	for _, o := range r.packages.Imports(c) {
		d, ok := r.onlyForDevelopment(o.Manifest, o.Package)
		if !ok || !o.Loaded || r.packages.Bundled(c, o.Manifest) {
			continue
		}
		// What the platform's scheduler starts stands in no file of the tree.
		scheduled := o.ByClock && !o.Lazy && !o.Guarded
		if !o.Eager && !scheduled {
			continue
		}
		severity, missing := r.gravity(o.Manifest, o.Package)
		if !missing {
			continue
		}
		if severity == finding.Error {
			severity = finding.Warning // it may be told to leave them
		}
		f := doc.Finding(severity, c.Name, platform, o.Package)
		f.Message = fmt.Sprintf("%s imports %s, which only devDependencies ask for, and a platform that builds from the Procfile takes them out again", path.Base(o.At.File), o.Package)
		f.Consequence = "the process ends at start with “Cannot find module”"
		f.Remedy = "move " + o.Package + " to dependencies in " + o.Manifest.File
		r.tell(f, o.At, o.Text, d, omission, o.Manifest.File)
	}
}

// listed finds modules that the requirements of a platform do not bring.
func (r *run) listed(c *ledger.Component) {
	omission, ok := r.packages.Buildpack(c)
	if !ok {
		return
	}
	if files, ok := r.packages.Listed(c); ok {
		r.required(c, files, omission, platform, "a platform that builds from the Procfile installs")
	}
}
