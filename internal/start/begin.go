// Package start follows what a process does whenever it starts: the commands of
// its scripts, which of them run every time, and which process stays.
package start

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// Beginning is what a process of a component does whenever it starts, up to the
// process that stays.
type Beginning struct {
	Component   *ledger.Component // nil where it is none's
	Environment string
	Run         *ledger.Run   // nil where no workload is known that starts it
	Build       *ledger.Build // nil where it is not known what image starts it
	At          source.Span
	Steps       []Step

	argv []string // of its first process; nil where it is not known
}

// Step is a command of a beginning.
type Step struct {
	Words  []string // as far as they are known; the first is the program
	At     source.Span
	Always bool // it runs at every start: no condition stands before it that is not known
	Strict bool // where it fails, the start has failed
}

// Title returns what starts is called in a report.
func (b *Beginning) Title() string {
	switch {
	case b.Component != nil:
		return b.Component.Name
	case b.Build != nil:
		return b.Build.Title()
	}
	return path.Base(path.Dir(b.At.File))
}

// Of returns what processes do whenever they start where they are
// deployed: those of images that are built here, those of other workloads, and
// those that a Procfile says. What is to end, and what only prepares a start,
// is none of it.
func Of(l *ledger.Ledger) []Beginning {
	var all []Beginning
	seen := map[*ledger.Run]bool{}
	for _, b := range l.Builds {
		for _, o := range b.Occasions() {
			if o.Moment != ledger.Starting || o.Use != nil && (o.Use.Workload.Init || o.Use.Workload.Once || !o.Use.Environment.IsProduction()) {
				continue
			}
			begins := Beginning{Component: b.Owner, Environment: o.Environment, Build: b, At: o.At}
			if o.Use != nil {
				begins.Run = o.Use.Run
				seen[o.Use.Run] = true
			}
			begins.argv = argvOf(o)
			begins.Steps = stepsOf(o, begins.argv)
			all = append(all, begins)
		}
	}
	for _, c := range l.Components {
		for _, r := range c.Production() {
			if argv, at := r.Command(); !seen[r] && len(argv) > 0 && !r.Workload.Once {
				all = append(all, Beginning{Component: c, Environment: r.Environment.Name, Run: r, At: at, Steps: plainly(argv, at)})
			}
		}
		if p := c.Start.Production; !p.IsZero() && path.Base(p.At.File) == "Procfile" {
			all = append(all, Beginning{Component: c, Environment: environment.Production, At: p.At, Steps: plainly([]string{"sh", "-c", p.Text}, p.At)})
		}
	}
	return all
}

// argvOf returns the command that starts.
func argvOf(o ledger.Occasion) []string {
	var argv []string
	if o.Use != nil {
		argv, _ = o.Use.Command(o.Build.Image())
	} else {
		argv, _, _ = o.Build.Image().Start()
	}
	return argv
}

// stepsOf returns what an occasion calls, with what its scripts say of when.
func stepsOf(o ledger.Occasion, argv []string) []Step {
	entered := map[string]bool{} // scripts that every start comes to
	for _, c := range o.Calls {
		entered[c.In] = entered[c.In] || !c.Maybe
	}
	courses := map[string]*course{}
	var all []Step
	for _, c := range o.Calls {
		s := Step{At: c.At, Always: !c.Maybe}
		for _, a := range c.Args {
			s.Words = append(s.Words, a.Text)
		}
		if len(s.Words) == 0 {
			continue
		}
		if c.In != "" {
			s.At = source.Span{File: o.Build.Source(c.In), Line: c.Line}
		}
		in, read := courses[c.In]
		if !read {
			in = courseIn(o, c.In, argv)
			courses[c.In] = in
		}
		if in != nil {
			if p, ok := in.at(max(c.Line, 1), s.Words[0]); ok {
				s.Always, s.Strict = p.always && entered[c.In], p.strict
			} else if p, ok := in.at(max(c.Line, 1), path.Base(s.Words[0])); ok {
				s.Always, s.Strict = p.always && entered[c.In], p.strict
			}
		}
		all = append(all, s)
	}
	return all
}

// courseIn reads a script of the image, or the text that a shell is given.
func courseIn(o ledger.Occasion, in string, argv []string) *course {
	if in == "" {
		if text, _, ok := ledger.ShellText(argv); ok {
			return courseOf(text, []string{})
		}
		return nil
	}
	if path.Base(in) == "package.json" {
		return nil
	}
	data, ok := o.Build.Read(in)
	if !ok {
		return nil
	}
	var arguments []string // unknown, unless the command starts it
	for i, a := range argv {
		if path.Base(a) == path.Base(in) {
			arguments = append([]string{}, argv[i+1:]...)
		}
	}
	if slices.ContainsFunc(arguments, func(a string) bool { return strings.Contains(a, "$") }) {
		arguments = nil
	}
	return courseOf(string(data), arguments)
}

// plainly returns the steps of a command that is started as it is written.
func plainly(argv []string, at source.Span) []Step {
	text, _, ok := ledger.ShellText(argv)
	if !ok {
		return []Step{{Words: argv, At: at, Always: true}}
	}
	c := courseOf(text, []string{})
	if c == nil {
		return nil
	}
	var all []Step
	for _, p := range c.passed {
		all = append(all, Step{Words: p.words, At: at, Always: p.always, Strict: p.strict})
	}
	return all
}

// Development reports whether a beginning is of a process that is told to run
// as on a developer's machine.
func (b *Beginning) Development() bool {
	for _, name := range []string{"APP_ENV", "RAILS_ENV", "RACK_ENV", "NODE_ENV", "FLASK_ENV", "DJANGO_ENV", "ENVIRONMENT"} {
		text := ""
		if b.Run != nil {
			if s, _, state := b.Run.Variable(name); state == ledger.Supplied && s.Value.Origin == fact.Literal {
				text = s.Value.Reveal()
			}
		} else if b.Build != nil {
			for _, s := range stageOf(b.Build.Image()) {
				if s.Name == name && s.Value.Origin == fact.Literal {
					text = s.Value.Reveal()
				}
			}
		}
		switch strings.ToLower(text) {
		case "dev", "development", "local", "test", "testing", "debug", "demo":
			return true
		}
	}
	return false
}

func stageOf(i *image.Image) []fact.Supply {
	if i == nil {
		return nil
	}
	return i.Definition().Env
}
