package undeclareddependency

import (
	"fmt"
	"path"
	"strings"

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
	var brought []packages.Foreign
	for _, name := range order {
		o := best[name]
		key := asked.At.File + "\n" + name
		if told[key] {
			continue
		}
		told[key] = true
		if module(name).Brings(asked.Names, asked.Whole) {
			brought = append(brought, o)
			continue
		}
		findings = append(findings, untold(c, asked, o))
	}
	if len(brought) > 0 {
		findings = append(findings, beside(c, asked, brought))
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
	severity := finding.Warning
	switch {
	case asked.Beneath, !asked.Whole && !m.Rare:
		severity = finding.Info // another package may bring it, or the image below
	case o.Eager && asked.Whole:
		severity = finding.Error
	case !o.Reached:
		severity = finding.Info // nothing is seen to load the file
	}
	distribution := m.Distributions[0]
	f := doc.Finding(severity, c.Name, environment(c), distribution)
	f.Message = fmt.Sprintf("%s imports %s, and nothing asks for %s, which brings it", path.Base(o.At.File), o.Package, distribution)
	f.Consequence = "ModuleNotFoundError where the file is loaded"
	f.Remedy = "add " + distribution + " to " + asked.At.File
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: o.At, Text: o.Text},
		{Role: finding.Absent, At: asked.At, Environment: environment(c)},
	}
	return f
}

// The most packages that a finding names, and the most places that it shows.
const (
	maxNamed = 20
	maxShown = 5
)

// beside tells of modules that are there because other packages need theirs: of
// many it is known, and none of them is urgent.
func beside(c *ledger.Component, asked packages.PythonAsked, all []packages.Foreign) finding.Finding {
	var names []string
	var shown []finding.Evidence
	for _, o := range all {
		if len(names) < maxNamed {
			names = append(names, module(o.Package).Distributions[0])
		}
		if len(shown) < maxShown {
			shown = append(shown, finding.Evidence{Role: finding.Need, At: o.At, Text: o.Text})
		}
	}
	list := strings.Join(names, ", ")
	if more := len(all) - len(names); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	f := doc.Finding(finding.Info, c.Name, environment(c), names[0])
	f.Message = fmt.Sprintf("modules are imported of %s, which nothing asks for: they are there because other packages need them", list)
	f.Consequence = "ModuleNotFoundError the day those packages do without them"
	f.Remedy = "add them to " + asked.At.File
	f.Evidence = append(shown, finding.Evidence{Role: finding.Absent, At: asked.At, Environment: environment(c)})
	return f
}
