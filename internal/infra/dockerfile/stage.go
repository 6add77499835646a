package dockerfile

import (
	"path"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// builder makes the image of one file.
type builder struct {
	file   source.File
	lines  [][]byte
	escape rune
	def    *fact.Definition
	spent  int // bytes of values
	held   int // variables that steps and stages keep of their own
	fired  int // steps that stages begin with
	stages []*stage
	names  []label // of all stages, those to come among them
}

// stage is a stage while it is read.
type stage struct {
	fact.Stage
	scope   scope
	vars    []fact.Supply // what is set: ENV and ARG, the later before the earlier of the same name
	env     map[string]int
	workDir string // WorkDir, or where the base begins
	shell   []string
	cmd     bool // it has a CMD of its own

	triggers []*instructions.OnbuildCommand // what stages that are FROM it begin with
	built    bool                           // one is
}

// workDirs are where images that others build on begin, where that is not the
// root (the WORKDIR of their Dockerfiles, https://github.com/docker-library).
var workDirs = map[string]string{
	"golang": "/go", "php": "/var/www/html", "wordpress": "/var/www/html", "drupal": "/opt/drupal", "composer": "/app",
	"gradle": "/home/gradle", "tomcat": "/usr/local/tomcat", "jetty": "/var/lib/jetty", "haproxy": "/var/lib/haproxy",
}

// image reads the stages in order, each upon the one that it is FROM.
func (b *builder) image(stages []instructions.Stage, global []instructions.ArgCommand) (fact.Image, *infra.Error) {
	outer := newScope(b.escape, &b.spent)
	image := fact.Image{Dockerfile: b.file.Path}
	for i := range global {
		for _, arg := range global[i].Args {
			if arg.Value != nil {
				outer.values[arg.Key] = b.word(outer, *arg.Value, global[i].Location())
			}
			supply := fact.Supply{Kind: fact.Variable, Name: arg.Key, At: b.find(arg.Key, global[i].Location()), Phase: fact.Build, Value: fact.Passed(arg.Key)}
			if arg.Value != nil {
				supply.Value = value(outer.values[arg.Key])
			}
			image.Args = append(image.Args, supply)
		}
	}
	b.names = b.labels(stages)
	for _, from := range stages {
		b.begun(from, outer, image.Args)
		b.twice(from)
		s := b.begin(from, outer)
		for _, command := range b.inherited(s) {
			b.command(s, command, outer)
		}
		for _, command := range from.Commands {
			b.used(s, command, image.Args)
			b.command(s, command, outer)
			if len(s.vars) > maxEnv || b.held > maxHeld {
				return image, &infra.Error{At: b.at(command.Location()), Reason: "sets too many variables"}
			}
		}
		b.stages = append(b.stages, s)
		image.Stages = append(image.Stages, s.Stage)
	}
	for _, s := range b.stages {
		for _, t := range s.triggers {
			if !s.built {
				b.unread(b.at(t.Location()), "ONBUILD acts on images that are built on this one, and is not read")
			}
		}
	}
	return image, nil
}

// inherited returns what a stage that is FROM another begins with
// (https://docs.docker.com/reference/dockerfile/#onbuild).
func (b *builder) inherited(s *stage) []instructions.Command {
	parent := b.parent(s.Base)
	if parent == nil {
		return nil
	}
	parent.built = true
	var all []instructions.Command
	for _, t := range parent.triggers {
		line := 1
		if at := t.Location(); len(at) > 0 {
			line = max(at[0].Start.Line, 1)
		}
		// In front of it as many lines as there are: what is found stands there.
		tree, err := parser.Parse(strings.NewReader(strings.Repeat("\n", line-1) + t.Expression))
		if err != nil || len(tree.AST.Children) != 1 {
			continue
		}
		command, err := instructions.ParseInstruction(tree.AST.Children[0])
		if err != nil {
			continue
		}
		if c, ok := command.(instructions.Command); ok && b.fired < maxFired {
			b.fired++
			all = append(all, c)
		}
	}
	return all
}

// begin returns the stage as its FROM makes it.
func (b *builder) begin(from instructions.Stage, outer scope) *stage {
	s := &stage{scope: newScope(b.escape, &b.spent), env: map[string]int{}, shell: []string{"/bin/sh", "-c"}, workDir: "/"}
	base := plain(b.word(outer, from.BaseName, from.Location))
	if parent := b.parent(base); parent != nil {
		*s = *parent
		s.scope = parent.scope.clone()
		s.env = make(map[string]int, len(parent.env))
		for name, i := range parent.env {
			s.env[name] = i
		}
		s.Env = append([]fact.Supply(nil), parent.Env...)
		s.vars = append([]fact.Supply(nil), parent.vars...)
		b.held += 2 * len(parent.vars)
		s.Expose, s.Volumes, s.Args = clip(parent.Expose), clip(parent.Volumes), clip(parent.Args)
		s.Steps, s.cmd, s.triggers, s.built = nil, false, nil, false
	} else if dir, known := workDirs[repository(base)]; known {
		s.workDir = dir
	}
	s.Name, s.Base, s.At = from.Name, base, b.at(from.Location)
	s.Platform = plain(b.word(outer, from.Platform, from.Location))
	return s
}

// clip makes an append to a slice copy it.
func clip[T any](s []T) []T { return s[:len(s):len(s)] }

// parent returns the stage of that name, the last where several have it.
func (b *builder) parent(name string) *stage {
	for i := len(b.stages) - 1; i >= 0; i-- {
		if strings.EqualFold(b.stages[i].Name, name) {
			return b.stages[i]
		}
	}
	return nil
}

// repository returns the name of an official image: golang of golang:1.26 and
// of docker.io/library/golang@sha256:….
func repository(image string) string {
	name, _, _ := strings.Cut(image, "@")
	name = strings.TrimPrefix(strings.TrimPrefix(name, "docker.io/"), "library/")
	name, _, _ = strings.Cut(name, ":")
	return name
}

// command lets one instruction act upon the stage.
func (b *builder) command(s *stage, command instructions.Command, outer scope) {
	at := b.at(command.Location())
	switch c := command.(type) {
	case *instructions.EnvCommand:
		b.setEnv(s, c)
	case *instructions.ArgCommand:
		b.declare(s, c, outer)
	case *instructions.WorkdirCommand:
		s.WorkDir = path.Clean(under(s.workDir, plain(b.word(s.scope, c.Path, c.Location()))))
		s.workDir = s.WorkDir
	case *instructions.UserCommand:
		s.User = plain(b.word(s.scope, c.User, c.Location()))
	case *instructions.CopyCommand:
		partial := c.Parents || len(c.ExcludePatterns) > 0
		b.copied(s, fact.Step{Kind: "copy", At: at, From: c.From, Partial: partial, Owner: c.Chown, Mode: c.Chmod}, c.SourcesAndDest, c.Location())
	case *instructions.AddCommand:
		step := fact.Step{Kind: "add", At: at, Partial: len(c.ExcludePatterns) > 0, Unpack: c.Unpack != nil && *c.Unpack, Owner: c.Chown, Mode: c.Chmod}
		b.copied(s, step, c.SourcesAndDest, c.Location())
	case *instructions.RunCommand:
		s.Steps = append(s.Steps, fact.Step{
			Kind: "run", At: at, WorkDir: s.workDir, Command: s.line(c.ShellDependantCmdLine), Env: clip(s.vars),
			User: s.User, Mounts: b.mounts(s, c, at),
		})
	case *instructions.ShellCommand:
		s.shell = c.Shell
	case *instructions.EntrypointCommand:
		s.Entrypoint, s.StartAt = s.line(c.ShellDependantCmdLine), at
		if !s.cmd {
			s.Cmd = nil // that of the base is not for this entrypoint
		}
	case *instructions.CmdCommand:
		s.Cmd, s.StartAt, s.cmd = s.line(c.ShellDependantCmdLine), at, true
	case *instructions.ExposeCommand:
		b.expose(s, c, at)
	case *instructions.VolumeCommand:
		for _, volume := range c.Volumes {
			s.Volumes = append(s.Volumes, plain(b.word(s.scope, volume, c.Location())))
		}
	case *instructions.HealthCheckCommand:
		s.Health = health(s, c, at)
	case *instructions.OnbuildCommand:
		s.triggers = append(s.triggers, c)
	}
}

// mounts returns what the options of a RUN mount for it alone.
func (b *builder) mounts(s *stage, c *instructions.RunCommand, at source.Span) []fact.Mount {
	var mounts []fact.Mount
	expand := func(word string) (string, error) { return plain(b.word(s.scope, word, c.Location())), nil }
	if err := c.Expand(expand); err != nil {
		b.unread(at, "a mount that is not understood")
		return nil
	}
	for _, m := range instructions.GetMounts(c) {
		mount := fact.Mount{Kind: string(m.Type), Source: m.Source, From: m.From, ReadOnly: m.ReadOnly, At: at}
		if m.Target != "" {
			mount.Path = path.Clean(under(s.workDir, m.Target))
		}
		mounts = append(mounts, mount)
	}
	return mounts
}

func (b *builder) setEnv(s *stage, c *instructions.EnvCommand) {
	texts, errs := make([]string, len(c.Env)), make([]error, len(c.Env))
	for i, pair := range c.Env { // a value does not see those of the same instruction
		texts[i], errs[i] = s.scope.expand(pair.Value)
	}
	for i, pair := range c.Env {
		supply := fact.Supply{Kind: fact.Variable, Name: pair.Key, At: b.find(pair.Key, c.Location())}
		if errs[i] != nil {
			b.unread(supply.At, "the value of "+pair.Key+" cannot be told")
			supply.Value = fact.Unknowable("its variables cannot be filled in")
			delete(s.scope.values, pair.Key)
		} else {
			supply.Value = value(texts[i])
			s.scope.values[pair.Key] = texts[i]
		}
		if i, again := s.env[pair.Key]; again {
			s.Env[i] = supply
		} else {
			s.env[pair.Key] = len(s.Env)
			s.Env = append(s.Env, supply)
		}
		b.set(s, supply)
	}
}

// declare reads an ARG. One without a default has that of the ARG of the same
// name above the first FROM; an ENV of the same name goes before it.
func (b *builder) declare(s *stage, c *instructions.ArgCommand, outer scope) {
	for _, arg := range c.Args {
		supply := fact.Supply{Kind: fact.Variable, Name: arg.Key, At: b.find(arg.Key, c.Location()), Phase: fact.Build, Value: fact.Passed(arg.Key)}
		text, known := outer.values[arg.Key]
		if arg.Value != nil {
			text, known = b.word(s.scope, *arg.Value, c.Location()), true
		}
		if known {
			supply.Value = value(text)
		}
		s.Args = append(s.Args, supply)
		if _, covered := s.env[arg.Key]; covered {
			continue
		}
		delete(s.scope.values, arg.Key)
		if known {
			s.scope.values[arg.Key] = text
		}
		b.set(s, supply)
	}
}

// set adds to what the later steps see, where a name stands but once.
func (b *builder) set(s *stage, supply fact.Supply) {
	for i, other := range s.vars {
		if other.Name == supply.Name {
			// Earlier steps share the slice, and keep what they saw.
			b.held += len(s.vars)
			s.vars = append(append(make([]fact.Supply, 0, len(s.vars)), s.vars[:i]...), s.vars[i+1:]...)
			break
		}
	}
	s.vars = append(s.vars, supply)
}

func (b *builder) copied(s *stage, step fact.Step, files instructions.SourcesAndDest, location []parser.Range) {
	step.WorkDir, step.User = s.workDir, s.User
	if step.Owner != "" {
		step.Owner = plain(b.word(s.scope, step.Owner, location))
	}
	if step.Mode != "" {
		step.Mode = plain(b.word(s.scope, step.Mode, location))
	}
	for _, name := range files.SourcePaths {
		step.Sources = append(step.Sources, plain(b.word(s.scope, name, location)))
	}
	for _, content := range files.SourceContents {
		step.Sources = append(step.Sources, "<<"+content.Path)
	}
	target := plain(b.word(s.scope, files.DestPath, location))
	step.Astray = s.WorkDir == "" && !strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "$")
	step.Target = under(s.workDir, target)
	s.Steps = append(s.Steps, step)
}

// under returns a path as absolute. It ends in a slash where it says that it
// is a folder.
func under(dir, name string) string {
	folder := strings.HasSuffix(name, "/") || name == "." || strings.HasSuffix(name, "/.")
	if !strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "${") {
		name = dir + "/" + name
	}
	name = path.Clean(name)
	if folder && name != "/" {
		name += "/"
	}
	return name
}

// line returns a command as what is executed.
func (s *stage) line(c instructions.ShellDependantCmdLine) []string {
	if !c.PrependShell {
		return append([]string{}, c.CmdLine...)
	}
	text := strings.Join(c.CmdLine, " ")
	if len(c.Files) > 0 {
		if heredoc, err := parser.ParseHeredoc(text); err == nil && heredoc != nil {
			text = c.Files[0].Data // nothing but a heredoc: it is the script
		} else {
			for _, file := range c.Files {
				text += "\n" + file.Data + file.Name
			}
		}
	}
	return append(clip(s.shell), text)
}

func (b *builder) expose(s *stage, c *instructions.ExposeCommand, at source.Span) {
	for _, word := range c.Ports {
		text := plain(b.word(s.scope, word, c.Location()))
		for _, port := range strings.Fields(text) {
			name, _, _ := strings.Cut(port, "/")
			low, high, ranged := strings.Cut(name, "-")
			from, err := strconv.Atoi(low)
			to, rangeErr := strconv.Atoi(high)
			if err != nil || from < 1 || from > 65535 {
				s.Expose = append(s.Expose, fact.Port{Name: name, At: at})
				continue
			}
			if !ranged || rangeErr != nil || to-from > 100 {
				to = from
			}
			if len(s.Expose) > maxPorts {
				b.unread(at, "exposes more ports than are read")
				return
			}
			for n := from; n <= to; n++ {
				s.Expose = append(s.Expose, fact.Port{Number: n, At: at})
			}
		}
	}
}

func health(s *stage, c *instructions.HealthCheckCommand, at source.Span) *fact.Probe {
	test := c.Health.Test
	if len(test) < 2 {
		return nil // NONE
	}
	probe := &fact.Probe{Kind: "healthcheck", At: at, Command: test[1:]}
	if test[0] == "CMD-SHELL" {
		probe.Command = append(clip(s.shell), strings.Join(test[1:], " "))
	}
	return probe
}
