// Package buildtimeenv finds variables that are needed while an image is built
// and supplied only when it runs, and arguments of a build that do not reach
// the stage which uses them.
package buildtimeenv

import (
	"embed"

	"rehearse/internal/check"
	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "build-time-env",
	Category: finding.Environment,
	Summary:  "A variable is needed when the image is built, and is supplied only when it runs; one of many is not declared for the build; or an argument of the build does not reach the stage that uses it.",
	Why: "Bundlers write the values of some variables into what they build (VITE_, NEXT_PUBLIC_, REACT_APP_, …), and frameworks decide by others what they make. " +
		"On a developer's machine one environment serves both the build and the run. In production the image is built without the value, and to supply it afterwards changes nothing.",
	Fix: "Declare it with ARG in the stage that builds, and give it to the build; or read it when the process runs.",
	Silent: "A variable that the stage declares, or that stands in a .env file within the context, a build that happens when the container starts, " +
		"and an image whose entry point is a script: it may put the values in.",
	Sources: []string{
		"https://vite.dev/guide/env-and-mode",
		"https://nextjs.org/docs/app/guides/environment-variables",
		"https://create-react-app.dev/docs/adding-custom-environment-variables",
		"https://docs.docker.com/build/building/variables/#scoping",
		"https://docs.docker.com/reference/build-checks/undefined-var/",
		"https://doc.rust-lang.org/std/macro.env.html",
		"https://laravel.com/docs/configuration#configuration-caching",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	images := map[string]*fact.Image{}
	for i := range l.Definitions {
		for j := range l.Definitions[i].Images {
			images[l.Definitions[i].Images[j].Dockerfile] = &l.Definitions[i].Images[j]
		}
	}
	findings := append(unscoped(l), dynamic(l)...)
	told := map[string]bool{} // Dockerfiles whose arguments were looked at
	for _, b := range l.Builds {
		img := images[b.Dockerfile]
		if img == nil || len(img.Stages) == 0 {
			continue
		}
		built := build{Build: b, image: img, ledger: l}
		if !told[b.Dockerfile] && !environment.ForDevelopers(b.Dockerfile) {
			told[b.Dockerfile] = true
			findings = append(findings, built.scopes()...)
		}
		if b.Owner != nil {
			findings = append(findings, built.inlined()...)
			findings = append(findings, built.frameworks()...)
			findings = append(findings, built.compiled()...)
			findings = append(findings, built.cached()...)
		}
	}
	return findings
}

// build is how an image is built.
type build struct {
	*ledger.Build
	image  *fact.Image
	ledger *ledger.Ledger
}

// stage returns the stage that the image ends in.
func (b build) stage() *fact.Stage {
	for i := range b.image.Stages {
		if b.Target != "" && b.image.Stages[i].Name == b.Target {
			return &b.image.Stages[i]
		}
	}
	return &b.image.Stages[len(b.image.Stages)-1]
}

// runs returns where the image runs in production.
func (b build) runs() []*ledger.Run {
	var runs []*ledger.Run
	for _, u := range b.Uses {
		if u.Environment.IsProduction() && u.Run != nil && !u.Workload.Init {
			runs = append(runs, u.Run)
		}
	}
	return runs
}
