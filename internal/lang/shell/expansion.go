package shell

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
)

// variable is what variables are called that scripts take from outside
// (POSIX, Base Definitions, 8.1); those in small letters are their own.
var variable = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)

// own are the variables that the shell sets by itself (POSIX, Shell and
// Utilities, 2.5.3; Bash Reference Manual, "Bash Variables"), and what every
// container has.
var own = strings.Fields("HOME PATH PWD OLDPWD USER LOGNAME SHELL LANG TERM TZ TMPDIR HOSTNAME IFS OPTARG OPTIND PPID LINENO UID EUID GID RANDOM SECONDS REPLY " +
	"FUNCNAME BASH BASH_SOURCE BASH_VERSION BASHPID BASH_REMATCH BASH_LINENO BASH_COMMAND BASH_SUBSHELL PIPESTATUS OSTYPE HOSTTYPE MACHTYPE SHLVL PS1 PS4 COLUMNS LINES EDITOR GROUPS DIRSTACK MAPFILE COPROC ENV_FILE")

func (s *script) words(all []*syntax.Word, u use) {
	for _, w := range all {
		s.word(w, u)
	}
}

func (s *script) word(w *syntax.Word, u use) {
	if w != nil {
		s.parts(w.Parts, u)
	}
}

func (s *script) parts(parts []syntax.WordPart, u use) {
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.DblQuoted:
			s.parts(p.Parts, u)
		case *syntax.ParamExp:
			s.expansion(p, u)
		case *syntax.CmdSubst:
			s.statements(p.Stmts, use{guarded: u.guarded, piped: true})
		case *syntax.ProcSubst:
			s.statements(p.Stmts, use{guarded: u.guarded, piped: true})
		case *syntax.ArithmExp:
			syntax.Walk(p, func(n syntax.Node) bool {
				if e, ok := n.(*syntax.ParamExp); ok {
					s.expansion(e, use{guarded: u.guarded, idle: true})
					return false
				}
				return true
			})
		}
	}
}

// expansion is $NAME or ${NAME…} (POSIX, Shell and Utilities, 2.6.2).
func (s *script) expansion(p *syntax.ParamExp, u use) {
	if p.Param == nil || p.Excl {
		return
	}
	name := p.Param.Value
	if p.Exp != nil {
		defer s.word(p.Exp.Word, use{guarded: true})
	}
	if s.passes(name) {
		return
	}
	n := s.need(name, p, s.shown(p))
	if p.Exp != nil {
		switch p.Exp.Op {
		case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
			n.Necessity = fact.Guarded
		case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
			s.fallback(&n, p.Exp)
			if p.Exp.Op == syntax.AssignUnset || p.Exp.Op == syntax.AssignUnsetOrNull {
				s.given[name] = true
			}
		case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
			n.Fatal = !u.guarded
			if u.guarded {
				n.Necessity = fact.Guarded
			} else {
				s.given[name] = true
			}
		default:
			s.plain(&n, u)
		}
		s.add(n)
		return
	}
	if p.Length || p.IsSet {
		n.Necessity = fact.Guarded
	} else {
		s.plain(&n, u)
	}
	s.add(n)
}

// fallback is what a variable is where it is absent: a literal, or others.
func (s *script) fallback(n *fact.Need, exp *syntax.Expansion) {
	n.Necessity = fact.Defaulted
	if exp.Word == nil || len(exp.Word.Parts) == 0 {
		n.Necessity = fact.Guarded // it is said in so many words that there may be none
		return
	}
	if text, ok := known(exp.Word); ok {
		if text == "" {
			n.Necessity = fact.Guarded
			return
		}
		n.Default = &text
		return
	}
	syntax.Walk(exp.Word, func(node syntax.Node) bool {
		if e, ok := node.(*syntax.ParamExp); ok && e.Param != nil && variable.MatchString(e.Param.Value) && !slices.Contains(n.Instead, e.Param.Value) {
			n.Instead = append(n.Instead, e.Param.Value)
		}
		return true
	})
}

// plain is a variable that is read as it is.
func (s *script) plain(n *fact.Need, u use) {
	switch {
	case s.loaded, u.guarded, s.tested[n.Name]:
		n.Necessity = fact.Guarded
	case s.strict:
		n.Fatal = true
		s.given[n.Name] = true
	case u.idle:
		n.Necessity = fact.Guarded
	}
}

var secret = regexp.MustCompile(`(?i)secret|passw|token|key|credential|private|salt|_pass$|_pwd$|dsn|_url$|_uri$`)

// shown is an expansion as it may be shown.
func (s *script) shown(p *syntax.ParamExp) string {
	if p.Exp != nil && p.Exp.Word != nil && secret.MatchString(p.Param.Value) {
		return "${" + p.Param.Value + p.Exp.Op.String() + "…}"
	}
	return s.excerpt(p)
}

// excerpt is the source of a node on one line of at most 120 bytes.
func (s *script) excerpt(n syntax.Node) string {
	start, end := int(n.Pos().Offset()), int(n.End().Offset())
	if start < 0 || end > len(s.file.Data) || start >= end {
		return "…"
	}
	text := strings.ToValidUTF8(string(s.file.Data[start:end]), "")
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 120 {
		cut := 117
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "…"
	}
	if text == "" {
		return "…"
	}
	return text
}

// known returns what a word is where no variable is a part of it.
func known(w *syntax.Word) (string, bool) {
	var b strings.Builder
	for _, part := range w.Parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(p.Value)
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			for _, in := range p.Parts {
				lit, ok := in.(*syntax.Lit)
				if !ok {
					return "", false
				}
				b.WriteString(lit.Value)
			}
		default:
			return "", false
		}
	}
	return b.String(), true
}

// literal is known, or "".
func literal(w *syntax.Word) string {
	text, _ := known(w)
	return text
}

// alone reports whether a word is one expansion, or known.
func alone(w *syntax.Word) bool {
	parts := w.Parts
	if len(parts) == 1 {
		if q, ok := parts[0].(*syntax.DblQuoted); ok {
			parts = q.Parts
		}
	}
	if len(parts) != 1 {
		return false
	}
	_, substitutes := parts[0].(*syntax.CmdSubst)
	return !substitutes
}
