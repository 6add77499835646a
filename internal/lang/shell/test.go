package shell

import (
	"slices"

	"mvdan.cc/sh/v3/syntax"
)

// test is a question whether variables are there.
type test struct {
	variables []asking
	present   bool // it holds where they are there
	all       bool // it holds where all of them are absent, and not where one is
}

type asking struct {
	name string
	at   syntax.Node
	text string
}

// asked returns what a statement asks of variables, if that is all that it
// asks: [ -z "$X" ], ! [ -n "$X" ], [[ -z $X || -z $Y ]], test "$X", with && and
// || between them.
func asked(stmt *syntax.Stmt) (test, bool) {
	if stmt == nil || len(stmt.Redirs) > 0 {
		return test{}, false
	}
	t, ok := test{}, false
	switch c := stmt.Cmd.(type) {
	case *syntax.CallExpr:
		t, ok = bracket(c)
	case *syntax.TestClause:
		t, ok = clause(c.X)
	case *syntax.BinaryCmd:
		if c.Op == syntax.OrStmt || c.Op == syntax.AndStmt {
			a, first := asked(c.X)
			b, second := asked(c.Y)
			if first && second {
				t, ok = join(a, b, c.Op == syntax.AndStmt)
			}
		}
	case *syntax.Block:
		if len(c.Stmts) == 1 {
			t, ok = asked(c.Stmts[0])
		}
	}
	if stmt.Negated {
		t.present = !t.present
		t.all = !t.all
	}
	return t, ok
}

// join makes one question of two. Each variable of "this is absent or that is"
// is needed by itself; of "both are absent" either will do.
func join(a, b test, both bool) (test, bool) {
	if a.present != b.present {
		return test{}, false
	}
	return test{append(slices.Clone(a.variables), b.variables...), a.present, both != a.present}, true
}

// bracket is [ … ] or test …
func bracket(c *syntax.CallExpr) (test, bool) {
	if len(c.Args) < 2 || len(c.Assigns) > 0 {
		return test{}, false
	}
	args := c.Args[1:]
	switch c.Args[0].Lit() {
	case "[":
		if args[len(args)-1].Lit() != "]" {
			return test{}, false
		}
		args = args[:len(args)-1]
	case "test":
	default:
		return test{}, false
	}
	return operands(args)
}

// operands are those of test(1): -z WORD, -n WORD, WORD, ! …, … -o …, … -a …
func operands(args []*syntax.Word) (test, bool) {
	for i, a := range args {
		if op := a.Lit(); (op == "-o" || op == "-a") && i > 0 {
			x, first := operands(args[:i])
			y, second := operands(args[i+1:])
			if !first || !second {
				return test{}, false
			}
			return join(x, y, op == "-a")
		}
	}
	switch {
	case len(args) > 1 && args[0].Lit() == "!":
		t, ok := operands(args[1:])
		t.present, t.all = !t.present, !t.all
		return t, ok
	case len(args) == 2 && args[0].Lit() == "-z":
		return about(args[1], false)
	case len(args) == 2 && args[0].Lit() == "-n":
		return about(args[1], true)
	case len(args) == 1:
		return about(args[0], true)
	case len(args) == 3 && literal(args[2]) == "" && len(args[2].Parts) > 0:
		switch args[1].Lit() {
		case "=", "==":
			return about(args[0], false)
		case "!=":
			return about(args[0], true)
		}
	}
	return test{}, false
}

// clause is the inside of [[ … ]].
func clause(x syntax.TestExpr) (test, bool) {
	switch x := x.(type) {
	case *syntax.ParenTest:
		return clause(x.X)
	case *syntax.Word:
		return about(x, true)
	case *syntax.UnaryTest:
		if x.Op == syntax.TsNot {
			t, ok := clause(x.X)
			t.present, t.all = !t.present, !t.all
			return t, ok
		}
		w, ok := x.X.(*syntax.Word)
		if !ok {
			return test{}, false
		}
		switch x.Op {
		case syntax.TsEmpStr:
			return about(w, false)
		case syntax.TsNempStr:
			return about(w, true)
		case syntax.TsVarSet:
			if name := literal(w); variable.MatchString(name) {
				return test{variables: []asking{{name, w, name}}, present: true}, true
			}
		}
	case *syntax.BinaryTest:
		if x.Op == syntax.AndTest || x.Op == syntax.OrTest {
			a, first := clause(x.X)
			b, second := clause(x.Y)
			if first && second {
				return join(a, b, x.Op == syntax.AndTest)
			}
			return test{}, false
		}
		left, first := x.X.(*syntax.Word)
		right, second := x.Y.(*syntax.Word)
		if first && second && literal(right) == "" && alone(right) {
			switch x.Op {
			case syntax.TsMatchShort, syntax.TsMatch:
				return about(left, false)
			case syntax.TsNoMatch:
				return about(left, true)
			}
		}
	}
	return test{}, false
}

// about is a question about the one variable that a word is made of, which may
// have an empty default: "${X:-}", "${X+x}".
func about(w *syntax.Word, present bool) (test, bool) {
	parts := w.Parts
	if len(parts) == 1 {
		if q, ok := parts[0].(*syntax.DblQuoted); ok {
			parts = q.Parts
		}
	}
	// "x$X" = "x" is not asked here: two words of it would have to be weighed.
	if len(parts) != 1 {
		return test{}, false
	}
	p, ok := parts[0].(*syntax.ParamExp)
	if !ok || p.Param == nil || p.Excl || p.Length || !variable.MatchString(p.Param.Value) {
		return test{}, false
	}
	if p.Exp != nil && p.Exp.Word != nil && len(p.Exp.Word.Parts) > 0 && p.Exp.Op != syntax.AlternateUnset && p.Exp.Op != syntax.AlternateUnsetOrNull {
		return test{}, false
	}
	return test{variables: []asking{{p.Param.Value, p, "$" + p.Param.Value}}, present: present}, true
}

// asks reports whether a statement only asks something: what follows it with &&
// may never come.
func asks(stmt *syntax.Stmt) bool {
	switch c := stmt.Cmd.(type) {
	case *syntax.TestClause:
		return true
	case *syntax.CallExpr:
		if len(c.Args) == 0 {
			return false
		}
		switch c.Args[0].Lit() {
		case "[", "test", "grep", "command", "which", "type", "hash", "pgrep", "false":
			return true
		}
	case *syntax.BinaryCmd:
		return asks(c.X) || asks(c.Y)
	}
	return stmt.Negated
}

// tests notes the variables whose absence the script asks after anywhere.
func (s *script) tests(file *syntax.File) {
	s.tested = map[string]bool{}
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Stmt:
			if t, ok := asked(n); ok {
				for _, v := range t.variables {
					s.tested[v.name] = true
				}
			}
		case *syntax.ParamExp:
			if n.Param != nil && n.Exp != nil && (n.Exp.Op == syntax.AlternateUnset || n.Exp.Op == syntax.AlternateUnsetOrNull) {
				s.tested[n.Param.Value] = true
			}
		}
		return true
	})
}

// compared reads the variables of a [[ … ]] that compares them.
func (s *script) compared(x syntax.TestExpr) {
	if t, ok := clause(x); ok {
		s.judge(t, nil, nil, use{})
		return
	}
	syntax.Walk(x, func(n syntax.Node) bool {
		if w, ok := n.(*syntax.Word); ok {
			s.word(w, use{guarded: true, idle: true})
			return false
		}
		return true
	})
}
