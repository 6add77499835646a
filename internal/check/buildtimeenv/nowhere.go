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

// prefixes are the first words of names that bundlers write into what they build.
var prefixes = []string{"VITE", "NEXT", "REACT", "VUE", "NUXT", "PUBLIC", "GATSBY", "EXPO"}

// into is a folder that a command goes to before it builds: cd web, --cwd web,
// --prefix web.
var into = regexp.MustCompile(`(?:\bcd|--cwd|--prefix|-C)[ =]+(?:\./)?([\w./-]+)`)

// bundled returns the component whose bundle a step makes: an image can hold the
// bundle of one beside the server of another.
func (b build) bundled(stage *fact.Stage, step *fact.Step) *ledger.Component {
	var folders []string
	for i := range stage.Steps {
		s := &stage.Steps[i]
		if s == step {
			break
		}
		if (s.Kind == "copy" || s.Kind == "add") && s.From == "" {
			for _, source := range s.Sources {
				folders = append(folders, path.Join(b.Context, strings.TrimPrefix(source, "/")))
			}
		}
	}
	for _, m := range into.FindAllStringSubmatch(strings.Join(step.Command, " "), -1) {
		folders = append(folders, path.Join(b.Context, m[1]))
	}
	for _, c := range b.ledger.Components {
		if c.Language == "javascript" && c.Dir != "." && slices.Contains(folders, c.Dir) {
			return c
		}
	}
	return b.Owner
}

// nowhere tells of variables of the bundle of which the build of the image knows
// nothing at all: no argument, no file of variables, no step. It is likely where
// the developer's environment supplies them.
func (b build) nowhere(bundled *ledger.Component, step *fact.Step, left []fact.Need) []finding.Finding {
	if environment.ForDevelopers(b.Dockerfile) || b.Environment() == "local" || b.Guessed {
		return nil
	}
	var names []string
	var evidence []finding.Evidence
	severity := finding.Info
	for _, n := range left {
		if !slices.Contains(prefixes, prefix(n.Name)) || b.piped(n.Name) || b.copied(n.Name) {
			continue
		}
		names = append(names, n.Name)
		if len(evidence) < 8 {
			evidence = append(evidence, finding.Evidence{Role: finding.Need, At: n.At, Text: n.Text})
		}
		if s, ok := b.local(n.Name); ok {
			evidence = append(evidence, finding.Evidence{Role: finding.Supply, At: s.At, Text: ledger.Shown(s), Environment: "local"})
			severity = finding.Warning
		}
	}
	if len(names) == 0 {
		return nil
	}
	f := doc.Finding(severity, bundled.Name, b.Environment(), names[0])
	f.Message = fmt.Sprintf("the bundle is made without what it is to hold: nothing gives the build %s", strings.Join(names[:min(len(names), 8)], ", "))
	f.Consequence = "the bundle holds no value, whatever the container is given"
	f.Remedy = fmt.Sprintf("declare ARG %s before %s:%d, and give it to the build", names[0], step.At.File, step.At.Line)
	f.Evidence = append(evidence, finding.Evidence{Role: finding.Absent, At: step.At, Environment: b.Environment()})
	return []finding.Finding{f}
}

// local returns what supplies a variable on the developer's machine, other than a
// file that stands in for one.
func (b build) local(name string) (fact.Supply, bool) {
	for _, e := range b.ledger.Environments {
		if !e.IsLocal() {
			continue
		}
		for i := range e.Workloads {
			for _, s := range e.Workloads[i].Supplies {
				if s.Name == name && s.Phase == fact.Run && !s.Value.Empty() {
					return s, true
				}
			}
		}
	}
	return fact.Supply{}, false
}

// piped reports whether a pipeline has the variable: it may write a file of
// variables before it builds.
func (b build) piped(name string) bool {
	has := func(list []fact.Supply) bool {
		return slices.ContainsFunc(list, func(s fact.Supply) bool { return s.Name == name })
	}
	for _, e := range b.ledger.Environments {
		if !strings.HasPrefix(e.Name, "ci:") {
			continue
		}
		if has(e.Supplies) || slices.ContainsFunc(e.Workloads, func(w fact.Workload) bool {
			return has(w.Supplies) || strings.Contains(strings.Join(append(slices.Clone(w.Command), w.Args...), " "), name)
		}) {
			return true
		}
	}
	return false
}

// copied reports whether an example in the context says that a file of variables
// is to lie there, which the build takes in with everything else.
func (b build) copied(name string) bool {
	if b.ignores(".env") {
		return false
	}
	for _, d := range b.ledger.Definitions {
		if d.Format != "dotenv" || path.Clean(b.Context) != "." && !strings.HasPrefix(d.File, path.Clean(b.Context)+"/") {
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
