package buildtimeenv

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// use is a variable in the text of a command, without a word on what it is where
// it is not set.
var use = regexp.MustCompile(`(\\?)\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))`)

// automatic are arguments that BuildKit has, and that a stage must declare to
// see (https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope).
var automatic = []string{"TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", "BUILDPLATFORM", "BUILDOS", "BUILDARCH", "BUILDVARIANT"}

// scopes finds arguments and variables of a Dockerfile that a step uses in a
// stage which does not have them: they end with the stage that declares them,
// and those above the first FROM reach no stage by themselves.
func (b build) scopes() []finding.Finding {
	var findings []finding.Finding
	for i := range b.image.Stages {
		stage := &b.image.Stages[i]
		seen := map[string]bool{}
		for j := range stage.Steps {
			step := &stage.Steps[j]
			if step.Kind != "run" || len(step.Command) < 3 || step.Command[len(step.Command)-2] != "-c" {
				continue // an exec form fills nothing in
			}
			text := step.Command[len(step.Command)-1]
			for _, m := range use.FindAllStringSubmatchIndex(text, -1) {
				if m[2] != m[3] || quoted(text, m[0]) {
					continue
				}
				name := ""
				for _, g := range [][2]int{{m[4], m[5]}, {m[6], m[7]}} {
					if g[0] >= 0 {
						name = text[g[0]:g[1]]
					}
				}
				declared, where := b.elsewhere(stage, name)
				if seen[name] || !declared || b.brought(stage, name) || b.declares(stage, name, 0) || assigned(text, name) || slices.ContainsFunc(step.Env, func(s fact.Supply) bool { return s.Name == name }) {
					continue
				}
				seen[name] = true
				findings = append(findings, b.outOfScope(stage, step, name, where))
			}
		}
	}
	return findings
}

func (b build) outOfScope(stage *fact.Stage, step *fact.Step, name string, where fact.Supply) finding.Finding {
	component := ""
	if b.Owner != nil {
		component = b.Owner.Name
	}
	f := doc.Finding(finding.Warning, component, b.Environment(), name)
	f.Message = fmt.Sprintf("%s is used in a stage that does not declare it: it is empty there", name)
	f.Consequence = "the step goes on with an empty text in its place"
	f.Remedy = fmt.Sprintf("declare ARG %s below %s:%d", name, stage.At.File, stage.At.Line)
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: step.At, Text: name}}
	if !where.At.IsZero() {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: where.At, Text: name})
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Absent, At: stage.At})
	return f
}

// brought reports whether the base of a stage is known to set the variable: the
// version of what it is an image of (NODE_VERSION of node).
func (b build) brought(stage *fact.Stage, name string) bool {
	of, is := strings.CutSuffix(name, "_VERSION")
	for earlier := b.named(stage); earlier != nil; earlier = b.named(stage) {
		stage = earlier
	}
	repository, _, _ := strings.Cut(path.Base(stage.Base), ":")
	repository, _, _ = strings.Cut(repository, "@")
	return is && strings.EqualFold(of, repository)
}

// unscoped tells of instructions other than RUN, whose words the builder itself
// fills in.
func unscoped(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, d := range l.Definitions {
		for _, flaw := range d.Flaws {
			component, environments, _ := l.Where(flaw)
			if flaw.Kind != fact.Unscoped || len(environments) == 0 {
				continue
			}
			f := doc.Finding(finding.Warning, component, environments[0], flaw.Name)
			f.Message = flaw.Name + ": " + flaw.What
			f.Consequence = "the step goes on with an empty text in its place"
			f.Remedy = fmt.Sprintf("declare ARG %s in the stage, before %s:%d", flaw.Name, flaw.At.File, flaw.At.Line)
			f.Evidence = []finding.Evidence{{Role: finding.Need, At: flaw.At, Text: flaw.Name}, {Role: finding.Related, At: flaw.Other, Text: flaw.Name}}
			findings = append(findings, f)
		}
	}
	return findings
}

// elsewhere reports whether the Dockerfile declares an argument outside of the
// stage, and where. What only ENV of another stage says may stand in the base
// image too.
func (b build) elsewhere(stage *fact.Stage, name string) (bool, fact.Supply) {
	for _, s := range b.image.Args {
		if s.Name == name {
			return true, s
		}
	}
	for i := range b.image.Stages {
		other := &b.image.Stages[i]
		if other == stage {
			continue
		}
		for _, s := range other.Args {
			if s.Name == name {
				return true, s
			}
		}
	}
	return slices.Contains(automatic, name), fact.Supply{}
}

// assigned reports whether the command gives the name a value itself, or takes
// one from a file.
func assigned(text, name string) bool {
	q := regexp.QuoteMeta(name)
	return regexp.MustCompile(`\b` + q + `=|\b(for|read|local|export|declare|unset|select)\b[^;&|\n]*\b` + q + `\b|(^|[;&|\n]\s*)(\.|source)\s|eval\s|\bset -a`).MatchString(text)
}

// quoted reports whether a place of a shell's text stands between single quotes,
// where nothing is filled in.
func quoted(text string, at int) bool {
	single, double := false, false
	for i := 0; i < at; i++ {
		switch c := text[i]; {
		case c == '\\' && !single:
			i++
		case c == '\'' && !double:
			single = !single
		case c == '"' && !single:
			double = !double
		}
	}
	return single || strings.Contains(text[:at], "<<'") || strings.Contains(text[:at], "<<\"")
}
