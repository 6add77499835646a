package dockerfile

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/spelling"
)

// given are variables that an instruction may use although the file declares
// them nowhere: those that every build has, and those of a platform, which hold
// in FROM (https://docs.docker.com/reference/dockerfile/#predefined-args).
var given = []string{
	"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "FTP_PROXY", "ftp_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "PATH", "HOME",
	"TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", "BUILDPLATFORM", "BUILDOS", "BUILDARCH", "BUILDVARIANT",
}

// maxFlaws bounds what is told of one file.
const maxFlaws = 100

func (b *builder) flaw(f fact.Flaw) {
	if len(b.def.Flaws) < maxFlaws {
		b.def.Flaws = append(b.def.Flaws, f)
	}
}

// unset returns the names in a word that no one of the declared has, and of
// which the word does not say what they are where they are not set.
func (b *builder) unset(s scope, word string, declared func(name string) bool) []string {
	if !strings.Contains(word, "$") || len(word) > maxValue {
		return nil
	}
	result, err := s.lex.ProcessWordWithMatches(word, getter{values: nil})
	if err != nil {
		return nil
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(result.Unmatched)) {
		if !judged(word, name) && !declared(name) && !slices.Contains(given, name) {
			names = append(names, name)
		}
	}
	return names
}

// begun takes note of what is wrong with a FROM: a variable that is declared
// nowhere above it (https://docs.docker.com/reference/build-checks/undefined-arg-in-from/),
// a name that is nearly that of a stage.
func (b *builder) begun(from instructions.Stage, outer scope, args []fact.Supply) {
	at := b.at(from.Location)
	for _, name := range b.unset(outer, from.BaseName+" "+from.Platform, func(name string) bool { return named(args, name) != nil }) {
		flaw := fact.Flaw{
			Kind: fact.Undefined, Name: name, At: at, Fatal: true,
			What: "FROM takes a variable that no ARG above the first FROM declares",
		}
		b.near(&flaw, args)
		b.flaw(flaw)
	}
	for _, other := range b.stages {
		if spelling.Near(from.BaseName, other.Name) {
			b.flaw(fact.Flaw{
				Kind: fact.Undefined, Name: from.BaseName, At: at, Other: other.At, Near: other.Name,
				What: "no stage before this one has the name, so that an image of that name is looked for",
			})
			break
		}
	}
	for _, other := range b.stages {
		if from.Name != "" && strings.EqualFold(from.Name, other.Name) {
			b.flaw(fact.Flaw{
				Kind: fact.Overwritten, Name: from.Name, At: at, Other: other.At,
				What: "two stages have the name, of which the later counts",
			})
			break
		}
	}
}

// used takes note of what is wrong with an instruction of a stage.
func (b *builder) used(s *stage, command instructions.Command, args []fact.Supply) {
	switch c := command.(type) {
	case *instructions.CopyCommand:
		b.words(s, args, c.Location(), append(slices.Clone(c.SourcePaths), c.DestPath)...)
		b.copiedFrom(s, c.From, c.Location())
	case *instructions.AddCommand:
		b.words(s, args, c.Location(), append(slices.Clone(c.SourcePaths), c.DestPath)...)
	case *instructions.WorkdirCommand:
		b.words(s, args, c.Location(), c.Path)
	case *instructions.UserCommand:
		b.words(s, args, c.Location(), c.User)
	case *instructions.RunCommand:
		// The builder fills in the options; the words behind them are the shell's.
		for _, word := range strings.Fields(strings.TrimPrefix(c.String(), "RUN")) {
			if !strings.HasPrefix(word, "--") {
				break
			}
			b.words(s, args, c.Location(), word)
		}
	case *instructions.ExposeCommand:
		b.words(s, args, c.Location(), c.Ports...)
	case *instructions.EnvCommand:
		for i, pair := range c.Env {
			b.beside(s, c, i)
			b.words(s, args, c.Location(), pair.Value)
		}
	}
}

// words takes note of variables that the stage does not have: an argument that
// is declared above the first FROM alone, or a name that is nearly one that the
// stage has. Of others the base image may tell
// (https://docs.docker.com/reference/build-checks/undefined-var/).
func (b *builder) words(s *stage, args []fact.Supply, location []parser.Range, words ...string) {
	for _, word := range words {
		for _, name := range b.unset(s.scope, word, func(name string) bool { return named(s.vars, name) != nil }) {
			flaw := fact.Flaw{Name: name, At: b.at(location)}
			if global := named(args, name); global != nil {
				if ofBase(s.Base, name) {
					continue
				}
				flaw.Kind, flaw.Other = fact.Unscoped, global.At
				flaw.What = "what is declared above the first FROM reaches no stage by itself: it is empty there"
				b.flaw(flaw)
				continue
			}
			if other := b.argument(name); other != nil {
				flaw.Kind, flaw.Other = fact.Unscoped, other.At
				flaw.What = "what another stage declares ends with that stage: it is empty here"
				b.flaw(flaw)
				continue
			}
			flaw.Kind, flaw.What = fact.Undefined, "neither ARG nor ENV of the stage has the name: nothing stands in its place"
			if b.near(&flaw, s.vars) {
				b.flaw(flaw)
			}
		}
	}
}

// argument returns the ARG of that name of an earlier stage.
func (b *builder) argument(name string) *fact.Supply {
	for _, other := range b.stages {
		if s := named(other.Args, name); s != nil {
			return s
		}
	}
	return nil
}

// ofBase reports whether a variable is one that the base itself is known to
// set: the version of what it is an image of (NODE_VERSION of node).
func ofBase(base, name string) bool {
	of, _, ok := strings.Cut(name, "_VERSION")
	repo := repository(base)
	return ok && strings.EqualFold(of, repo[strings.LastIndexByte(repo, '/')+1:])
}

// near finds the name that was meant.
func (b *builder) near(flaw *fact.Flaw, of []fact.Supply) bool {
	for _, s := range of {
		if spelling.Near(flaw.Name, s.Name) {
			flaw.Near, flaw.Other = s.Name, s.At
			return true
		}
	}
	return false
}

// beside takes note of a value that names a variable which the same instruction
// sets: values of one instruction do not see one another
// (https://docs.docker.com/reference/dockerfile/#environment-replacement).
func (b *builder) beside(s *stage, c *instructions.EnvCommand, i int) {
	pair := c.Env[i]
	names := b.unset(s.scope, pair.Value, func(name string) bool { return name == pair.Key || named(s.vars, name) != nil })
	for _, other := range c.Env[:i] {
		if slices.Contains(names, other.Key) {
			b.flaw(fact.Flaw{
				Kind: fact.Unexpanded, Name: pair.Key, At: b.find(pair.Key, c.Location()), Other: b.find(other.Key, c.Location()),
				What: "it names " + other.Key + ", which the same instruction sets: it is not set yet, and nothing stands in its place",
			})
		}
	}
}

// copiedFrom takes note of a source of files that is no stage before this one.
func (b *builder) copiedFrom(s *stage, from string, location []parser.Range) {
	if from == "" || strings.ContainsAny(from, "$/:@") {
		return
	}
	flaw := fact.Flaw{Kind: fact.Undefined, Name: from, At: b.at(location)}
	number, err := strconv.Atoi(from)
	switch {
	case strings.EqualFold(from, s.Name):
		flaw.What, flaw.Fatal = "a stage copies from itself", true
	case err == nil && number >= len(b.stages):
		flaw.What, flaw.Fatal = "no stage before this one has the number", true
	case err == nil || b.parent(from) != nil:
		return
	default:
		flaw.What = "no stage before this one has the name, so that an image of that name is looked for"
		if !b.meant(&flaw) {
			return
		}
	}
	b.flaw(flaw)
}

// meant finds the stage whose name was meant: one that comes later, or one that
// is called nearly so.
func (b *builder) meant(flaw *fact.Flaw) bool {
	for _, name := range b.names {
		if strings.EqualFold(name.Text, flaw.Name) {
			flaw.What, flaw.Other, flaw.Fatal = "the stage of that name comes later in the file", name.At, true
			return true
		}
	}
	for _, name := range b.names {
		a, c := strings.ToLower(name.Text), strings.ToLower(flaw.Name)
		if spelling.Near(a, c) || len(a) >= 4 && len(c) >= 4 && (strings.HasPrefix(a, c) || strings.HasPrefix(c, a)) {
			flaw.Near, flaw.Other = name.Text, name.At
			return true
		}
	}
	return false
}

// label is the name of a stage, with the place of its FROM.
type label struct {
	Text string
	At   source.Span
}

func (b *builder) labels(stages []instructions.Stage) []label {
	var all []label
	for _, s := range stages {
		if s.Name != "" {
			all = append(all, label{s.Name, b.at(s.Location)})
		}
	}
	return all
}

// twice takes note of a CMD or an ENTRYPOINT that another one of the same stage
// makes void (https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/).
func (b *builder) twice(from instructions.Stage) {
	last := map[string]source.Span{}
	for _, command := range from.Commands {
		name := strings.ToUpper(command.Name())
		if name != "CMD" && name != "ENTRYPOINT" && name != "HEALTHCHECK" {
			continue
		}
		at := b.at(command.Location())
		b.listed(name, command, at)
		if before, again := last[name]; again {
			b.flaw(fact.Flaw{
				Kind: fact.Overwritten, Name: name, At: before, Other: at,
				What: "the stage has another one, and only the last counts",
			})
		}
		last[name] = at
	}
}

// listed takes note of a command that is meant as a list and is none, because
// its texts do not stand in double quotes: a shell is asked to run the bracket
// (https://docs.docker.com/reference/dockerfile/#exec-form).
func (b *builder) listed(name string, command instructions.Command, at source.Span) {
	var line instructions.ShellDependantCmdLine
	switch c := command.(type) {
	case *instructions.CmdCommand:
		line = c.ShellDependantCmdLine
	case *instructions.EntrypointCommand:
		line = c.ShellDependantCmdLine
	}
	text := strings.TrimSpace(strings.Join(line.CmdLine, " "))
	if line.PrependShell && strings.HasPrefix(text, "[") && !strings.HasPrefix(text, "[ -") && !strings.HasPrefix(text, "[[") && strings.HasSuffix(text, "]") && !strings.Contains(text, "&&") {
		b.flaw(fact.Flaw{
			Kind: fact.Strange, Name: name, At: at, Fatal: true,
			What: "it is meant as a list, whose texts are to stand in double quotes: as it is, a shell looks for a program that begins with [",
		})
	}
}

func named(all []fact.Supply, name string) *fact.Supply {
	for i := range all {
		if all[i].Name == name {
			return &all[i]
		}
	}
	return nil
}
