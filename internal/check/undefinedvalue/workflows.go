package undefinedvalue

import (
	"fmt"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
)

// taken is a secret or variable of the repository that workflows take.
type taken struct {
	kind, name string
	places     []source.Span
	files      []string
}

// workflows tells of secrets and variables of the repository that one workflow
// takes, and of which others have another spelling: which of them there are, no
// file tells.
func workflows(l *ledger.Ledger) []finding.Finding {
	var all []*taken
	for _, d := range l.Definitions {
		for _, m := range d.Mentions {
			if m.Ref.Kind != "secrets" && m.Ref.Kind != "vars" {
				continue
			}
			i := slices.IndexFunc(all, func(t *taken) bool { return t.kind == m.Ref.Kind && strings.EqualFold(t.name, m.Ref.Name) }) // their names have no case
			if i < 0 {
				i, all = len(all), append(all, &taken{kind: m.Ref.Kind, name: m.Ref.Name})
			}
			t := all[i]
			t.places = append(t.places, m.At)
			if !slices.Contains(t.files, d.File) {
				t.files = append(t.files, d.File)
			}
		}
	}
	var findings []finding.Finding
	for _, d := range l.Definitions {
		for _, m := range d.Mentions {
			if m.Ref.Kind != variableKind {
				continue
			}
			if i := slices.IndexFunc(all, func(t *taken) bool { return strings.EqualFold(t.name, m.Ref.Name) }); i >= 0 {
				findings = append(findings, undefined(l, fact.Flaw{
					Name: "env." + m.Ref.Name, At: m.At, Near: all[i].kind + "." + all[i].name, Other: all[i].places[0], Doubt: true, Workload: m.Workload,
					What: "nothing that is read sets that variable for " + m.By,
				}))
			}
		}
	}
	for _, t := range all {
		var near []*taken
		for _, o := range all {
			// What is taken at one place, and spelled otherwise at several.
			if o.kind == t.kind && len(t.places) == 1 && len(o.places) > 1 && spelling.Near(o.name, t.name) && !inflected(o.name, t.name) {
				near = append(near, o)
			}
		}
		if len(near) == 0 {
			if i := slices.IndexFunc(all, func(o *taken) bool { return o.kind == t.kind && lacking(t.name, o.name) }); i >= 0 {
				findings = append(findings, undefined(l, fact.Flaw{
					Kind: fact.Undefined, Name: t.kind + "." + t.name, At: t.places[0], Other: all[i].places[0], Doubt: true,
					What: fmt.Sprintf("a word of it lacks a letter that the word has in %s.%s", t.kind, all[i].name),
				}))
			}
		}
		if len(near) != 1 {
			continue
		}
		findings = append(findings, undefined(l, fact.Flaw{
			Kind: fact.Undefined, Name: t.kind + "." + t.name, At: t.places[0], Near: t.kind + "." + near[0].name, Other: near[0].places[0], Doubt: true,
			What: fmt.Sprintf("it is taken here alone, while %d places take %s.%s", len(near[0].places), t.kind, near[0].name),
		}))
	}
	return findings
}

// inflected reports whether one name is the plural of the other, or has a number
// more: these may be two things.
func inflected(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	return a == b+"S" || a == b+"s" || len(a) == len(b)+1 && a[:len(b)] == b && a[len(b)] >= '0' && a[len(b)] <= '9'
}
