package start

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// course is the way that a script takes from its top to its end: which commands
// run whenever it does.
type course struct {
	passed    []passed
	arguments []string // of the script; nil where they are not known
	functions map[string]*syntax.Stmt
	strict    bool // a command that fails ends the script
	left      bool // a branch that is not known may have ended it
	depth     int
}

// passed is a command that a script comes to.
type passed struct {
	line   int
	words  []string // as far as they are known
	always bool
	strict bool // where it fails, nothing behind it runs
}

// way is under what the commands run that are read.
type way struct {
	perhaps   bool // a condition that is not known decides
	tolerated bool // that they fail is no matter
}

// The bounds of what is followed.
const (
	maxCourse = 256 << 10
	maxPassed = 2_000
	maxCalls  = 8 // functions in functions
)

// courseOf reads a script; nil where it cannot be read.
func courseOf(text string, arguments []string) *course {
	if len(text) > maxCourse || tangled(text) {
		return nil
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		return nil
	}
	c := &course{arguments: arguments, functions: map[string]*syntax.Stmt{}}
	if first, _, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "#!") {
		if words := strings.Fields(first); len(words) > 1 {
			c.options(words[1:])
		}
	}
	c.statements(file.Stmts, way{})
	return c
}

// tangled reports whether more brackets may be open at once than a person opens.
func tangled(text string) bool {
	depth := 0
	for _, b := range []byte(text) {
		switch b {
		case '(', '{', '`':
			depth++
		case ')', '}':
			depth = max(0, depth-1)
		}
		if depth > 200 {
			return true
		}
	}
	return false
}

// at returns the command of that program on a line.
func (c *course) at(line int, program string) (passed, bool) {
	for _, p := range c.passed {
		if p.line == line && len(p.words) > 0 && (p.words[0] == program || slices.Contains(p.words, program)) {
			return p, true
		}
	}
	return passed{}, false
}

func (c *course) options(words []string) {
	for i, w := range words {
		switch {
		case w == "errexit" && i > 0 && words[i-1] == "-o":
			c.strict = true
		case strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "--") && strings.Contains(w, "e"):
			c.strict = true
		case strings.HasPrefix(w, "+") && strings.Contains(w, "e"):
			c.strict = false
		}
	}
}

func (c *course) statements(all []*syntax.Stmt, w way) {
	for _, s := range all {
		c.statement(s, w)
	}
}

func (c *course) statement(s *syntax.Stmt, w way) {
	if s == nil || len(c.passed) > maxPassed {
		return
	}
	w.tolerated = w.tolerated || s.Negated || s.Background
	switch cmd := s.Cmd.(type) {
	case *syntax.CallExpr:
		c.call(cmd, w)
	case *syntax.Block:
		c.statements(cmd.Stmts, w)
	case *syntax.Subshell:
		c.statements(cmd.Stmts, w)
	case *syntax.TimeClause:
		c.statement(cmd.Stmt, w)
	case *syntax.FuncDecl:
		if cmd.Name != nil {
			c.functions[cmd.Name.Value] = cmd.Body
		}
	case *syntax.BinaryCmd:
		c.binary(cmd, w)
	case *syntax.IfClause:
		c.choice(cmd, w)
	case *syntax.CaseClause:
		word, known := c.argument(cmd.Word)
		for _, item := range cmd.Items {
			fits := known && matchesCase(item, word)
			if known && !fits {
				continue
			}
			c.statements(item.Stmts, way{w.perhaps || !fits, w.tolerated})
			if fits {
				break
			}
		}
	case *syntax.WhileClause:
		c.statements(cmd.Cond, way{w.perhaps, true})
		c.statements(cmd.Do, way{true, w.tolerated})
	case *syntax.ForClause:
		c.statements(cmd.Do, w)
	}
}

func (c *course) binary(cmd *syntax.BinaryCmd, w way) {
	switch cmd.Op {
	case syntax.AndStmt:
		if answer, known := c.test(cmd.X); known {
			if answer {
				c.statement(cmd.Y, w)
			}
			return
		}
		c.statement(cmd.X, w)
		c.statement(cmd.Y, way{w.perhaps || questions(cmd.X), w.tolerated})
	case syntax.OrStmt:
		c.statement(cmd.X, way{w.perhaps, true})
		c.statement(cmd.Y, way{true, w.tolerated})
	default:
		c.statement(cmd.X, way{w.perhaps, true})
		c.statement(cmd.Y, w)
	}
}

func (c *course) choice(cmd *syntax.IfClause, w way) {
	if len(cmd.Cond) == 0 {
		c.statements(cmd.Then, w)
		return
	}
	if len(cmd.Cond) == 1 {
		if answer, known := c.test(cmd.Cond[0]); known {
			if answer {
				c.statements(cmd.Then, w)
			} else if cmd.Else != nil {
				c.choice(cmd.Else, w)
			}
			return
		}
	}
	c.statements(cmd.Cond, way{w.perhaps, true})
	c.statements(cmd.Then, way{true, w.tolerated})
	if cmd.Else != nil {
		c.choice(cmd.Else, way{true, w.tolerated})
	}
}

func (c *course) call(cmd *syntax.CallExpr, w way) {
	if len(cmd.Args) == 0 {
		return
	}
	var words []string
	for _, a := range cmd.Args {
		words = append(words, textOf(a))
	}
	switch words[0] {
	case "set":
		c.options(words[1:])
	case "exit", "return", "exec":
		if w.perhaps && !(words[0] == "exit" && len(words) > 1 && words[1] != "0") {
			c.left = true
		}
	}
	c.passed = append(c.passed, passed{
		line: int(cmd.Pos().Line()), words: words, always: !w.perhaps && !c.left, strict: c.strict && !w.tolerated,
	})
	if body := c.functions[words[0]]; body != nil && c.depth < maxCalls {
		c.depth++
		given := c.arguments
		c.arguments = nil // its own
		c.statement(body, w)
		c.arguments = given
		c.depth--
	}
}

// questions reports whether a statement only asks something.
func questions(s *syntax.Stmt) bool {
	switch cmd := s.Cmd.(type) {
	case *syntax.TestClause:
		return true
	case *syntax.CallExpr:
		return len(cmd.Args) > 0 && slices.Contains([]string{"[", "test", "grep", "command", "which", "type", "hash", "pgrep", "false"}, cmd.Args[0].Lit())
	case *syntax.BinaryCmd:
		return questions(cmd.X) || questions(cmd.Y)
	}
	return s.Negated
}

// test answers a question about the script's arguments, where it is one:
// [ "$1" = "serve" ], [ -z "$1" ], [ $# -eq 0 ].
func (c *course) test(s *syntax.Stmt) (answer, known bool) {
	var words []*syntax.Word
	switch cmd := s.Cmd.(type) {
	case *syntax.CallExpr:
		if len(cmd.Args) < 2 || cmd.Args[0].Lit() != "[" && cmd.Args[0].Lit() != "test" {
			return false, false
		}
		words = cmd.Args[1:]
		if words[len(words)-1].Lit() == "]" {
			words = words[:len(words)-1]
		}
	case *syntax.TestClause:
		switch x := cmd.X.(type) {
		case *syntax.UnaryTest:
			w, ok := x.X.(*syntax.Word)
			if !ok {
				return false, false
			}
			word, ok := c.argument(w)
			switch {
			case !ok:
			case x.Op == syntax.TsEmpStr:
				return (word == "") != s.Negated, true
			case x.Op == syntax.TsNempStr:
				return (word != "") != s.Negated, true
			}
			return false, false
		case *syntax.BinaryTest:
			left, first := x.X.(*syntax.Word)
			right, second := x.Y.(*syntax.Word)
			if !first || !second || (x.Op != syntax.TsMatch && x.Op != syntax.TsMatchShort && x.Op != syntax.TsNoMatch) || strings.ContainsAny(textOf(right), "*?[") {
				return false, false
			}
			word, ok := c.argument(left)
			if !ok {
				return false, false
			}
			return ((word == textOf(right)) == (x.Op != syntax.TsNoMatch)) != s.Negated, true
		}
		return false, false
	}
	switch {
	case len(words) == 2 && (words[0].Lit() == "-z" || words[0].Lit() == "-n"):
		if word, ok := c.argument(words[1]); ok {
			return ((word == "") == (words[0].Lit() == "-z")) != s.Negated, true
		}
	case len(words) == 3:
		word, ok := c.argument(words[0])
		if !ok {
			return false, false
		}
		switch words[1].Lit() {
		case "=", "==":
			return (word == textOf(words[2])) != s.Negated, true
		case "!=":
			return (word != textOf(words[2])) != s.Negated, true
		}
	}
	return false, false
}

// argument returns what a word is that is one of the script's arguments and
// nothing else: "$1", "${1}", "$@" where there is at most one.
func (c *course) argument(w *syntax.Word) (string, bool) {
	parts := w.Parts
	if len(parts) == 1 {
		if q, ok := parts[0].(*syntax.DblQuoted); ok {
			parts = q.Parts
		}
	}
	if len(parts) != 1 || c.arguments == nil {
		return "", false
	}
	p, ok := parts[0].(*syntax.ParamExp)
	if !ok || p.Param == nil || p.Length || p.Excl || p.Exp != nil && p.Exp.Word != nil && len(p.Exp.Word.Parts) > 0 {
		return "", false
	}
	switch n := p.Param.Value; {
	case n == "@" || n == "*":
		return strings.Join(c.arguments, " "), true
	case len(n) == 1 && n[0] >= '1' && n[0] <= '9':
		if i := int(n[0] - '1'); i < len(c.arguments) {
			return c.arguments[i], true
		}
		return "", true
	}
	return "", false
}

func matchesCase(item *syntax.CaseItem, word string) bool {
	return slices.ContainsFunc(item.Patterns, func(p *syntax.Word) bool {
		ok, err := path.Match(textOf(p), word)
		return err == nil && ok
	})
}

// textOf is a word as far as it is known: what the running shell puts in is
// left out.
func textOf(w *syntax.Word) string {
	var b bytes.Buffer
	for _, part := range w.Parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(strings.ReplaceAll(p.Value, "\\", ""))
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			for _, in := range p.Parts {
				if lit, ok := in.(*syntax.Lit); ok {
					b.WriteString(lit.Value)
				}
			}
		}
	}
	return b.String()
}
