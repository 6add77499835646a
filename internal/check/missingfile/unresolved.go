package missingfile

import (
	"fmt"
	"path"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/packages"
)

// compiled are the endings of code that is built before it runs: the build
// follows its imports.
var compiled = map[string]bool{".ts": true, ".tsx": true, ".jsx": true, ".vue": true, ".svelte": true, ".mts": true}

// unresolved finds imports of code that is built which lead to no file of the
// tree, nor to one that git would ignore: most likely it was never committed. What
// an image of code that runs as it stands lacks is imported's.
func (s *session) unresolved(l *ledger.Ledger) {
	ps := packages.Of(l)
	for _, c := range l.Components {
		if !ps.Ships(c) {
			continue
		}
		for _, a := range ps.Astray(c) {
			if a.File != "" || !compiled[path.Ext(a.At.File)] || s.said[spotless+a.At.File+a.Name] {
				continue
			}
			s.said[spotless+a.At.File+a.Name] = true
			severity := finding.Info // nothing is seen to load the file
			if a.Reached {
				severity = finding.Warning
			}
			f := doc.Finding(severity, c.Name, "production", a.Name)
			f.Message = fmt.Sprintf("%s imports %s, and the tree has no such file", path.Base(a.At.File), a.Name)
			f.Consequence = "the build ends with “Module not found”"
			f.Remedy = "commit the file, or remove the import"
			f.Evidence = []finding.Evidence{{Role: finding.Need, At: a.At, Text: a.Text}}
			s.findings = append(s.findings, f)
		}
	}
}

// spotless keeps what is said of imports apart from what is said of images.
const spotless = "import\n"
