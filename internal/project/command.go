package project

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// maxCommand is the length in bytes of the longest command that is taken to
// pieces. A start command is a line.
const maxCommand = 4096

// newCommand takes the text of a command to pieces. dir is where it runs, ""
// the root.
func newCommand(text, dir string, at source.Span) Command {
	c := Command{Text: strings.TrimSpace(text), Dir: rooted(dir), At: at}
	call := onlyCall(c.Text)
	if call == nil {
		return c
	}
	for _, a := range call.Assigns {
		if a.Name != nil {
			c.set(a.Name.Value, a.Value)
		}
	}
	argv := make([]string, 0, len(call.Args))
	for i, word := range call.Args {
		text, ok := literal(word)
		if !ok {
			argv = nil
			break
		}
		if name, value, found := strings.Cut(text, "="); found && i > 0 && syntax.ValidName(name) && setters[argv[0]] {
			c.Env = append(c.Env, c.supply(name, fact.Text(value)))
		}
		argv = append(argv, text)
	}
	c.EnvFiles = envFiles(argv, dir)
	if len(call.Assigns) == 0 && len(argv) > 0 {
		c.Argv = argv
	}
	return c
}

// setters are programs that set the variables among their arguments.
var setters = map[string]bool{"cross-env": true, "cross-env-shell": true, "env": true}

// fileOptions are the options by which programs take .env files: dotenv-cli,
// env-cmd, dotenvx, Node.js, Bun, Deno, uvicorn, foreman.
var fileOptions = map[string][]string{
	"dotenv": {"-e"}, "env-cmd": {"-f", "--file"}, "dotenvx": {"-f", "--env-file"}, "foreman": {"-e", "--env"}, "nf": {"-e", "--env"},
}

// anyFileOptions are those of programs that may stand behind another.
var anyFileOptions = []string{"--env-file", "--env-file-if-exists"}

func envFiles(argv []string, dir string) []string {
	if len(argv) == 0 {
		return nil
	}
	options := slices.Concat(anyFileOptions, fileOptions[argv[0]])
	var files []string
	for i, arg := range argv {
		for _, o := range options {
			file, ok := strings.CutPrefix(arg, o+"=")
			if arg == o && i+1 < len(argv) {
				file, ok = argv[i+1], true
			}
			if file = path.Join(dir, file); ok && !strings.HasPrefix(file, "..") && !path.IsAbs(file) {
				files = append(files, file)
			}
		}
	}
	return files
}

func (c *Command) set(name string, word *syntax.Word) {
	value := fact.Text("")
	if word != nil {
		if text, ok := literal(word); ok {
			value = fact.Text(text)
		} else {
			value = fact.Unknowable("the shell")
		}
	}
	c.Env = append(c.Env, c.supply(name, value))
}

func (c *Command) supply(name string, value fact.Value) fact.Supply {
	return fact.Supply{Kind: fact.Variable, Name: name, At: c.At, Value: value}
}

// calls returns the simple commands in a text, in order; none where a shell
// would not understand it.
func calls(text string) []*syntax.CallExpr {
	if text == "" || len(text) > maxCommand {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(text), "")
	if err != nil {
		return nil
	}
	var found []*syntax.CallExpr
	syntax.Walk(file, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok {
			found = append(found, call)
		}
		return true
	})
	return found
}

// onlyCall returns the one simple command that a text is, or nil.
func onlyCall(text string) *syntax.CallExpr {
	if text == "" || len(text) > maxCommand {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(text), "")
	if err != nil || len(file.Stmts) != 1 {
		return nil
	}
	s := file.Stmts[0]
	call, ok := s.Cmd.(*syntax.CallExpr)
	if !ok || s.Background || s.Negated || len(s.Redirs) > 0 {
		return nil
	}
	return call
}

// literal returns what a word is to a program, where the shell need not know
// anything to tell.
func literal(word *syntax.Word) (string, bool) {
	var out strings.Builder
	for _, part := range word.Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			if strings.ContainsAny(part.Value, "*?[~\\") {
				return "", false
			}
			out.WriteString(part.Value)
		case *syntax.SglQuoted:
			out.WriteString(part.Value)
		case *syntax.DblQuoted:
			for _, inner := range part.Parts {
				lit, ok := inner.(*syntax.Lit)
				if !ok || strings.Contains(lit.Value, "\\") {
					return "", false
				}
				out.WriteString(lit.Value)
			}
		default:
			return "", false
		}
	}
	return out.String(), true
}

// words returns the literal words of a text's commands, each with what it is
// made of where it is a command itself: nodemon --exec "ts-node src/index.ts".
func words(text string) [][]string {
	var all [][]string
	for _, call := range calls(text) {
		var argv []string
		for _, word := range call.Args {
			if text, ok := literal(word); ok {
				argv = append(argv, strings.Fields(text)...)
			}
		}
		if len(argv) > 0 {
			all = append(all, argv)
		}
	}
	return all
}
