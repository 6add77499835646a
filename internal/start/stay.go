package start

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// Stay is the process that stays when a container has started.
type Stay struct {
	Words []string    // its command, as far as it is known
	At    source.Span // where it is started
	// Behind is the shell that is the first process of the container and waits for
	// it: the name of its script, or sh -c; "" where the process is the first itself.
	// The kernel delivers no signal to a first process that has no handler for it
	// (pid_namespaces(7)), and a shell passes none on.
	Behind string
}

// maxStay is how many scripts are followed that start one another.
const maxStay = 6

// Stays returns the processes that a container of the image may stay with, one
// for each branch of its scripts that is not known; none where that cannot be told,
// and where something stands in front of them that passes signals on.
func (b *Beginning) Stays() []Stay {
	if b.Build == nil || b.Build.Image() == nil || len(b.argv) == 0 {
		return nil
	}
	f := following{build: b.Build, image: b.Build.Image()}
	f.command(b.argv, "", b.At, maxStay)
	if f.lost {
		return nil
	}
	return f.found
}

// following is the way from the first process of a container to the one that
// stays.
type following struct {
	build *ledger.Build
	image *image.Image
	found []Stay
	lost  bool // it cannot be told
}

// initial are programs that are made to be the first process, and pass signals on.
var initial = []string{
	"tini", "tini-static", "dumb-init", "catatonit", "docker-init", "init", "s6-svscan", "runsvdir", "runit", "my_init", "supervisord", "with-contenv", "pid1", "overmind",
	"foreman", "honcho", "goreman", "hivemind", "multirun", "pm2-docker", "systemd", "monit", "forego", "pebble",
}

// replacing are programs that replace themselves with the command that stands
// behind their own words, by how many of those they take.
var replacing = map[string]int{"exec": 0, "env": 0, "gosu": 1, "su-exec": 1, "nice": 0, "nohup": 0, "stdbuf": 0, "setpriv": 0, "chpst": 0}

// command follows a command that stands behind a shell, or behind none.
func (f *following) command(argv []string, behind string, at source.Span, deep int) {
	argv = f.bare(argv)
	if deep < 0 || len(argv) == 0 || argv[0] == "" || slices.Contains(initial, path.Base(argv[0])) {
		f.lost = true
		return
	}
	if text, rest, ok := ledger.ShellText(argv); ok && ledger.Shell(argv[0]) {
		f.text(text, rest, argv[0], behind, at, deep)
		return
	}
	file := argv[0]
	args := argv[1:]
	if ledger.Shell(file) {
		for len(args) > 0 && strings.HasPrefix(args[0], "-") {
			args = args[1:]
		}
		if len(args) == 0 {
			f.lost = true
			return
		}
		file, args = args[0], args[1:]
	}
	script, from, known := f.script(file, file != argv[0])
	switch {
	case !known:
		f.lost = true
	case from == "":
		f.found = append(f.found, Stay{Words: argv, At: at, Behind: behind})
	default:
		f.file(script, args, from, path.Base(from), behind, deep)
	}
}

// bare takes away what replaces itself with what stands behind it.
func (f *following) bare(argv []string) []string {
	for len(argv) > 1 {
		name := path.Base(argv[0])
		if (name == "docker-entrypoint.sh" || name == "docker-php-entrypoint") && f.image.Program(argv[0]).From == "" {
			argv = argv[1:]
			continue
		}
		own, ok := replacing[name]
		if !ok {
			return argv
		}
		argv = argv[1:]
		for len(argv) > 0 && (strings.HasPrefix(argv[0], "-") || strings.Contains(argv[0], "=") && name == "env") {
			argv = argv[1:]
		}
		argv = argv[min(own, len(argv)):]
	}
	return argv
}

// text follows what a shell is given behind -c. bash replaces itself with the
// last command of it; dash, which is the sh of Debian and Ubuntu, does not (seen
// of bash 5.2 and dash 0.5.12). Of others that is not known here.
func (f *following) text(text string, rest []string, shell, behind string, at source.Span, deep int) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil || len(text) > maxCourse || tangled(text) {
		f.lost = true
		return
	}
	replaces := path.Base(shell) == "bash"
	if system := f.image.Base().System; !replaces && (path.Base(shell) != "sh" && path.Base(shell) != "dash" || system != "debian" && system != "ubuntu") {
		f.lost = true
		return
	}
	if len(rest) > 0 {
		rest = rest[1:] // the first is the name that the shell takes
	}
	name := behind
	if !replaces && name == "" {
		name = path.Base(shell) + " -c"
	}
	f.tail(file, rest, func(syntax.Pos) source.Span { return at }, behind, name, deep)
}

// file follows a script.
func (f *following) file(script string, args []string, from, title, behind string, deep int) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(script), "")
	if err != nil || len(script) > maxCourse || tangled(script) {
		f.lost = true
		return
	}
	name := behind
	if name == "" {
		name = title
	}
	f.tail(file, args, func(p syntax.Pos) source.Span { return source.Span{File: f.build.Source(from), Line: int(p.Line())} }, behind, name, deep)
}

// script returns the text of a script of the project that stands at a path of
// the image. from is "" where there is a program, known false where it cannot be
// told which. given is set where a shell is told to run it, whatever its first line
// says.
func (f *following) script(file string, given bool) (text, from string, known bool) {
	if strings.Contains(file, "$") {
		return "", "", false
	}
	p := file
	if strings.Contains(file, "/") || given {
		if dir := f.image.WorkDir(); !path.IsAbs(p) {
			p = path.Join(dir, p)
		}
	} else {
		for _, dir := range []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"} {
			if f.image.Path(path.Join(dir, file)).From != "" {
				p = path.Join(dir, file)
				break
			}
		}
	}
	a := f.image.Path(p)
	if a.From == "" {
		return "", "", !given && path.Ext(file) != ".sh" // a script that is not seen
	}
	data, ok := f.build.Read(a.From)
	if !ok {
		return "", "", false
	}
	first, _, _ := strings.Cut(string(data[:min(len(data), 200)]), "\n")
	words := strings.Fields(strings.TrimPrefix(first, "#!"))
	shell := strings.HasPrefix(first, "#!") && slices.ContainsFunc(words, ledger.Shell)
	if !shell && !given && (strings.HasPrefix(first, "#!") || path.Ext(a.From) != ".sh") {
		return "", "", true // of another language: it is the process
	}
	return string(data), a.From, true
}

// tail follows what a script comes to at its end. behind is the shell in front
// of the script, name the one in front of what the script waits for.
func (f *following) tail(file *syntax.File, args []string, at func(syntax.Pos) source.Span, behind, name string, deep int) {
	t := &tail{course: course{arguments: args, functions: map[string]*syntax.Stmt{}}}
	traps := false
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			traps = traps || len(n.Args) > 0 && slices.Contains([]string{"trap", "wait", "kill"}, n.Args[0].Lit())
		case *syntax.FuncDecl:
			if n.Name != nil {
				t.functions[n.Name.Value] = n.Body
			}
		}
		return true
	})
	if traps || !t.statements(file.Stmts, 0) {
		f.lost = true
		return
	}
	for _, end := range t.ends {
		words, ok := f.written(end.Args, args)
		if !ok || len(words) == 0 {
			f.lost = true
			return
		}
		front := name
		if words[0] == "exec" {
			front = behind
			if words = words[1:]; len(words) == 0 {
				f.lost = true
				return
			}
		}
		f.command(words, front, at(end.Pos()), deep-1)
	}
}

// tail is the commands that a script may end with.
type tail struct {
	course
	ends []*syntax.CallExpr
}

// statements takes the last of them; false where it cannot be told what stays.
func (t *tail) statements(all []*syntax.Stmt, deep int) bool {
	for len(all) > 1 && says(all[len(all)-1]) {
		all = all[:len(all)-1]
	}
	return len(all) > 0 && t.statement(all[len(all)-1], deep)
}

// says reports whether a statement only says something or ends the script: what
// stays is before it.
func says(s *syntax.Stmt) bool {
	call, ok := s.Cmd.(*syntax.CallExpr)
	return ok && len(call.Args) > 0 && slices.Contains([]string{"echo", "printf", "exit", "return", "true", ":"}, call.Args[0].Lit())
}

func (t *tail) statement(s *syntax.Stmt, deep int) bool {
	if s == nil || s.Background || s.Coprocess || s.Negated || deep > 20 {
		return false
	}
	switch cmd := s.Cmd.(type) {
	case *syntax.CallExpr:
		if len(cmd.Args) == 0 {
			return false
		}
		if body := t.functions[cmd.Args[0].Lit()]; body != nil {
			given := t.arguments
			t.arguments = nil
			ok := t.statement(body, deep+1)
			t.arguments = given
			return ok
		}
		t.ends = append(t.ends, cmd)
		return true
	case *syntax.ForClause, *syntax.TestClause:
		return true // it comes to its end, and nothing stays
	case *syntax.Block:
		return t.statements(cmd.Stmts, deep+1)
	case *syntax.IfClause:
		return t.choice(cmd, deep+1)
	case *syntax.CaseClause:
		word, known := t.argument(cmd.Word)
		for _, item := range cmd.Items {
			if fits := known && matchesCase(item, word); known && !fits {
				continue
			} else if !t.statements(item.Stmts, deep+1) {
				return false
			} else if fits {
				return true
			}
		}
		return true
	case *syntax.BinaryCmd:
		switch cmd.Op {
		case syntax.AndStmt:
			return t.statement(cmd.Y, deep+1)
		case syntax.OrStmt:
			return t.statement(cmd.X, deep+1)
		}
	}
	return false
}

// choice takes what each branch ends with that may be taken.
func (t *tail) choice(cmd *syntax.IfClause, deep int) bool {
	if len(cmd.Cond) == 0 { // else
		return t.statements(cmd.Then, deep)
	}
	if len(cmd.Cond) == 1 {
		if answer, known := t.test(cmd.Cond[0]); known {
			switch {
			case answer:
				return t.statements(cmd.Then, deep)
			case cmd.Else != nil:
				return t.choice(cmd.Else, deep)
			}
			return false
		}
	}
	// What a branch that leaves the script ends with stays by no means.
	if len(cmd.Then) == 0 || !fails(cmd.Then[len(cmd.Then)-1]) && !t.statements(cmd.Then, deep) {
		return false
	}
	return cmd.Else == nil || t.choice(cmd.Else, deep)
}

// fails reports whether a statement ends the script.
func fails(s *syntax.Stmt) bool {
	call, ok := s.Cmd.(*syntax.CallExpr)
	return ok && len(call.Args) > 0 && call.Args[0].Lit() == "exit"
}

// written returns the words of a command with the arguments of the script in
// their place; false where those are not known and the command begins with them.
func (f *following) written(words []*syntax.Word, args []string) ([]string, bool) {
	var all []string
	for _, w := range words {
		parts := w.Parts
		if len(parts) == 1 {
			if q, ok := parts[0].(*syntax.DblQuoted); ok {
				parts = q.Parts
			}
		}
		if len(parts) == 1 {
			if p, ok := parts[0].(*syntax.ParamExp); ok && p.Param != nil && (p.Param.Value == "@" || p.Param.Value == "*") {
				all = append(all, args...)
				continue
			}
		}
		all = append(all, f.word(w))
	}
	for len(all) > 1 && all[0] == "" {
		all = all[1:] // a variable that may hold a prefix, and be empty
	}
	return all, len(all) > 0
}

// word is a word as far as it is known, with what the image sets.
func (f *following) word(w *syntax.Word) string {
	var b strings.Builder
	parts := w.Parts
	if len(parts) == 1 {
		if q, ok := parts[0].(*syntax.DblQuoted); ok {
			parts = q.Parts
		}
	}
	for _, part := range parts {
		p, ok := part.(*syntax.ParamExp)
		if !ok || p.Param == nil || p.Exp != nil || p.Length || p.Excl {
			b.WriteString(textOf(&syntax.Word{Parts: []syntax.WordPart{part}}))
			continue
		}
		for _, s := range slices.Backward(stageOf(f.image)) {
			if s.Name == p.Param.Value && s.Value.Origin == fact.Literal {
				b.WriteString(s.Value.Reveal())
				break
			}
		}
	}
	return b.String()
}
