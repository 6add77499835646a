package undefinedvalue

import (
	"fmt"
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
			if m.Ref.Kind == inputKind {
				handed[m.Workload+"\x00"+strings.ToLower(m.Ref.Key)] = true
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
				for _, o := range callee.Objects {
					if o.Kind == requiredKind && !handed[m.Workload+"\x00"+strings.ToLower(o.Name)] {
						findings = append(findings, undefined(l, fact.Flaw{
							Name: o.Name, At: m.At, Other: o.At, Workload: m.Workload, Fatal: true,
							What: fmt.Sprintf("%s calls %s without that input, which it requires", m.By, m.Ref.Name),
						}))
					}
				}
			}
		}
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
