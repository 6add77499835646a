package undefinedvalue

import (
	"fmt"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/spelling"
)

// The kinds of what jobs hand to a workflow of the project that they call, and
// take of it.
const (
	inputKind    = "input"
	secretKind   = "secret-of-call"
	outputKind   = "output"
	requiredKind = "required-input"
	neededKind   = "required-secret"
	inheritKind  = "inherited-secrets"
	variableKind = "variable-of-workflow"
)

// calls tells of what jobs hand to workflows of the project that these do not
// declare, and of what they do not hand to those that insist on it.
func calls(l *ledger.Ledger) []finding.Finding {
	workflows := map[string]*fact.Definition{}
	for i := range l.Definitions {
		if d := &l.Definitions[i]; d.Format == "github-actions" {
			workflows[d.File] = d
		}
	}
	var findings []finding.Finding
	for i := range l.Definitions {
		d := &l.Definitions[i]
		if d.Format != "github-actions" {
			continue
		}
		handed := map[string]bool{}
		for _, m := range d.Mentions {
			if m.Ref.Kind == inputKind || m.Ref.Kind == secretKind || m.Ref.Kind == inheritKind {
				handed[m.Ref.Kind+"\x00"+m.Workload+"\x00"+strings.ToLower(m.Ref.Key)] = true
			}
		}
		for _, m := range d.Mentions {
			callee := workflows[m.Ref.Name]
			if callee == nil {
				continue
			}
			switch m.Ref.Kind {
			case inputKind, secretKind, outputKind:
				if flaw, ok := undeclared(m, callee); ok {
					findings = append(findings, undefined(l, flaw))
				}
			case requiredKind:
				all := handed[inheritKind+"\x00"+m.Workload+"\x00"]
				for _, o := range callee.Objects {
					kind, what := inputKind, "input"
					if o.Kind == neededKind {
						kind, what = secretKind, "secret"
					}
					if o.Kind != requiredKind && o.Kind != neededKind || handed[kind+"\x00"+m.Workload+"\x00"+strings.ToLower(o.Name)] || kind == secretKind && all {
						continue
					}
					findings = append(findings, undefined(l, fact.Flaw{
						Name: o.Name, At: m.At, Other: o.At, Workload: m.Workload, Fatal: true,
						What: fmt.Sprintf("%s calls %s without that %s, which it requires", m.By, m.Ref.Name, what),
					}))
				}
				if !all {
					findings = append(findings, withheld(l, m, callee, handed)...)
				}
			}
		}
	}
	return findings
}

// withheld tells of secrets that a called workflow takes and that its caller does
// not hand it: those of the repository are not seen there by themselves. One that
// is started otherwise too may have them from there.
func withheld(l *ledger.Ledger, m fact.Mention, callee *fact.Definition, handed map[string]bool) []finding.Finding {
	var findings []finding.Finding
	told := map[string]bool{}
	for _, s := range callee.Mentions {
		name := strings.ToLower(s.Ref.Name)
		if s.Ref.Kind != "secrets" || s.Ref.Key != "" || told[name] || handed[secretKind+"\x00"+m.Workload+"\x00"+name] {
			continue
		}
		told[name] = true
		if slices.ContainsFunc(callee.Objects, func(o fact.Object) bool { return o.Kind == secretKind && strings.EqualFold(o.Name, s.Ref.Name) }) {
			continue // optional, or told of already
		}
		findings = append(findings, undefined(l, fact.Flaw{
			Name: "secrets." + s.Ref.Name, At: s.At, Other: m.At, Doubt: true,
			What: fmt.Sprintf("%s declares no such secret, and %s, which calls it, hands it none: it is empty there", callee.File, m.By),
		}))
	}
	return findings
}

// undeclared returns what is wrong where a called workflow does not declare what
// is named of it.
func undeclared(m fact.Mention, callee *fact.Definition) (fact.Flaw, bool) {
	what := strings.TrimSuffix(m.Ref.Kind, "-of-call")
	flaw := fact.Flaw{
		Name: m.Ref.Key, At: m.At, Workload: m.Workload, Fatal: m.Ref.Kind != outputKind,
		What: fmt.Sprintf("%s hands it to %s, which declares no such %s", m.By, m.Ref.Name, what),
	}
	if m.Ref.Kind == outputKind {
		flaw.Name, flaw.What = m.By, fmt.Sprintf("%s declares no such output, so that this is empty", m.Ref.Name)
	}
	for _, o := range callee.Objects {
		if o.Kind != m.Ref.Kind {
			continue
		}
		if strings.EqualFold(o.Name, m.Ref.Key) {
			return flaw, false
		}
		if spelling.Near(o.Name, m.Ref.Key) {
			flaw.Near, flaw.Other = o.Name, o.At
		}
	}
	return flaw, true
}
