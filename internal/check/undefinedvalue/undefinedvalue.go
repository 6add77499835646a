// Package undefinedvalue finds references to what nothing defines: values that a
// chart's templates read, objects and keys that a manifest names, what a
// workflow takes from elsewhere.
package undefinedvalue

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/environment"
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
	Name:     "undefined-value",
	Category: finding.Environment,
	Summary:  "A definition refers to what nothing defines: a values path of a chart, a ConfigMap, a Secret or a key of one, a claim, a service account, an output of a step.",
	Why: "A developer's machine reads none of these definitions. In production a template writes nothing in the place of a value that no values file has, " +
		"and a container that names a key which its ConfigMap lacks is never started.",
	Fix: "Define what is named, or name what is defined: most often the other spelling is in the same tree.",
	Silent: "What is optional, has a default or is asked for before it is read; a Secret that no file declares, since it is made by hand or by an operator, " +
		"as long as no other name of it is in the tree; values that a pipeline or a script sets; parts of a chart or an overlay that come from elsewhere.",
	Sources: []string{
		"https://helm.sh/docs/chart_template_guide/values_files/",
		"https://kubernetes.io/docs/concepts/configuration/configmap/#using-configmaps",
		"https://kubernetes.io/docs/concepts/configuration/secret/#restriction-secret-must-exist",
		"https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
		"https://docs.github.com/en/actions/reference/workflows-and-actions/contexts",
		"https://github.com/compose-spec/compose-spec/blob/main/05-services.md",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, d := range l.Definitions {
		for _, flaw := range d.Flaws {
			if flaw.Kind == fact.Undefined && (d.Format != "dockerfile" || built(l, flaw)) && !parted(l, d, flaw) {
				findings = append(findings, undefined(l, flaw))
			}
		}
	}
	findings = append(findings, workflows(l)...)
	findings = append(findings, calls(l)...)
	seen := map[place]bool{}
	tree, laid := everywhere(l.Environments), sets(l.Environments)
	for _, e := range l.Environments {
		lacking := slices.Concat(gaps(e, tree, laid), projects(l, e))
		temper(lacking)
		for _, g := range lacking {
			// Environments of one name, and those that share a base, are told of once.
			key := place{g.at, g.subject}
			if seen[key] {
				continue
			}
			seen[key] = true
			findings = append(findings, g.finding(l, e))
		}
	}
	return findings
}

// parted reports whether another template of CloudFormation declares what one
// refers to: the two may be parts that something puts together.
func parted(l *ledger.Ledger, d fact.Definition, flaw fact.Flaw) bool {
	if d.Format != "cloudformation" {
		return false
	}
	name, _, _ := strings.Cut(flaw.Name, ".")
	return slices.ContainsFunc(l.Definitions, func(o fact.Definition) bool {
		return o.Format == d.Format && o.File != d.File && slices.ContainsFunc(o.Objects, func(ob fact.Object) bool { return strings.HasPrefix(name, ob.Name) })
	})
}

type place struct {
	at      source.Span
	subject string
}

// undefined tells of a flaw that a reader saw.
func undefined(l *ledger.Ledger, flaw fact.Flaw) finding.Finding {
	component, environment := where(l, flaw.At.File, flaw.Workload)
	if inImage, environments, _ := l.Where(flaw); environment == "" && len(environments) > 0 {
		component, environment = inImage, environments[0]
	}
	severity := finding.Warning
	switch {
	case !flaw.Doubt && (flaw.Fatal || flaw.Near != ""):
		severity = finding.Error
	case flaw.Variable != "" && flaw.Near == "" && !needed(l, component, flaw.Variable):
		severity = finding.Info // it may be meant to be empty
	}
	f := doc.Finding(severity, component, environment, flaw.Name)
	f.Message = flaw.Name + ": " + flaw.What
	f.Consequence = "nothing stands where the value should, and what needs it fails when it is used"
	f.Remedy = fmt.Sprintf("define %s, or read at %s:%d what is defined", flaw.Name, flaw.At.File, flaw.At.Line)
	if flaw.Fatal {
		f.Consequence = "the definition is refused, and nothing is deployed"
	}
	if built(l, flaw) {
		f.Consequence = "a step of the build goes on with an empty text, or fails"
		if flaw.Fatal {
			f.Consequence = "the image cannot be built"
		}
	}
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: flaw.At, Text: flaw.Name, Environment: environment}}
	if flaw.Near != "" {
		f.Message += "; " + flaw.Near + " is there"
		f.Remedy = fmt.Sprintf("write %s for %s at %s:%d", flaw.Near, flaw.Name, flaw.At.File, flaw.At.Line)
	}
	if !flaw.Other.IsZero() {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: flaw.Other, Text: flaw.Near, Environment: environment})
	}
	return f
}

// built reports whether a flaw is one of a Dockerfile that an image of production
// is built by.
func built(l *ledger.Ledger, flaw fact.Flaw) bool {
	return slices.ContainsFunc(l.Builds, func(b *ledger.Build) bool {
		return b.Dockerfile == flaw.At.File && !environment.ForDevelopers(b.Dockerfile) && !b.ForTests()
	})
}

// needed reports whether the code of a component reads a variable without a
// default.
func needed(l *ledger.Ledger, component, name string) bool {
	c := l.Component(component)
	if c == nil {
		return false
	}
	return slices.ContainsFunc(c.Variables()[name], func(n fact.Need) bool { return n.Necessity == fact.Required && !n.Browser })
}

// where returns the component and the environment that a file of definitions is
// about: those in which a workload of the file runs.
func where(l *ledger.Ledger, file, workload string) (component, environment string) {
	for _, c := range l.Components {
		for _, r := range c.Runs {
			if w := r.Workload; w != nil && w.At.File == file && (workload == "" || w.Name == workload) && component == "" {
				component = c.Name
			}
		}
	}
	for _, e := range l.Environments {
		if slices.Contains(e.From, file) && (environment == "" || e.IsProduction()) {
			if environment = e.Name; e.IsProduction() {
				break
			}
		}
	}
	return component, environment
}
