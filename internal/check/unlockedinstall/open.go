package unlockedinstall

import (
	"fmt"
	"path"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/packages"
)

// open is an install of what a file of requirements asks for in no version at
// all, and of which no lockfile tells which one was tested
// (https://pip.pypa.io/en/stable/topics/repeatable-installs/).
func open(l *ledger.Ledger, in packages.Install) (finding.Finding, bool) {
	if in.Manifest == nil || path.Ext(in.Manifest.File) != ".txt" || in.Manifest.Dynamic {
		return finding.Finding{}, false
	}
	var free []manifest.Dependency
	for _, d := range in.Manifest.Dependencies {
		if d.Range == "" && d.Group == manifest.Always {
			free = append(free, d)
		}
	}
	if len(free) == 0 {
		return finding.Finding{}, false
	}
	var names []string
	for _, d := range free[:min(len(free), 5)] {
		names = append(names, d.Name)
	}
	component, environment := in.Where(l)
	f := doc.Finding(finding.Info, component, environment, subject(in.Command))
	f.Message = fmt.Sprintf("%s asks for %s in no version, and no lockfile tells which was tested", path.Base(in.Manifest.File), strings.Join(names, ", "))
	f.Consequence = "a version that was never tested runs, and the same commit gives another image the next day"
	f.Remedy = "name versions with ==, or install what pip-compile or uv pip compile writes"
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: in.At, Text: in.Command, Environment: environment},
		{Role: finding.Supply, At: free[0].At, Text: free[0].Name},
	}
	return f, true
}
