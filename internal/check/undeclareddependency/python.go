package undeclareddependency

import (
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

//go:embed python.txt
var pythonText string

// module is what is known of a module of Python.
type module struct {
	distributions []string // which bring it
	rare          bool     // hardly any other package brings it along
}

var pythonModules = sync.OnceValue(func() map[string]module {
	all := map[string]module{}
	for line := range strings.Lines(pythonText) {
		words := strings.Fields(line)
		if len(words) < 2 || strings.HasPrefix(words[0], "#") {
			continue
		}
		name, rare := strings.CutPrefix(words[0], "!")
		all[name] = module{words[1:], rare}
	}
	return all
})

// python finds modules of Python that are imported and that nothing installs.
func python(ps *ledger.Packages, c *ledger.Component, told map[string]bool) []finding.Finding {
	asked := ps.PythonAsks(c)
	if asked.Open || len(asked.Names) == 0 || asked.At.IsZero() {
		return nil
	}
	best := map[string]ledger.Foreign{}
	var order []string
	for _, o := range ps.PythonImports(c, func(name string) bool { _, ok := pythonModules()[name]; return ok }) {
		if o.Guarded || brings(asked, pythonModules()[o.Package]) {
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
		if told[key] || !asked.Whole && !pythonModules()[name].rare {
			continue
		}
		told[key] = true
		severity := finding.Warning
		switch {
		case o.Eager && asked.Whole:
			severity = finding.Error
		case !o.Reached:
			severity = finding.Info // nothing is seen to load the file
		}
		distribution := pythonModules()[name].distributions[0]
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

// brings reports whether something that is asked for brings the module: a
// distribution that is known to, or one that has the name of such a one in its
// own (flask-login brings flask).
func brings(asked ledger.PythonAsked, m module) bool {
	for _, d := range m.distributions {
		if asked.Names[d] {
			return true
		}
	}
	if asked.Whole {
		return false
	}
	for name := range asked.Names {
		for part := range strings.SplitSeq(name, "-") {
			if slices.Contains(m.distributions, part) {
				return true
			}
		}
	}
	return false
}
