package undefinedvalue

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/spelling"
)

// projects returns what the services of a compose project name and what it does
// not declare. Files of one folder may be laid over each other in ways that the
// tree does not tell, so what one of them declares is there.
func projects(l *ledger.Ledger, e *fact.Environment) []gap {
	if e.Kind != "compose" && !e.IsLocal() {
		return nil
	}
	var found []gap
	for _, m := range e.Mentions {
		switch m.Ref.Kind {
		case "service", "volume", "network", "secret", "config":
		default:
			continue
		}
		if m.Ref.Optional || m.Ref.Kind == "network" && m.Ref.Name == "default" {
			continue
		}
		there := objects(l, m)
		if slices.ContainsFunc(there, func(o fact.Object) bool { return o.Name == m.Ref.Name }) {
			continue
		}
		g := gap{
			mention: mention{ref: m.Ref, by: m.By, workload: m.Workload, at: m.At}, subject: m.Ref.Name, severity: finding.Error, role: finding.Related,
			message: fmt.Sprintf("%s of the service %s names the %s %s, which the project does not declare", m.By, m.Workload, m.Ref.Kind, m.Ref.Name),
			remedy:  fmt.Sprintf("declare the %s %s, or name another at %s:%d", m.Ref.Kind, m.Ref.Name, m.At.File, m.At.Line),
		}
		switch {
		case elsewhere(l, m), shelved(l, m):
			g.severity = finding.Info // whoever starts it may name the files of both folders
		case e.IsLocal():
			g.severity = finding.Warning
		}
		for _, o := range there {
			if spelling.Near(o.Name, m.Ref.Name) {
				g.message += "; " + o.Name + " is declared"
				g.other = o.At
				break
			}
		}
		found = append(found, g)
	}
	return found
}

// objects returns what the compose files of the folder of a mention declare of
// its kind.
func objects(l *ledger.Ledger, m fact.Mention) []fact.Object {
	var all []fact.Object
	for _, d := range l.Definitions {
		if d.Format != "compose" || !within(path.Dir(m.At.File), path.Dir(d.File)) {
			continue // a file of a folder above is one that this may be laid over
		}
		for _, o := range d.Objects {
			if o.Kind == m.Ref.Kind {
				all = append(all, o)
			}
		}
	}
	return all
}

// elsewhere reports whether a compose file of another folder declares what a
// mention names.
func elsewhere(l *ledger.Ledger, m fact.Mention) bool {
	return slices.ContainsFunc(l.Definitions, func(d fact.Definition) bool {
		return d.Format == "compose" && slices.ContainsFunc(d.Objects, func(o fact.Object) bool { return o.Kind == m.Ref.Kind && o.Name == m.Ref.Name })
	})
}

// shelf is how many compose files lie in one folder where they are templates, each
// to be completed by what deploys it. The figure is ours.
const shelf = 12

// shelved reports whether the file of a mention is one of so many.
func shelved(l *ledger.Ledger, m fact.Mention) bool {
	beside := 0
	for _, d := range l.Definitions {
		if d.Format == "compose" && path.Dir(d.File) == path.Dir(m.At.File) {
			beside++
		}
	}
	return beside >= shelf
}

// within reports whether a folder is another, or below it.
func within(dir, other string) bool {
	return other == "." || dir == other || strings.HasPrefix(dir, other+"/")
}
