package image

import (
	"maps"
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// shell reads commands for what they do to the files of a stage. It knows its
// folder and variables as far as they can be told, and runs nothing.
type shell struct {
	stage *stage
	step  fact.Step
	at    source.Span
	cwd   string             // "" where it is not known
	env   map[string]*string // nil: set, but not known
	set   map[string]bool    // functions that are declared
	maybe bool               // what is read may be left out
	depth int                // scripts in scripts
	bins  bool               // programs are found in node_modules/.bin, too
	label string             // what runs: "RUN", "the script build", …

	in      string // the file of the context that the code is of; "" the step itself
	line    int    // where in it the statement stands
	still   bool   // all that is read stands in that one line
	guarded bool   // the code goes on where what is read fails
	shelled bool   // a shell reads it
	moved   bool   // where programs are found is not known any more
}

// run reads a RUN.
func (s *stage) run(step fact.Step) {
	sh := &shell{stage: s, step: step, at: step.At, cwd: step.WorkDir, env: map[string]*string{}, set: map[string]bool{}, label: "RUN"}
	if s.WorkDir == "" && step.WorkDir == "/" {
		sh.cwd = s.end().WorkDir()
	}
	if !path.IsAbs(sh.cwd) {
		sh.cwd = "" // a variable that is not known stands there
	}
	for _, e := range step.Env {
		sh.env[e.Name] = s.model.value(e)
	}
	if len(step.Command) == 0 {
		return
	}
	switch shellOf(step.Command) {
	case "posix":
		sh.text(step.Command[len(step.Command)-1])
	case "other":
		sh.anything("a shell that is not read")
	default:
		args := make([]word, len(step.Command))
		for i, arg := range step.Command {
			args[i] = plainWord(arg)
		}
		sh.call(args)
	}
}

// value returns what a variable of a step is, nil where that is not known.
func (m *model) value(e fact.Supply) *string {
	if e.Phase == fact.Build {
		if given, ok := m.args[e.Name]; ok {
			return &given
		}
	}
	if e.Value.Origin != fact.Literal {
		return nil
	}
	text := e.Value.Reveal()
	return &text
}

// shellOf says what reads a command: "posix", a shell that is not one
// ("other"), or none.
func shellOf(argv []string) string {
	if len(argv) < 2 {
		return ""
	}
	switch path.Base(argv[0]) {
	case "sh", "bash", "ash", "dash", "zsh", "ksh":
		if codeAt(argv) > 0 {
			return "posix"
		}
	case "cmd", "cmd.exe", "powershell", "powershell.exe", "pwsh", "fish":
		return "other"
	}
	if strings.EqualFold(argv[0], "cmd") || strings.EqualFold(argv[0], "powershell") {
		return "other"
	}
	return ""
}

// codeAt returns where the code stands that a shell is given with -c; 0 where
// it is given none, but a script, whose own arguments stand behind it.
func codeAt(argv []string) int {
	for i := 1; i+1 < len(argv); i++ {
		switch option := argv[i]; {
		case !strings.HasPrefix(option, "-") && !strings.HasPrefix(option, "+"):
			return 0
		case strings.HasPrefix(option, "--"):
		case strings.HasPrefix(option, "-") && strings.HasSuffix(option, "c"):
			return i + 1
		case strings.HasSuffix(option, "o"):
			i++ // -o pipefail
		}
	}
	return 0
}

// text reads shell code.
func (sh *shell) text(code string) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash), syntax.RecoverErrors(0)).Parse(strings.NewReader(code), "")
	if err != nil {
		file, err = syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(code), "")
	}
	if err != nil {
		sh.anything("a command that is not understood")
		return
	}
	was := sh.shelled
	sh.shelled = true
	sh.statements(file.Stmts)
	sh.shelled = was
}

// sub returns a shell of its own in the same place.
func (sh *shell) sub() *shell {
	sub := *sh
	sub.env, sub.set = maps.Clone(sh.env), maps.Clone(sh.set)
	return &sub
}

// perhaps reads something that may be left out.
func (sh *shell) perhaps(read func(*shell)) {
	sub := sh.sub()
	sub.maybe = true
	read(sub)
	// What it may have changed of the shell is not known any more.
	if sub.cwd != sh.cwd {
		sh.cwd = ""
	}
	sh.moved = sh.moved || sub.moved
	for name, value := range sub.env {
		if was, ok := sh.env[name]; !ok || was != value {
			sh.env[name] = nil
		}
	}
}

// add adds a change, unless it is to what is mounted for the step alone.
func (sh *shell) add(e effect) {
	for _, m := range sh.step.Mounts {
		if m.Kind != "cache" && m.Kind != "tmpfs" && m.Kind != "bind" || m.Path == "" || m.Path == "/" {
			continue
		}
		switch e := e.(type) {
		case made:
			if under(m.Path, e.path) && e.path != m.Path {
				return
			}
		case opened:
			if under(m.Path, e.dir) {
				return
			}
		case removed:
			if under(m.Path, e.path) {
				return
			}
		}
	}
	sh.stage.layer(e, sh.at, sh.maybe)
}

// open says that the step may write below a folder.
func (sh *shell) open(dir string, programs reach, why string) {
	sh.add(opened{dir: dir, programs: programs, why: sh.label + " " + why})
}

// anything says that the step may write anywhere.
func (sh *shell) anything(what string) {
	if sh.stage.running {
		sh.stage.loose = true
		return
	}
	sh.open("/", every, "runs "+what+", which may write anywhere")
}

func (sh *shell) statements(all []*syntax.Stmt) {
	for _, s := range all {
		sh.statement(s)
	}
}

func (sh *shell) statement(s *syntax.Stmt) {
	if s == nil {
		return
	}
	if sh.stage.model.spent--; sh.stage.model.spent < 0 {
		sh.anything("more commands than are read")
		return
	}
	if sh.in != "" && !sh.still && path.Base(sh.in) != "package.json" {
		sh.line = int(s.Pos().Line())
	}
	for _, r := range s.Redirs {
		sh.redirect(r)
	}
	if s.Negated {
		defer sh.guard()()
	}
	switch c := s.Cmd.(type) {
	case nil:
	case *syntax.CallExpr:
		sh.expression(c, s.Redirs)
	case *syntax.BinaryCmd:
		sh.binary(c)
	case *syntax.Block:
		sh.statements(c.Stmts)
	case *syntax.Subshell:
		sh.sub().statements(c.Stmts)
	case *syntax.IfClause:
		sh.branch(c)
	case *syntax.WhileClause:
		// What is waited for until it succeeds is needed.
		if c.Until {
			sh.statements(c.Cond)
		} else {
			sh.condition(c.Cond)
		}
		sh.perhaps(func(sub *shell) { sub.statements(c.Do) })
	case *syntax.ForClause:
		sh.loop(c)
	case *syntax.CaseClause:
		for _, item := range c.Items {
			sh.perhaps(func(sub *shell) { sub.statements(item.Stmts) })
		}
	case *syntax.FuncDecl:
		if c.Name != nil {
			sh.set[c.Name.Value] = true
		}
		sh.perhaps(func(sub *shell) { sub.statement(c.Body) })
	case *syntax.DeclClause:
		for _, a := range c.Args {
			sh.assign(a)
		}
	case *syntax.TimeClause:
		sh.statement(c.Stmt)
	case *syntax.TestClause:
		sh.tested(c)
	case *syntax.ArithmCmd, *syntax.LetClause:
	default:
		sh.anything("a command that is not understood")
	}
}

func (sh *shell) branch(c *syntax.IfClause) {
	for ; c != nil; c = c.Else {
		sh.condition(c.Cond)
		switch constant(c.Cond) {
		case "false":
			continue
		case "true":
			sh.statements(c.Then)
			return
		}
		sh.perhaps(func(sub *shell) { sub.statements(c.Then) })
	}
}

// loop reads the body of a for once for each word, where there are a few that
// are known, else once with a variable that is not known.
func (sh *shell) loop(c *syntax.ForClause) {
	iter, ok := c.Loop.(*syntax.WordIter)
	if !ok {
		sh.perhaps(func(sub *shell) { sub.statements(c.Do) })
		return
	}
	items := sh.words(iter.Items)
	known := len(items) > 0 && len(items) <= 32
	for _, w := range items {
		known = known && w.whole
	}
	if !known {
		sh.perhaps(func(sub *shell) { sub.env[iter.Name.Value] = nil; sub.statements(c.Do) })
		return
	}
	for _, w := range items {
		sh.env[iter.Name.Value] = &w.text
		sh.statements(c.Do)
	}
}

func (sh *shell) binary(c *syntax.BinaryCmd) {
	switch c.Op {
	case syntax.AndStmt:
		sh.statement(c.X)
		sh.statement(c.Y)
	case syntax.OrStmt:
		if fails(c.Y) {
			sh.statement(c.X)
		} else {
			sh.condition([]*syntax.Stmt{c.X})
		}
		sh.perhaps(func(sub *shell) { sub.statement(c.Y) })
	default: // a pipe: each side is a shell of its own
		sh.sub().statement(c.X)
		right := sh.sub()
		if call := callOf(c.Y); call != nil && len(call.Args) > 0 {
			if w := right.word(call.Args[0]); w.whole && interpreters[path.Base(w.text)] && len(call.Args) == 1+options(right.words(call.Args)) {
				right.piped(path.Base(w.text))
				return
			}
		}
		right.statement(c.Y)
	}
}

// interpreters are programs that run what they are given to read.
var interpreters = map[string]bool{"sh": true, "bash": true, "ash": true, "dash": true, "zsh": true, "python": true, "python3": true, "perl": true, "ruby": true, "php": true, "node": true}

// piped is a program that runs what it reads: what a shell runs may install
// packages.
func (sh *shell) piped(name string) {
	if shellOf([]string{name, "-c", ""}) != "" {
		sh.anything("what is piped into " + name)
		return
	}
	sh.open("/", tools, "runs what is piped into "+name+", which may write anywhere")
}

// options counts the words behind the first that are options, - and -- among
// them.
func options(args []word) int {
	n := 0
	for _, a := range args[1:] {
		if strings.HasPrefix(a.text, "-") {
			n++
		}
	}
	return n
}

func callOf(s *syntax.Stmt) *syntax.CallExpr {
	if s == nil {
		return nil
	}
	call, _ := s.Cmd.(*syntax.CallExpr)
	return call
}

// expression reads a simple command.
func (sh *shell) expression(c *syntax.CallExpr, redirects []*syntax.Redirect) {
	args := sh.words(c.Args)
	if len(args) == 0 {
		for _, a := range c.Assigns {
			sh.assign(a)
		}
		return
	}
	for _, r := range redirects {
		if r.Hdoc != nil || r.Op == syntax.WordHdoc {
			if name := path.Base(args[0].text); interpreters[name] && len(args) == 1+options(args) {
				sh.anything("code that stands in the Dockerfile")
				return
			}
		}
	}
	run := sh
	if len(c.Assigns) > 0 {
		run = sh.sub()
		for _, a := range c.Assigns {
			run.assign(a)
		}
	}
	run.call(args)
	sh.cwd, sh.moved = run.cwd, sh.moved || run.moved && len(c.Assigns) == 0
}

func (sh *shell) assign(a *syntax.Assign) {
	if a.Name == nil {
		return
	}
	if a.Naked {
		return
	}
	sh.moved = sh.moved || a.Name.Value == "PATH"
	w := sh.word(a.Value)
	sh.env[a.Name.Value] = nil
	if w.whole && a.Index == nil && a.Array == nil && !a.Append {
		sh.env[a.Name.Value] = &w.text
	}
}
