package shell

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
)

// fails reports whether statements end the script and say that it failed, at
// once and not under a further condition.
func fails(all []*syntax.Stmt, functions map[string]*syntax.Stmt) bool {
	for _, stmt := range all {
		switch c := stmt.Cmd.(type) {
		case *syntax.Block:
			if fails(c.Stmts, functions) {
				return true
			}
		case *syntax.BinaryCmd:
			if c.Op == syntax.AndStmt && (fails([]*syntax.Stmt{c.X}, functions) || fails([]*syntax.Stmt{c.Y}, functions)) {
				return true
			}
		case *syntax.CallExpr:
			if len(c.Args) == 0 {
				continue
			}
			switch name := c.Args[0].Lit(); name {
			case "exit", "return":
				return len(c.Args) > 1 && literal(c.Args[1]) != "0"
			case "die", "fatal", "abort", "fail", "error_exit", "usage":
				return true
			default:
				if body := functions[name]; body != nil {
					if block, ok := body.Cmd.(*syntax.Block); ok && leaves(block.Stmts) {
						return true
					}
				}
			}
		}
	}
	return false
}

// leaves reports whether the statements of a function end in an exit.
func leaves(all []*syntax.Stmt) bool {
	if len(all) == 0 {
		return false
	}
	c, ok := all[len(all)-1].Cmd.(*syntax.CallExpr)
	return ok && len(c.Args) > 1 && c.Args[0].Lit() == "exit" && literal(c.Args[1]) != "0"
}

// givesUp reports whether one of the statements, or what is in them, ends the
// script and says that it failed.
func givesUp(all []*syntax.Stmt, functions map[string]*syntax.Stmt) bool {
	found := false
	for _, stmt := range all {
		syntax.Walk(stmt, func(n syntax.Node) bool {
			if s, ok := n.(*syntax.Stmt); ok && !found {
				found = fails([]*syntax.Stmt{s}, functions)
			}
			return !found
		})
	}
	return found
}

// assigns reports whether statements set a variable, and to what where that is
// known.
func assigns(all []*syntax.Stmt, name string) (*string, bool) {
	for _, stmt := range all {
		var found []*syntax.Assign
		switch c := stmt.Cmd.(type) {
		case *syntax.CallExpr:
			if len(c.Args) == 0 {
				found = c.Assigns
			}
		case *syntax.DeclClause:
			found = c.Args
		case *syntax.Block:
			if value, ok := assigns(c.Stmts, name); ok {
				return value, ok
			}
		}
		for _, a := range found {
			if a.Name == nil || a.Name.Value != name || a.Naked {
				continue
			}
			if a.Value != nil {
				if text, ok := known(a.Value); ok {
					return &text, true
				}
			}
			return nil, true
		}
	}
	return nil, false
}

// indirect reports whether statements read the variable that another names:
// ${!name}, eval "\$$name", printenv "$name".
func indirect(all []*syntax.Stmt, name string) bool {
	found := false
	for _, stmt := range all {
		syntax.Walk(stmt, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.ParamExp:
				found = found || n.Excl && n.Param != nil && n.Param.Value == name
			case *syntax.CallExpr:
				if len(n.Args) > 1 && (n.Args[0].Lit() == "eval" || n.Args[0].Lit() == "printenv") {
					syntax.Walk(n, func(in syntax.Node) bool {
						p, ok := in.(*syntax.ParamExp)
						found = found || ok && p.Param != nil && p.Param.Value == name
						return true
					})
				}
			}
			return !found
		})
	}
	return found
}

// positional reports whether a word is one of the script's arguments.
func positional(w *syntax.Word) bool {
	found := false
	syntax.Walk(w, func(n syntax.Node) bool {
		if p, ok := n.(*syntax.ParamExp); ok && p.Param != nil && argument.MatchString(p.Param.Value) {
			found = true
		}
		return !found
	})
	return found
}

var argument = regexp.MustCompile(`^([0-9]+|[@*#])$`)

// aboutArguments reports whether a condition asks for nothing but the script's
// arguments.
func aboutArguments(cond []*syntax.Stmt) bool {
	about, other := false, false
	for _, stmt := range cond {
		syntax.Walk(stmt, func(n syntax.Node) bool {
			if p, ok := n.(*syntax.ParamExp); ok && p.Param != nil {
				if argument.MatchString(p.Param.Value) {
					about = true
				} else {
					other = true
				}
			}
			return true
		})
	}
	return about && !other
}

// dotenvName is what files of variables are called.
var dotenvName = regexp.MustCompile(`(^|/)\.env(\.\w+)*$|\.env$`)

// dotenvIn returns the file of variables that a word names, or that a command
// in it reads; "" where there is none. Only its end may be known.
func dotenvIn(w *syntax.Word) string {
	if w == nil {
		return ""
	}
	found := ""
	syntax.Walk(w, func(n syntax.Node) bool {
		if lit, ok := n.(*syntax.Lit); ok && dotenvName.MatchString(lit.Value) {
			found = strings.TrimPrefix(strings.TrimPrefix(lit.Value, "./"), "/")
			if strings.HasPrefix(lit.Value, "/") && len(w.Parts) == 1 {
				found = lit.Value
			}
		}
		return found == ""
	})
	return found
}

// reference is a variable in a list for envsubst.
var reference = regexp.MustCompile(`\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?`)

// Envsubst is the Library of the reading of a template whose variables are
// filled in from the environment (GNU gettext manual, "envsubst Invocation").
const Envsubst = "envsubst"

// substitute is envsubst: the variables in its argument are filled in, or all
// those of what it reads. One that is absent becomes nothing.
func (s *script) substitute(c *syntax.CallExpr, stmt *syntax.Stmt, u use) {
	listed := false
	for _, a := range c.Args[1:] {
		text, ok := known(a)
		if !ok {
			s.word(a, use{guarded: true})
			listed = true // "$(…)": which are filled in is computed
			continue
		}
		for _, m := range reference.FindAllStringSubmatch(text, -1) {
			listed = true
			if !s.passes(m[1]) {
				n := s.need(m[1], a, "envsubst '${"+m[1]+"}'")
				s.plain(&n, use{guarded: u.guarded})
				n.Fatal = false
				s.add(n)
			}
		}
	}
	if listed {
		return
	}
	for _, r := range stmt.Redirs {
		if r.Op == syntax.RdrIn && r.Word != nil {
			if name, ok := known(r.Word); ok && name != "" {
				s.needs = append(s.needs, fact.Need{Kind: fact.Reading, Name: name, Library: Envsubst, At: s.need("", r.Word, "").At, Text: s.excerpt(stmt)})
			}
		}
	}
}
