package buildtimeenv

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// bundles are the commands that write variables into what they build.
var bundles = regexp.MustCompile(`\b(npm|pnpm|yarn|bun|npx|turbo|nx|ng|vite|next|nuxt|astro|gatsby|react-scripts|vue-cli-service|svelte-kit|webpack|expo|craco)\b[^&|;]*\b(build|generate|export|production)\b`)

// handheld are variables of a bundle for telephones, which no image holds.
var handheld = regexp.MustCompile(`^EXPO_PUBLIC_.*_(APPLE|IOS|GOOGLE|ANDROID)(_|$)`)

// inlined finds variables that a bundler writes into what it builds, and that
// only the run is given.
func (b build) inlined() []finding.Finding {
	step, stage := b.bundling()
	if step == nil || scripted(b.stage()) {
		return nil
	}
	bundled := b.bundled(stage, step)
	var findings []finding.Finding
	seen := map[string]bool{}
	var given, left, optional []fact.Need
	for _, n := range bundled.Needs {
		if n.Kind != fact.Variable || n.Phase != fact.Build || seen[n.Name] || ledger.Ambient(n.Name) || bundled.Tool(n.At.File) || served(bundled, n.Name) {
			continue
		}
		seen[n.Name] = true
		if n.Browser && n.Necessity == fact.Guarded {
			if b.given(stage, step, n.Name) {
				given = append(given, n)
			} else {
				optional = append(optional, n)
			}
			continue
		}
		if arg, ok := b.hollow(stage, n.Name); ok && !b.handed(stage, step, n.Name) {
			findings = append(findings, b.ungiven(n, arg)...)
			given = append(given, n)
			continue
		}
		if b.given(stage, step, n.Name) {
			given = append(given, n)
			continue
		}
		environments := map[string]bool{}
		for _, r := range b.runs() {
			if i := slices.IndexFunc(r.Explicit(), func(s fact.Supply) bool { return s.Name == n.Name }); i >= 0 && !environments[r.Environment.Name] {
				environments[r.Environment.Name] = true
				findings = append(findings, late(b, n, r, r.Explicit()[i], step))
			}
		}
		switch {
		case len(environments) > 0:
		case n.Necessity == fact.Required:
			left = append(left, n)
		default:
			optional = append(optional, n)
		}
	}
	forgotten := b.forgotten(stage, given, left, finding.Warning)
	if len(forgotten) == 0 && len(findings) == 0 {
		forgotten = b.nowhere(bundled, step, left)
	}
	findings = append(findings, forgotten...)
	return append(findings, b.forgotten(stage, given, optional, finding.Info)...)
}

// served reports whether a server of the component reads the variable too, when it
// runs: it is what hands the value to the browser.
func served(c *ledger.Component, name string) bool {
	return slices.ContainsFunc(c.Variables()[name], func(n fact.Need) bool { return !n.Browser && strings.Contains("/"+n.At.File, "/server/") })
}

// forgotten finds variables that a build leaves out of a list: it declares most
// of those that the code reads, and nothing gives it these.
func (b build) forgotten(stage *fact.Stage, given, left []fact.Need, severity finding.Severity) []finding.Finding {
	var relatives []fact.Supply
	for _, n := range given {
		for _, s := range append(slices.Clone(stage.Args), stage.Env...) {
			if s.Name == n.Name && !slices.ContainsFunc(relatives, func(o fact.Supply) bool { return o.Name == s.Name }) {
				relatives = append(relatives, s)
			}
		}
	}
	if len(relatives) < 2 || len(left) > len(relatives) || environment.ForDevelopers(b.Dockerfile) || b.Environment() == "local" {
		return nil
	}
	var findings []finding.Finding
	for _, n := range left {
		if handheld.MatchString(n.Name) || !slices.ContainsFunc(relatives, func(s fact.Supply) bool { return prefix(s.Name) == prefix(n.Name) }) {
			continue
		}
		f := doc.Finding(severity, b.Owner.Name, b.Environment(), n.Name)
		last := relatives[len(relatives)-1]
		f.Message = fmt.Sprintf("%s is written into the bundle when the image is built, and the build declares %s and others of its kind, but not this one", n.Name, last.Name)
		f.Consequence = "the bundle holds no value, whatever the container is given"
		f.Remedy = fmt.Sprintf("declare ARG %s beside %s:%d, and give it to the build", n.Name, last.At.File, last.At.Line)
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: n.At, Text: n.Text},
			{Role: finding.Absent, At: last.At, Text: last.Name, Environment: b.Environment()},
		}
		findings = append(findings, f)
	}
	return findings
}

// prefix is the first word of a name, by which bundlers tell what they may
// write into what they build.
func prefix(name string) string {
	first, _, _ := strings.Cut(name, "_")
	return first
}

func late(b build, n fact.Need, r *ledger.Run, s fact.Supply, step *fact.Step) finding.Finding {
	severity := finding.Warning
	if n.Necessity == fact.Required {
		severity = finding.Error
	}
	f := doc.Finding(severity, b.Owner.Name, r.Environment.Name, n.Name)
	f.Message = fmt.Sprintf("%s is written into the bundle when the image is built, and %s supplies it only when it runs", n.Name, r.Environment.Name)
	f.Consequence = "the bundle holds no value, whatever the container is given"
	if n.Necessity == fact.Defaulted {
		f.Consequence = "the bundle holds the default, whatever the container is given"
	}
	f.Remedy = fmt.Sprintf("declare ARG %s before %s:%d, and give it to the build", n.Name, step.At.File, step.At.Line)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: n.At, Text: n.Text},
		{Role: finding.Absent, At: step.At},
		{Role: finding.Conflict, At: s.At, Text: ledger.Shown(s), Environment: r.Environment.Name},
	}
	return f
}

// bundling returns the step that runs a bundler, and its stage.
func (b build) bundling() (*fact.Step, *fact.Stage) {
	for i := range b.image.Stages {
		stage := &b.image.Stages[i]
		for j := range stage.Steps {
			if step := &stage.Steps[j]; step.Kind == "run" && bundles.MatchString(strings.Join(step.Command, " ")) {
				return step, stage
			}
		}
	}
	return nil, nil
}

// scripted reports whether a stage starts a script, or builds when it starts:
// what becomes of the bundle then is not known.
func scripted(s *fact.Stage) bool {
	start := strings.Join(append(slices.Clone(s.Entrypoint), s.Cmd...), " ")
	return strings.Contains(start, ".sh") || strings.Contains(start, "entrypoint") || strings.Contains(start, "envsubst") || bundles.MatchString(start)
}

// given reports whether a variable reaches a step of the build: by the stage,
// by the step itself, or by a .env file of the context.
func (b build) given(stage *fact.Stage, step *fact.Step, name string) bool {
	return b.declares(stage, name, 0) || b.handed(stage, step, name) ||
		slices.ContainsFunc(step.Env, func(s fact.Supply) bool { return s.Name == name })
}

// handed reports whether a variable reaches a step otherwise than by the words of
// the stage.
func (b build) handed(stage *fact.Stage, step *fact.Step, name string) bool {
	if strings.Contains(strings.Join(step.Command, " "), name) {
		return true
	}
	if slices.ContainsFunc(step.Mounts, func(m fact.Mount) bool { return m.Kind == "secret" }) {
		return true
	}
	for _, earlier := range stage.Steps {
		text := strings.Join(earlier.Command, " ")
		if earlier.Kind == "run" && (strings.Contains(text, name) || strings.Contains(text, ".env")) {
			return true
		}
	}
	for _, d := range b.ledger.Definitions {
		if d.Format != "dotenv" || !strings.HasPrefix(path.Base(d.File), ".env") {
			continue
		}
		inside := strings.TrimPrefix(d.File, path.Clean(b.Context)+"/")
		if path.Clean(b.Context) != "." && inside == d.File || !b.Has(inside) || b.ignores(path.Base(d.File)) {
			continue
		}
		for _, set := range d.Sets {
			if slices.ContainsFunc(set.Supplies, func(s fact.Supply) bool { return s.Name == name }) {
				return true
			}
		}
	}
	return false
}

// ignores reports whether the context leaves out .env files of that name.
func (b build) ignores(base string) bool {
	data, ok := b.Read(".dockerignore")
	return ok && slices.ContainsFunc(strings.Fields(string(data)), func(pattern string) bool {
		last := path.Base(pattern)
		matched, err := path.Match(last, base)
		return err == nil && matched && !strings.HasPrefix(pattern, "!") && strings.Contains(last, "env")
	})
}

// declares reports whether a stage, or one that it is built on, has the
// variable.
func (b build) declares(stage *fact.Stage, name string, depth int) bool {
	has := func(list []fact.Supply) bool {
		return slices.ContainsFunc(list, func(s fact.Supply) bool { return s.Name == name })
	}
	if has(stage.Env) || has(stage.Args) {
		return true
	}
	if base := b.named(stage); base != nil && depth < len(b.image.Stages) {
		return b.declares(base, name, depth+1)
	}
	return false
}

// named returns the earlier stage that a stage is built on, nil where it is an
// image.
func (b build) named(stage *fact.Stage) *fact.Stage {
	for i := range b.image.Stages {
		s := &b.image.Stages[i]
		if s == stage {
			return nil
		}
		if s.Name != "" && strings.EqualFold(s.Name, stage.Base) || fmt.Sprint(i) == stage.Base {
			return s
		}
	}
	return nil
}
