// Package invalidenv finds variables that are supplied in a way in which they
// cannot arrive, or not as they were meant.
package invalidenv

import (
	"embed"
	"fmt"
	"regexp"

	"rehearse/internal/check"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "invalid-env",
	Category: finding.Environment,
	Summary:  "A definition supplies a variable in a way in which it cannot arrive: a number where a text is asked for, a key that the format does not know, a value or a start command that is said twice.",
	Why: "Locally the value comes from a .env file or a shell, where everything is a text. The definition of production has rules of its own: " +
		"it refuses the value and with it the whole deployment, or takes it in silence and hands the process something else.",
	Fix: "Write the value as the format wants it: in quotes where it looks like a number or a boolean, under the key that the format knows, once.",
	Silent: "A value that is given twice and is the same, what is only put into files, and texts that stand for a value which is filled in before the file is used. " +
		"What a developer's own compose file says is no matter of production.",
	Sources: []string{
		"https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables",
		"https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/",
		"https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data",
		"https://github.com/compose-spec/compose-spec/blob/main/05-services.md#environment",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	told := map[place]bool{} // workloads may share a part of a chart
	for _, d := range l.Definitions {
		for _, flaw := range d.Flaws {
			if flaw.Kind == fact.Undefined || flaw.Kind == fact.Unscoped {
				continue // of undefined-value and build-time-env
			}
			component, environments, given := l.Where(flaw)
			if flaw.Fatal && len(environments) == 0 && (d.Format == "kubernetes" || d.Format == "cloudformation") && !development.MatchString(d.File) {
				environments = []string{"production"} // it runs what is not read as a workload
			}
			if flaw.Kind == fact.Garbled && !given {
				continue
			}
			for _, environment := range environments {
				key := place{flaw.At, flaw.Name, environment}
				if told[key] {
					continue
				}
				told[key] = true
				findings = append(findings, invalid(flaw, component, environment))
			}
		}
	}
	return append(findings, ports(l)...)
}

// development is what the paths of definitions have that are for no production.
var development = regexp.MustCompile(`(?i)(^|[/._-])(tests?|testing|dev|devel|development|local|examples?|samples?|docs)([/._-]|$)`)

type place struct {
	at                source.Span
	name, environment string
}

func invalid(flaw fact.Flaw, component, environment string) finding.Finding {
	severity := finding.Warning
	switch {
	case flaw.Fatal:
		severity = finding.Error
	case flaw.Doubt:
		severity = finding.Info
	}
	f := doc.Finding(severity, component, environment, flaw.Name)
	f.Message = flaw.Name + ": " + flaw.What
	f.Consequence = "the process is given something else than was meant"
	f.Remedy = fmt.Sprintf("say it once and as it is meant at %s:%d", flaw.At.File, flaw.At.Line)
	switch flaw.Kind {
	case fact.Refused:
		f.Consequence = "the whole object is refused: what ran before keeps running, and nothing new is deployed"
		f.Remedy = fmt.Sprintf("write the value as a text at %s:%d", flaw.At.File, flaw.At.Line)
	case fact.Strange:
		f.Consequence = "the definition is refused, or what stands there is left out in silence"
		f.Remedy = fmt.Sprintf("write it as the format asks for it at %s:%d", flaw.At.File, flaw.At.Line)
		if flaw.Name == "CMD" || flaw.Name == "ENTRYPOINT" {
			f.Consequence = "the container ends as soon as it is started"
		}
	case fact.Overwritten:
		f.Consequence = "one of the two values is lost"
		if flaw.Fatal {
			f.Consequence = "the definition is refused"
		}
		f.Remedy = fmt.Sprintf("take one of the two out at %s:%d", flaw.At.File, flaw.At.Line)
	}
	f.Evidence = []finding.Evidence{{Role: finding.Conflict, At: flaw.At, Text: flaw.Name, Environment: environment}}
	if !flaw.Other.IsZero() {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: flaw.Other, Text: flaw.Name, Environment: environment})
	}
	return f
}
