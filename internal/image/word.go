package image

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// word is a word of a shell command, as far as it is known without running
// it.
type word struct {
	text  string // up to what is not known
	whole bool   // all of it is known
	glob  bool   // it has wildcards, from which on it is not known
	full  string // of a glob: the pattern
}

func plainWord(text string) word { return word{text: text, whole: true} }

// words turns the words of a command into what the program gets.
func (sh *shell) words(args []*syntax.Word) []word {
	all := make([]word, 0, len(args))
	for _, arg := range args {
		w := sh.word(arg)
		if len(arg.Parts) == 1 {
			if p, ok := arg.Parts[0].(*syntax.ParamExp); ok && w.whole && simple(p) {
				// Without quotes a variable may be several words, or none.
				for _, field := range strings.Fields(w.text) {
					all = append(all, plainWord(field))
				}
				continue
			}
		}
		all = append(all, w)
	}
	return all
}

func simple(p *syntax.ParamExp) bool {
	return p.Param != nil && !p.Excl && !p.Length && !p.Width && p.Index == nil && p.Slice == nil && p.Repl == nil && p.Exp == nil
}

// word expands one word. What it runs to fill itself in is read as a command
// of its own.
func (sh *shell) word(w *syntax.Word) word {
	if w == nil {
		return plainWord("")
	}
	b := builder{sh: sh, whole: true}
	b.parts(w.Parts, false)
	return b.word()
}

// builder puts a word together.
type builder struct {
	sh    *shell
	out   strings.Builder
	whole bool
	glob  bool
	cut   int // where the first wildcard stands
}

const maxWord = 4096

func (b *builder) word() word {
	text := b.out.String()
	if b.glob {
		return word{text: text[:b.cut], glob: true, full: text, whole: false}
	}
	return word{text: text, whole: b.whole}
}

// put adds text as far as all before it is known.
func (b *builder) put(text string, quoted bool) {
	if !b.whole {
		return
	}
	if b.out.Len()+len(text) > maxWord {
		b.whole, b.glob = false, false
		return
	}
	if i := wildcard(text); i >= 0 && !quoted && !b.glob {
		b.glob, b.cut = true, b.out.Len()+i
	}
	b.out.WriteString(text)
}

// wildcard returns where a text has its first wildcard, -1 where it has none.
func wildcard(text string) int {
	i := strings.IndexAny(text, "*?[")
	if i >= 0 && text[i] == '[' && !strings.Contains(text[i:], "]") {
		return -1 // the program of that name
	}
	return i
}

func (b *builder) lost() {
	if b.glob {
		text := b.out.String()[:b.cut]
		b.out.Reset()
		b.out.WriteString(text)
	}
	b.whole, b.glob = false, false
}

func (b *builder) parts(parts []syntax.WordPart, quoted bool) {
	for i, part := range parts {
		switch part := part.(type) {
		case *syntax.Lit:
			b.literal(part.Value, quoted, i == 0 && !quoted)
		case *syntax.SglQuoted:
			if part.Dollar {
				b.lost()
			} else {
				b.put(part.Value, true)
			}
		case *syntax.DblQuoted:
			b.parts(part.Parts, true)
		case *syntax.ParamExp:
			b.param(part)
		case *syntax.CmdSubst:
			b.sh.sub().statements(part.Stmts)
			b.lost()
		default:
			b.lost()
		}
	}
}

func (b *builder) literal(text string, quoted, first bool) {
	if first && strings.HasPrefix(text, "~") {
		home, rest := b.sh.home(), text[1:]
		if home == "" || rest != "" && rest[0] != '/' {
			b.lost()
			return
		}
		b.put(home, true)
		text = rest
	}
	if !quoted && strings.Contains(text, "{") && strings.Contains(text, ",") {
		// bash makes several words of it, sh does not.
		i := strings.Index(text, "{")
		b.put(unescaped(text[:i]), false)
		b.lost()
		return
	}
	if strings.Contains(text, `\`) {
		text, quoted = unescaped(text), true
	}
	b.put(text, quoted)
}

// unescaped removes the backslashes that a shell removes.
func unescaped(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			if i++; text[i] == '\n' {
				continue
			}
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

func (b *builder) param(p *syntax.ParamExp) {
	if p.Param == nil || p.Excl || p.Length || p.Width || p.Index != nil || p.Slice != nil || p.Repl != nil {
		b.lost()
		return
	}
	value, ok := b.sh.lookup(p.Param.Value)
	if p.Exp != nil {
		switch p.Exp.Op {
		case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
			if !ok {
				b.lost() // the shell may know it all the same
				return
			}
			if value == "" {
				w := b.sh.word(p.Exp.Word)
				if !w.whole {
					b.lost()
					return
				}
				value = w.text
			}
		case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		default:
			b.lost()
			return
		}
	}
	if !ok {
		b.lost()
		return
	}
	b.put(value, true)
}
