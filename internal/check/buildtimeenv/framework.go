package buildtimeenv

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// frameworks are commands of a build whose outcome depends on a variable.
var frameworks = []struct {
	command  string
	variable string
	default_ string // what the command takes where it is not set
	source   string
}{
	{"assets:precompile", "RAILS_ENV", "development", "https://guides.rubyonrails.org/asset_pipeline.html"},
	{"webpacker:compile", "RAILS_ENV", "development", "https://guides.rubyonrails.org/asset_pipeline.html"},
	{"vite:build", "RAILS_ENV", "development", "https://vite-ruby.netlify.app/guide/deployment.html"},
	{"phx.digest", "MIX_ENV", "dev", "https://hexdocs.pm/phoenix/releases.html"},
	{"mix release", "MIX_ENV", "dev", "https://hexdocs.pm/mix/Mix.Tasks.Release.html"},
	{"cache:warmup", "APP_ENV", "dev", "https://symfony.com/doc/current/deployment.html"},
	{"asset-map:compile", "APP_ENV", "dev", "https://symfony.com/doc/current/frontend/asset_mapper.html"},
	{"collectstatic", "DJANGO_SETTINGS_MODULE", "the one of manage.py", "https://docs.djangoproject.com/en/stable/howto/static-files/deployment/"},
}

// frameworks finds steps of a build that depend on the environment of a
// framework, which only the run is given.
func (b build) frameworks() []finding.Finding {
	var findings []finding.Finding
	for i := range b.image.Stages {
		stage := &b.image.Stages[i]
		for j := range stage.Steps {
			step := &stage.Steps[j]
			text := strings.Join(step.Command, " ")
			if step.Kind != "run" {
				continue
			}
			for _, f := range frameworks {
				if !strings.Contains(text, f.command) || strings.Contains(text, f.variable) || strings.Contains(text, "--env") || strings.Contains(text, "--settings") ||
					b.declares(stage, f.variable, 0) || b.baked(stage, f.variable) {
					continue
				}
				findings = append(findings, b.framework(f.command, f.variable, f.default_, step)...)
			}
		}
	}
	return findings
}

// baked reports whether the base of a stage is an image that may set the
// variable: one that is no plain runtime.
func (b build) baked(stage *fact.Stage, variable string) bool {
	for base := stage; ; {
		earlier := b.named(base)
		if earlier == nil {
			name, _, _ := strings.Cut(base.Base, ":")
			return !slices.Contains(runtimes, path.Base(name))
		}
		if b.declares(earlier, variable, 0) {
			return true
		}
		base = earlier
	}
}

// runtimes are base images that set nothing of a framework.
var runtimes = []string{"ruby", "python", "node", "php", "elixir", "erlang", "debian", "ubuntu", "alpine", "phusion/baseimage", "jruby"}

func (b build) framework(command, variable, fallback string, step *fact.Step) []finding.Finding {
	var findings []finding.Finding
	seen := map[string]bool{}
	for _, r := range b.runs() {
		i := slices.IndexFunc(r.Explicit(), func(s fact.Supply) bool { return s.Name == variable })
		if i < 0 || seen[r.Environment.Name] {
			continue
		}
		s := r.Explicit()[i]
		seen[r.Environment.Name] = true
		f := doc.Finding(finding.Warning, b.Owner.Name, r.Environment.Name, variable)
		f.Message = fmt.Sprintf("%s is run when the image is built, without the %s that %s supplies when it runs", command, variable, r.Environment.Name)
		f.Consequence = fmt.Sprintf("what it makes is that of another environment (%s), and may not be where the process looks for it", fallback)
		f.Remedy = fmt.Sprintf("set %s before %s:%d", variable, step.At.File, step.At.Line)
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: step.At, Text: command},
			{Role: finding.Conflict, At: s.At, Text: ledger.Shown(s), Environment: r.Environment.Name},
		}
		findings = append(findings, f)
	}
	return findings
}

// cached finds calls of Laravel's env() outside of the configuration, where the
// configuration is cached: env() gives nothing then.
func (b build) cached() []finding.Finding {
	at, caches := b.caches()
	if b.Owner.Language != "php" || !caches {
		return nil
	}
	var findings []finding.Finding
	for _, n := range b.Owner.Needs {
		inside := strings.TrimPrefix(strings.TrimPrefix(n.At.File, b.Owner.Dir), "/")
		if n.Kind != fact.Variable || !strings.HasPrefix(n.Text, "env(") || strings.HasPrefix(inside, "config/") || strings.HasPrefix(inside, "vendor/") || b.Owner.Tool(n.At.File) {
			continue
		}
		f := doc.Finding(finding.Warning, b.Owner.Name, b.Environment(), n.Name)
		f.Message = fmt.Sprintf("%s is read with env() outside of the configuration, and the configuration is cached: env() gives nothing then", n.Name)
		f.Consequence = "the code goes on with null, or with its default, whatever the environment says"
		f.Remedy = "read it in a file of config/, and ask config() for it"
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: n.At, Text: n.Text},
			{Role: finding.Conflict, At: at.At, Text: "config:cache"},
		}
		findings = append(findings, f)
	}
	return findings
}

// caches returns the step by which the image caches its configuration.
func (b build) caches() (fact.Step, bool) {
	for _, stage := range b.image.Stages {
		start := fact.Step{At: stage.StartAt, Command: append(slices.Clone(stage.Entrypoint), stage.Cmd...)}
		for _, step := range append(slices.Clone(stage.Steps), start) {
			text := strings.Join(step.Command, " ")
			if strings.Contains(text, "config:cache") || strings.Contains(text, "artisan optimize") {
				return step, true
			}
		}
	}
	return fact.Step{}, false
}
