package image

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// Call is a program that is called while the image is built, or when a
// container of it starts, as the shell's code has it.
type Call struct {
	Args []Arg       // the first is the program
	Dir  string      // the working directory; "" where it is not known
	At   source.Span // the step, or the place where the start is said
	In   string      // the file of the context that has the call: a script, a package.json; "" the step itself
	Line int         // the line of In; 0 where that is not known

	Maybe   bool // the call stands in a branch
	Guarded bool // what calls it goes on, and otherwise, where it fails
	Shell   bool // a shell calls it, which has functions and programs of its own
	Script  bool // npm and its like call it: the programs of node_modules/.bin are found, too
	Moved   bool // PATH was set, or functions may be declared that are not read
	Loose   bool // programs that are not known ran before it, in the same start

	stage  *stage
	before int
}

// Arg is a word of a call.
type Arg struct {
	Text  string // as far as it is known
	Whole bool   // all of it is known
}

// Image returns the image as the call finds it.
func (c Call) Image() *Image { return &Image{c.stage.model, c.stage, c.before} }

// Looks returns what the call finds at a path: what is mounted for the step is
// there, too.
func (c Call) Looks(p string) Answer {
	if !path.IsAbs(p) {
		return Answer{Why: "the working directory is not known", At: c.At}
	}
	for n, step := range c.stage.Steps {
		if step.At == c.At && n < len(c.stage.begins) {
			sh := &shell{stage: c.stage, step: step, at: c.At}
			if a, mounted := sh.mounted(p); mounted {
				return a
			}
			for _, m := range step.Mounts {
				if m.Path != "" && under(m.Path, p) {
					return Answer{Why: "it is mounted for the step", At: c.At}
				}
			}
		}
	}
	return c.Image().Path(p)
}

// Calls returns what the steps of the image, and of the stages that it is made
// of, call, in the order of the file.
func (i *Image) Calls() []Call {
	var all []Call
	for _, n := range i.Stages() {
		all = append(all, i.model.stages[n].calls...)
	}
	return all
}

// Tests returns the names and paths that the calls ask after before they use
// them: what is asked after may be missing.
func Tests(calls []Call) map[string]bool {
	asked := map[string]bool{}
	for _, c := range calls {
		if len(c.Args) == 0 {
			continue
		}
		switch c.Args[0].Text {
		case "[", "test", "[[", "which", "type", "hash", "command", "whereis":
			for _, a := range c.Args[1:] {
				if a.Text != "" {
					asked[a.Text] = true
				}
			}
		}
	}
	return asked
}

// Starts returns what is called when a container of the image starts with a
// command, in a folder ("" is that of the image). env are the variables that it
// has beyond those of the image.
//
// What programs write when they run is not known, and a container is not built
// by them: unlike a step, one that nothing is known of is taken to make no
// program and no file, and the calls behind it say that they are Loose.
func (i *Image) Starts(argv []string, dir string, env []fact.Supply, at source.Span) []Call {
	if dir == "" {
		dir = i.WorkDir()
	}
	if !path.IsAbs(dir) || strings.Contains(dir, "$") {
		dir = ""
	}
	m := *i.model
	m.spent, m.asked = maxCommands, maxAsked
	s := &stage{Stage: i.stage.Stage, model: &m, number: -1, parent: i.stage, running: true}
	s.Steps = nil
	sh := &shell{stage: s, at: at, cwd: dir, env: map[string]*string{}, set: map[string]bool{}, label: "the start"}
	for _, e := range i.stage.Env {
		sh.env[e.Name] = m.value(e)
	}
	for _, e := range env {
		if sh.env[e.Name] = nil; e.Value.Origin == fact.Literal {
			text := e.Value.Reveal()
			sh.env[e.Name] = &text
		}
	}
	argv = filled(argv)
	if len(argv) > 0 && argv[0] == "/docker-entrypoint.sh" && i.Base().Repository == "nginx" && i.Path(argv[0]).From == "" {
		i.hooks(sh)
	}
	if len(argv) > 1 && passing[path.Base(argv[0])] && i.Program(argv[0]).From == "" {
		sh.note([]word{plainWord(argv[0])})
		argv = argv[1:]
	}
	sh.exec(argv)
	if rest := i.handed(sh, argv); rest != nil {
		sh.exec(rest)
	}
	s.known.ready = true
	return s.calls
}

// hooks reads the scripts that the entry point of the image of nginx runs before
// it, where they may be executed
// (https://github.com/nginx/docker-nginx/blob/master/entrypoint/docker-entrypoint.sh).
func (i *Image) hooks(sh *shell) {
	for _, f := range i.model.context.files {
		if ending := path.Ext(f.Path); ending != ".sh" && ending != ".envsh" || f.Ignored {
			continue
		}
		for _, l := range i.Landings(f.Path) {
			if path.Dir(l.Path) == "/docker-entrypoint.d" {
				file := plainWord(l.Path)
				sh.perhaps(func(sub *shell) {
					sub.shebang(file)
					sub.script(file, []word{file})
				})
			}
		}
	}
}

// filled returns the command that a shell runs of which the code is one program
// and what the shell itself is given: ENTRYPOINT /start.sh $0 $@, behind which
// stands the CMD.
func filled(argv []string) []string {
	at := codeAt(argv)
	if shellOf(argv) != "posix" || at+1 >= len(argv) {
		return argv
	}
	words := strings.Fields(strings.ReplaceAll(argv[at], `"`, ""))
	if len(words) > 1 && words[0] == "exec" {
		words = words[1:]
	}
	if len(words) < 2 || strings.ContainsAny(words[0], "$&|;<>()`'\\") {
		return argv
	}
	switch given := argv[at+1:]; strings.Join(words[1:], " ") {
	case "$0 $@":
		return append(words[:1:1], given...)
	case "$@":
		return append(words[:1:1], given[1:]...)
	}
	return argv
}

// handed returns what a command gives to a script of the project that starts
// what it is given: exec "$@". It is nil where there is no such script, and where
// the image has no such program: then it is a word for the script itself.
func (i *Image) handed(sh *shell, argv []string) []string {
	at := 0
	if len(argv) > 1 && interpreters[path.Base(argv[0])] {
		for at = 1; at < len(argv)-1 && strings.HasPrefix(argv[at], "-"); at++ {
		}
	}
	if at+1 >= len(argv) || codeAt(argv) > 0 || i.Program(argv[at+1]).State == Absent {
		return nil
	}
	script := plainWord(argv[at])
	p, whole := sh.path(script)
	if a := i.Program(argv[at]); !strings.Contains(argv[at], "/") && a.From == "" || !whole {
		return nil
	} else if data, ok := i.model.context.read(a.From); ok && a.From != "" {
		return passesOn(data, argv[at+1:])
	}
	data, _, ok := sh.stage.now().source(p)
	if !ok {
		return nil
	}
	return passesOn(data, argv[at+1:])
}

func passesOn(script []byte, argv []string) []string {
	if bytes.Contains(script, []byte(`"$@"`)) || bytes.Contains(script, []byte("exec $@")) || bytes.Contains(script, []byte("exec $*")) {
		return argv
	}
	return nil
}

// passing are the entry points of public images that start what they are given
// (https://github.com/nodejs/docker-node, https://github.com/docker-library/php).
var passing = map[string]bool{"docker-entrypoint.sh": true, "docker-php-entrypoint": true}

// exec reads a command that is not given to a shell, unless it is one itself.
func (sh *shell) exec(argv []string) {
	switch shellOf(argv) {
	case "posix":
		sh.note([]word{plainWord(argv[0])}) // the shell itself
		sub, at := sh.sub(), codeAt(argv)
		for n, a := range argv[at+1:] {
			if n < 10 {
				sub.env[string(rune('0'+n))] = &a
			}
		}
		sub.shelled = true
		sub.text(substituted(argv[at]))
	case "other":
		sh.note([]word{plainWord(argv[0])})
	default:
		args := make([]word, len(argv))
		for i, arg := range argv {
			// $(NAME) is filled in by Kubernetes, ${NAME} by compose, {{ }} by a template.
			if at := strings.IndexAny(arg, "$"); i > 1 && interpreters[path.Base(argv[i-2])] && strings.HasSuffix(argv[i-1], "c") {
				args[i] = plainWord(substituted(arg)) // code for a shell
			} else if at >= 0 || strings.Contains(arg, "{{") {
				args[i] = word{text: arg[:max(at, 0)]}
			} else {
				args[i] = plainWord(arg)
			}
		}
		sh.call(args)
	}
}

var reference = regexp.MustCompile(`\$\(([A-Za-z_][A-Za-z0-9_]*)\)`)

// substituted writes what Kubernetes fills in as the shell would: $(NAME)
// ("Define Dependent Environment Variables", Kubernetes documentation).
func substituted(code string) string {
	return reference.ReplaceAllStringFunc(code, func(text string) string {
		if name := text[2 : len(text)-1]; name == strings.ToUpper(name) {
			return "${" + name + "}"
		}
		return text
	})
}

// note takes note of a call.
func (sh *shell) note(args []word) {
	if len(sh.stage.calls) >= maxCalls {
		return
	}
	c := Call{
		Dir: sh.cwd, At: sh.at, In: sh.in, Line: sh.line, Maybe: sh.maybe, Guarded: sh.guarded, Shell: sh.shelled, Script: sh.bins,
		Moved: sh.moved, Loose: sh.stage.loose, stage: sh.stage, before: len(sh.stage.layers),
	}
	for _, a := range args {
		c.Args = append(c.Args, Arg{a.text, a.whole})
	}
	sh.stage.calls = append(sh.stage.calls, c)
}

// shebang takes note of what the first line of a script has run it: the kernel
// looks for it at that path (execve(2), "Interpreter scripts").
func (sh *shell) shebang(file word) {
	p, whole := sh.path(file)
	if !whole {
		return
	}
	data, from, ok := sh.stage.now().source(p)
	if !ok {
		return
	}
	line, _, _ := strings.Cut(string(data[:min(len(data), 200)]), "\n")
	text, ok := strings.CutPrefix(line, "#!")
	words := strings.Fields(text)
	if !ok || len(words) == 0 {
		return
	}
	sub := sh.sub()
	sub.in, sub.line, sub.bins, sub.shelled = from, 1, false, false
	sub.note([]word{plainWord(words[0])})
	if path.Base(words[0]) != "env" {
		return
	}
	for _, w := range words[1:] {
		if !strings.HasPrefix(w, "-") && !isAssignment(w) {
			sub.note([]word{plainWord(w)})
			return
		}
	}
}

// maxCalls is how many calls of one stage are kept.
const maxCalls = 5_000

// of makes the code that of a script of a package.json.
func (sh *shell) of(script string, manifest []byte, from string) {
	sh.label, sh.bins, sh.in, sh.line = "the script "+script, true, from, 0
	if before, _, ok := bytes.Cut(manifest, []byte(`"`+script+`":`)); ok {
		sh.line = 1 + bytes.Count(before, []byte("\n"))
	}
}

// guard lets what is read be guarded, until what it returns is called.
func (sh *shell) guard() func() {
	was := sh.guarded
	sh.guarded = true
	return func() { sh.guarded = was }
}

// condition reads what is asked: that it fails is an answer.
func (sh *shell) condition(all []*syntax.Stmt) {
	defer sh.guard()()
	sh.statements(all)
}

// tested takes note of what [[ ]] asks after.
func (sh *shell) tested(c *syntax.TestClause) {
	args := []word{plainWord("[[")}
	syntax.Walk(c, func(n syntax.Node) bool {
		if w, ok := n.(*syntax.Word); ok {
			args = append(args, sh.word(w))
			return false
		}
		return true
	})
	sh.note(args)
}

// constant returns "true" or "false" where a condition is just that: templates
// leave it so.
func constant(cond []*syntax.Stmt) string {
	if len(cond) != 1 || cond[0].Negated {
		return ""
	}
	if call := callOf(cond[0]); call != nil && len(call.Args) == 1 {
		return call.Args[0].Lit()
	}
	return ""
}

// fails reports whether a command only says that something failed: exit 1,
// return 1, false.
func fails(s *syntax.Stmt) bool {
	call := callOf(s)
	if call == nil || len(call.Args) == 0 {
		return false
	}
	name, code := call.Args[0].Lit(), ""
	if len(call.Args) > 1 {
		code = call.Args[1].Lit()
	}
	switch name {
	case "exit", "return":
		return code != "0"
	case "false":
		return true
	case "kill":
		return true // of the container's first process, in checks of health
	}
	return false
}
