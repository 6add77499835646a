package stalelockfile

import (
	"fmt"
	"path"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/packages"
	"rehearse/internal/source"
)

// maxNamed is how many packages a finding names.
const maxNamed = 4

// beyond tells of a lockfile that was made for more than its manifest asks for: the
// manifest was changed, or another branch's lockfile was taken in a merge.
func beyond(l *ledger.Ledger, ps *packages.Packages, m *manifest.Manifest, file string, lock *manifest.Lock, more []string) finding.Finding {
	severity, in := gravity(ps, m, file, lock.Format)
	component, environment := l.Around(m.File), "production"
	if in != nil {
		_, environment = in.Where(l)
	}
	said := strings.Join(more[:min(len(more), maxNamed)], ", ")
	if n := len(more) - maxNamed; n > 0 {
		said += fmt.Sprintf(" and %d more", n)
	}
	f := doc.Finding(severity, component, environment, more[0])
	f.Message = fmt.Sprintf("%s is not up to date with %s: it was made for %s, which is not asked for any more", path.Base(file), m.File, said)
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: source.Span{File: m.File}}, {Role: finding.Conflict, At: source.Span{File: file}, Text: more[0]}}
	f.Consequence = "the install changes the lockfile, or refuses to go on"
	if severity == finding.Error {
		f.Consequence = "the install refuses to go on"
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: in.At, Text: in.Command, Environment: environment})
	}
	f.Remedy = "bring the lockfile up to date, and commit it"
	return f
}
