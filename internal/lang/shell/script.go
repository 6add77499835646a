package shell

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// script is what is known of a script while it is read from its top to its end.
type script struct {
	file      source.File
	needs     []fact.Need
	given     map[string]bool // variables that the script itself has set so far
	tested    map[string]bool // variables whose absence it asks after somewhere
	functions map[string]*syntax.Stmt
	entered   map[string]bool // functions whose bodies have been read
	strict    bool            // set -u
	loaded    bool            // what has been read in, or computed, may have set any variable
}

// use is what becomes of a variable that is read.
type use struct {
	guarded bool // it stands where a condition holds that is not known
	idle    bool // it is only printed, compared or handed on
	piped   bool // what is printed goes on to another program
}

func (s *script) statements(all []*syntax.Stmt, u use) {
	for _, stmt := range all {
		s.statement(stmt, u)
	}
}

func (s *script) statement(stmt *syntax.Stmt, u use) {
	if stmt == nil {
		return
	}
	for _, r := range stmt.Redirs {
		s.word(r.Word, use{guarded: u.guarded})
		s.word(r.Hdoc, use{guarded: u.guarded})
		if r.Word != nil && (r.Op == syntax.RdrOut || r.Op == syntax.AppOut) && !strings.HasPrefix(r.Word.Lit(), "/dev/") {
			u.piped = true
			if file := dotenvIn(r.Word); file != "" {
				n := s.need(file, r.Word, s.excerpt(r.Word))
				n.Kind, n.Sort = fact.Writing, "temporary" // it is written at every start
				s.needs = append(s.needs, n)
			}
		}
	}
	switch c := stmt.Cmd.(type) {
	case *syntax.CallExpr:
		s.call(c, stmt, u)
	case *syntax.DeclClause:
		s.declare(c, u)
	case *syntax.Block:
		s.statements(c.Stmts, u)
	case *syntax.Subshell:
		s.statements(c.Stmts, u)
	case *syntax.IfClause:
		s.choice(c, u)
	case *syntax.BinaryCmd:
		s.binary(c, u)
	case *syntax.CaseClause:
		s.word(c.Word, use{guarded: true, idle: true})
		for _, item := range c.Items {
			s.statements(item.Stmts, use{guarded: u.guarded || !positional(c.Word)})
		}
	case *syntax.ForClause:
		s.loop(c, u)
	case *syntax.WhileClause:
		s.statements(c.Cond, u)
		s.statements(c.Do, u)
	case *syntax.FuncDecl:
		if c.Name != nil {
			s.functions[c.Name.Value] = c.Body
		}
	case *syntax.TestClause:
		s.compared(c.X)
	case *syntax.TimeClause:
		s.statement(c.Stmt, u)
	}
}

// binary is two commands of which the second may depend on the first.
func (s *script) binary(c *syntax.BinaryCmd, u use) {
	switch c.Op {
	case syntax.AndStmt, syntax.OrStmt:
		t, ok := asked(c.X)
		if !ok {
			s.statement(c.X, u)
			s.statement(c.Y, use{guarded: u.guarded || c.Op == syntax.OrStmt || asks(c.X), idle: u.idle})
			return
		}
		if c.Op == syntax.AndStmt {
			s.judge(t, []*syntax.Stmt{c.Y}, nil, u)
		} else {
			s.judge(t, nil, []*syntax.Stmt{c.Y}, u)
		}
	default:
		left := u
		left.piped = true
		s.statement(c.X, left)
		s.statement(c.Y, u)
	}
}

// choice is an if, with what it asks.
func (s *script) choice(c *syntax.IfClause, u use) {
	if len(c.Cond) == 0 { // else
		s.statements(c.Then, u)
		return
	}
	t, ok := asked(c.Cond[len(c.Cond)-1])
	if !ok {
		s.statements(c.Cond, u)
		inside := use{guarded: u.guarded || !aboutArguments(c.Cond)}
		s.statements(c.Then, inside)
		if c.Else != nil {
			s.choice(c.Else, inside)
		}
		return
	}
	var otherwise []*syntax.Stmt
	if c.Else != nil && len(c.Else.Cond) == 0 {
		otherwise = c.Else.Then
	}
	s.judge(t, c.Then, otherwise, u)
	if c.Else != nil && len(c.Else.Cond) > 0 {
		s.choice(c.Else, use{guarded: true})
	}
}

// judge takes in what a test says of the variables that it asks after: whether
// the script gives up where they are absent, or goes on with something else.
func (s *script) judge(t test, then, otherwise []*syntax.Stmt, u use) {
	missing, there := then, otherwise
	if t.present {
		missing, there = otherwise, then
	}
	exits := fails(missing, s.functions) && !u.guarded
	for _, v := range t.variables {
		if s.passes(v.name) {
			continue
		}
		n := s.need(v.name, v.at, v.text)
		literal, assigned := assigns(missing, v.name)
		switch {
		case exits && (!t.all || len(t.variables) == 1):
			n.Fatal = true
		case exits:
			n.Fatal = true
			for _, o := range t.variables {
				if o.name != v.name {
					n.Instead = append(n.Instead, o.name)
				}
			}
		case assigned:
			n.Necessity, n.Default = fact.Defaulted, literal
		default:
			n.Necessity = fact.Guarded
		}
		s.add(n)
		if exits || assigned {
			s.given[v.name] = true
		}
	}
	s.statements(missing, use{guarded: true})
	s.statements(there, use{guarded: true})
}

// loop is a for. Where it goes over names of variables, and gives up where one
// of them is absent, they are needed: for v in A B; do [ -z "${!v}" ] && exit 1.
func (s *script) loop(c *syntax.ForClause, u use) {
	iter, ok := c.Loop.(*syntax.WordIter)
	if !ok {
		s.statements(c.Do, u)
		return
	}
	if indirect(c.Do, iter.Name.Value) && givesUp(c.Do, s.functions) {
		for _, item := range iter.Items {
			if name := item.Lit(); variable.MatchString(name) && !s.passes(name) && !u.guarded {
				n := s.need(name, item, name)
				n.Fatal = true
				s.add(n)
				s.given[name] = true
			}
		}
	}
	for _, item := range iter.Items {
		s.word(item, u)
	}
	s.given[iter.Name.Value] = true
	s.statements(c.Do, u)
}

// call is a simple command.
func (s *script) call(c *syntax.CallExpr, stmt *syntax.Stmt, u use) {
	for _, a := range c.Assigns {
		s.assign(a, u, len(c.Args) > 0)
	}
	if len(c.Args) == 0 {
		return
	}
	name, args := c.Args[0].Lit(), c.Args[1:]
	if strings.Contains(name, "/") {
		name = path.Base(name)
	}
	switch name {
	case "set":
		for _, a := range args {
			s.option(a.Lit())
		}
	case "read", "getopts", "mapfile", "readarray", "unset", "file_env":
		for _, a := range args {
			s.given[literal(a)] = true
		}
	case ".", "source":
		s.load(args, c, u)
	case "eval":
		s.loaded = true
	case "envsubst":
		s.substitute(c, stmt, u)
	case "[", "test":
		if t, ok := asked(stmt); ok {
			s.judge(t, nil, nil, u)
			return
		}
		for _, a := range args {
			s.word(a, use{guarded: true, idle: true})
		}
	case "echo", "printf", "log", "info", "warn", "error", "die", "fatal", "usage", ":", "true":
		for _, a := range args {
			s.word(a, use{guarded: u.guarded, idle: !u.piped})
		}
	default:
		s.words(c.Args, use{guarded: u.guarded})
		if body := s.functions[name]; body != nil && !s.entered[name] {
			s.entered[name] = true
			s.statement(body, u)
		}
	}
}

// option takes in an option of the shell's.
func (s *script) option(text string) {
	if text == "nounset" || strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "--") && strings.Contains(text, "u") {
		s.strict = true
	}
	if strings.HasPrefix(text, "+") && strings.Contains(text, "u") {
		s.strict = false
	}
}

func (s *script) declare(c *syntax.DeclClause, u use) {
	for _, a := range c.Args {
		if a.Name == nil {
			s.word(a.Value, use{guarded: true})
			s.loaded = true // export $(…), export "$name=…"
			if file := dotenvIn(a.Value); file != "" {
				s.dotenv(file, a, u)
			}
			continue
		}
		if !a.Naked {
			s.assign(a, u, c.Variant.Value == "export")
		}
	}
}

// assign is NAME=value. What a variable is made of beside other text is used
// by whoever uses it, and so is what is exported; one that has only another
// name is followed no further.
func (s *script) assign(a *syntax.Assign, u use, exported bool) {
	if a.Name == nil {
		return
	}
	alone := a.Value == nil || alone(a.Value)
	s.word(a.Value, use{guarded: u.guarded || alone && !exported, idle: alone})
	if a.Array != nil {
		for _, e := range a.Array.Elems {
			s.word(e.Value, use{guarded: u.guarded})
		}
	}
	s.given[a.Name.Value] = true
}

// load reads another file in: what it sets is not known here.
func (s *script) load(args []*syntax.Word, at syntax.Node, u use) {
	if len(args) == 0 {
		return
	}
	s.words(args[:1], use{guarded: true, idle: true})
	if file := dotenvIn(args[0]); file != "" {
		s.dotenv(file, at, u)
	}
	s.loaded = true
}

func (s *script) dotenv(file string, at syntax.Node, u use) {
	n := s.need(file, at, "")
	n.Kind, n.Necessity, n.Fatal = fact.Dotenv, fact.Guarded, !u.guarded
	n.Text = s.excerpt(at)
	s.needs = append(s.needs, n)
}

// passes reports whether nothing is to be said of a variable: the shell's own,
// and what the script has given a value.
func (s *script) passes(name string) bool {
	return s.given[name] || !variable.MatchString(name) || slices.Contains(own, name)
}

func (s *script) need(name string, at syntax.Node, text string) fact.Need {
	pos := at.Pos()
	return fact.Need{
		Kind: fact.Variable, Name: name, Text: cmp.Or(text, name),
		At: source.Span{File: s.file.Path, Line: int(pos.Line()), Column: int(pos.Col())},
	}
}

func (s *script) add(n fact.Need) { s.needs = append(s.needs, n) }

// finish puts the needs in order. Of a variable, each way in which it is needed
// is said once.
func (s *script) finish() []fact.Need {
	slices.SortStableFunc(s.needs, func(a, b fact.Need) int { return a.At.Compare(b.At) })
	type way struct {
		kind      fact.Kind
		name      string
		necessity fact.Necessity
		fatal     bool
	}
	seen := map[way]bool{}
	return slices.DeleteFunc(s.needs, func(n fact.Need) bool {
		w := way{n.Kind, n.Name, n.Necessity, n.Fatal}
		if seen[w] {
			return true
		}
		seen[w] = true
		return false
	})
}
