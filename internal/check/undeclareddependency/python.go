package undeclareddependency

import (
	"fmt"
	"path"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
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
	for _, o := range ps.PythonImports(c, func(name string) bool {
		_, ok := imports.Distributions(name)
		return ok || asked.Direct != nil && asked.Names[manifest.Normal(name)]
	}) {
		if m := module(o.Package); o.Guarded || m.Brings(asked.Names, asked.Whole) && (asked.Direct == nil || m.Brings(asked.Direct, false)) {
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
		if told[key] {
			continue
		}
		told[key] = true
		findings = append(findings, untold(c, asked, o))
	}
	return findings
}

// module returns what is known of a module; of one that nothing is known of, that a
// distribution of its name brings it.
func module(name string) imports.Module {
	if m, ok := imports.Distributions(name); ok {
		return m
	}
	return imports.Module{Distributions: []string{manifest.Normal(name)}}
}

// untold tells of a module that nothing asks for.
func untold(c *ledger.Component, asked packages.PythonAsked, o packages.Foreign) finding.Finding {
	m := module(o.Package)
	brought := m.Brings(asked.Names, asked.Whole)
	severity := finding.Warning
	switch {
	case brought, asked.Beneath, !asked.Whole && !m.Rare:
		severity = finding.Info // another package brings it, or may, or the image below
	case o.Eager && asked.Whole:
		severity = finding.Error
	case !o.Reached:
		severity = finding.Info // nothing is seen to load the file
	}
	distribution := m.Distributions[0]
	f := doc.Finding(severity, c.Name, environment(c), distribution)
	f.Message = fmt.Sprintf("%s imports %s, and nothing asks for %s, which brings it", path.Base(o.At.File), o.Package, distribution)
	f.Consequence = "ModuleNotFoundError where the file is loaded"
	if brought {
		f.Message = fmt.Sprintf("%s imports %s of %s, which is there because another package needs it, and which nothing asks for", path.Base(o.At.File), o.Package, distribution)
		f.Consequence = "ModuleNotFoundError the day the other package does without it"
	}
	f.Remedy = "add " + distribution + " to " + asked.At.File
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: o.At, Text: o.Text},
		{Role: finding.Absent, At: asked.At, Environment: environment(c)},
	}
	return f
}
