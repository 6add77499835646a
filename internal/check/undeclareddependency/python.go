package undeclareddependency

import (
	"fmt"
	"path"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest/imports"
	"rehearse/internal/packages"
)

// python finds modules of Python that are imported and that nothing installs.
func python(ps *packages.Packages, c *ledger.Component, told map[string]bool) []finding.Finding {
	asked := ps.PythonAsks(c)
	if asked.Open || len(asked.Names) == 0 || asked.At.IsZero() {
		return nil
	}
	best := map[string]packages.Foreign{}
	var order []string
	for _, o := range ps.PythonImports(c, func(name string) bool { _, ok := imports.Distributions(name); return ok }) {
		if m, _ := imports.Distributions(o.Package); o.Guarded || m.Brings(asked.Names, asked.Whole) {
			continue
		}
		was, seen := best[o.Package]
		if !seen {
			order = append(order, o.Package)
		}
		if !seen || o.Eager && !was.Eager || o.Reached && !was.Reached {
			best[o.Package] = o
		}
	}
	var findings []finding.Finding
	for _, name := range order {
		o := best[name]
		key := asked.At.File + "\n" + name
		m, _ := imports.Distributions(name)
		if told[key] {
			continue
		}
		told[key] = true
		severity := finding.Warning
		switch {
		case !asked.Whole && !m.Rare:
			severity = finding.Info // another package may bring it

		case o.Eager && asked.Whole:
			severity = finding.Error
		case !o.Reached:
			severity = finding.Info // nothing is seen to load the file
		}
		distribution := m.Distributions[0]
		f := doc.Finding(severity, c.Name, environment(c), distribution)
		f.Message = fmt.Sprintf("%s imports %s, and nothing asks for %s, which brings it", path.Base(o.At.File), name, distribution)
		f.Consequence = "ModuleNotFoundError where the file is loaded"
		f.Remedy = "add " + distribution + " to " + asked.At.File
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: o.At, Text: o.Text},
			{Role: finding.Absent, At: asked.At, Environment: environment(c)},
		}
		findings = append(findings, f)
	}
	return findings
}
