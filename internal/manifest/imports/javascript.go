package imports

import (
	"bytes"
	"strings"
)

// The lengths in bytes of the longest list of names between import and from, and
// of the longest regular expression.
const (
	maxClause = 8 << 10
	maxRegexp = 2 << 10
)

// scanner goes over a file of JavaScript or TypeScript.
type scanner struct {
	data      []byte
	found     []Import
	frames    []frame // the braces and templates that are open
	templates int     // how many of the frames are of templates
	prev      byte    // the last byte that is no space and no comment
	word      []byte  // the word that prev ends; none where it ends none
	member    bool    // what stood before word is a dot
	branch    bool    // an if without braces is open
}

// frame is an open brace, or an open ${ of a template.
type frame struct {
	template bool
	lazy     bool
	try      bool
	found    int // how many imports had been found before it
}

// JavaScript returns what a file of JavaScript or TypeScript imports, in the
// order of the file (https://tc39.es/ecma262/#sec-modules). Of markup in code
// it knows nothing: an apostrophe there is taken for a text that ends with the
// line.
func JavaScript(data []byte) []Import {
	last := lastSign(data)
	s := scanner{data: data}
	i := 0
	if bytes.HasPrefix(data, []byte("#!")) {
		i = s.lineEnd(0)
	}
	// Behind the last sign of an import, which mostly stands at the beginning of a
	// file, only the end of a template is of interest that it may stand in.
	for i < len(data) && len(s.found) < maxImports && (i <= last || s.templates > 0) {
		i = s.token(i)
	}
	for _, f := range s.frames {
		if f.template {
			s.found = s.found[:min(f.found, len(s.found))] // it never ends: what was read since may be text
			break
		}
	}
	return s.found
}

// signs are the words of which an import has one, each with what may stand behind
// it, in front of a comment or not.
var signs = []struct {
	word   []byte
	behind string
}{{[]byte("from"), "\"'/"}, {[]byte("import"), "\"'(/"}, {[]byte("require"), "(./"}}

// lastSign returns where the last import may begin at the latest; -1 where there
// is none. To look for words is far faster than to go over tokens.
func lastSign(data []byte) int {
	last := -1
	for _, sign := range signs {
		for at := 0; ; {
			i := bytes.Index(data[at:], sign.word)
			if i < 0 {
				break
			}
			at += i + len(sign.word)
			next := at
			for next < len(data) && blank(data[next]) {
				next++
			}
			if next < len(data) && strings.IndexByte(sign.behind, data[next]) >= 0 {
				last = max(last, at-len(sign.word))
			}
		}
	}
	return last
}

// token goes over one token, and returns where the next begins.
func (s *scanner) token(i int) int {
	switch b := s.data[i]; {
	case blank(b):
		return i + 1
	case letter(b):
		return s.identifier(i)
	case b >= '0' && b <= '9':
		end := i + 1
		for end < len(s.data) && (part(s.data[end]) || s.data[end] == '.') {
			end++
		}
		s.after('0')
		return end
	case b == '"' || b == '\'':
		end := s.quoted(i)
		s.after('"')
		return max(end, i+1)
	case b == '`':
		return s.template(i+1, len(s.found))
	case b == '/':
		return s.slash(i)
	case b == ';':
		s.branch = false
	case b == '{':
		f := frame{found: len(s.found)}
		word := string(s.word)
		f.try = word == "try"
		f.lazy = s.prev == ')' || s.prev == '>' || word == "else" || word == "finally" || word == "do"
		f.lazy = f.lazy || s.branch
		s.branch = false
		s.frames = append(s.frames, f)
	case b == '}':
		s.branch = false
		if n := len(s.frames); n > 0 {
			f := s.frames[n-1]
			s.frames = s.frames[:n-1]
			if f.template {
				s.templates--
				return s.template(i+1, f.found)
			}
		}
	}
	s.after(s.data[i])
	return i + 1
}

func (s *scanner) after(b byte) { s.prev, s.word = b, nil }

func (s *scanner) lineEnd(i int) int {
	if end := bytes.IndexByte(s.data[i:], '\n'); end >= 0 {
		return i + end
	}
	return len(s.data)
}

// text returns the text in quotes that begins at i, and where it ends; false
// where it does not end with the line.
func (s *scanner) text(i int) (string, int, bool) {
	if end := s.quoted(i); end > i {
		return string(s.data[i+1 : end-1]), end, true
	}
	return "", i, false
}

// quoted returns where the text in quotes ends that begins at i; i where it does
// not end with the line.
func (s *scanner) quoted(i int) int {
	quote := s.data[i]
	for end := i + 1; end < len(s.data); end++ {
		switch s.data[end] {
		case quote:
			return end + 1
		case '\\':
			end++
		case '\n':
			return i
		}
	}
	return i
}

// template goes over the text of a template, to its end or to its next ${.
// found is how many imports there were before it.
func (s *scanner) template(i, found int) int {
	for ; i < len(s.data); i++ {
		switch s.data[i] {
		case '\\':
			i++
		case '`':
			s.after('"')
			return i + 1
		case '$':
			if i+1 < len(s.data) && s.data[i+1] == '{' {
				s.frames = append(s.frames, frame{template: true, found: found})
				s.templates++
				s.after('{')
				return i + 2
			}
		}
	}
	s.found = s.found[:min(found, len(s.found))]
	return len(s.data)
}

// beforeRegexp are the words that an expression may follow.
var beforeRegexp = map[string]bool{
	"return": true, "typeof": true, "instanceof": true, "in": true, "of": true, "new": true, "delete": true, "void": true, "throw": true, "case": true,
	"do": true, "else": true, "yield": true, "await": true,
}

// slash goes over a comment, a regular expression or a division.
func (s *scanner) slash(i int) int {
	if i+1 < len(s.data) {
		switch s.data[i+1] {
		case '/':
			return s.lineEnd(i)
		case '*':
			if end := bytes.Index(s.data[i+2:], []byte("*/")); end >= 0 {
				return i + 2 + end + 2
			}
			return len(s.data)
		}
	}
	if s.prev == 0 || beforeRegexp[string(s.word)] && !s.member || bytes.IndexByte([]byte("(,=:[!&|?{};+-*%~^>"), s.prev) >= 0 {
		class := false
		for end := i + 1; end < min(len(s.data), i+maxRegexp) && s.data[end] != '\n'; end++ {
			switch b := s.data[end]; {
			case b == '\\':
				end++
			case b == '[':
				class = true
			case b == ']':
				class = false
			case b == '/' && !class:
				s.after('"')
				return end + 1
			}
		}
	}
	s.after('/')
	return i + 1
}

// skip returns where the next token begins.
func (s *scanner) skip(i int) int {
	for i < len(s.data) {
		switch {
		case blank(s.data[i]):
			i++
		case s.data[i] == '/' && i+1 < len(s.data) && s.data[i+1] == '/':
			i = s.lineEnd(i)
		case s.data[i] == '/' && i+1 < len(s.data) && s.data[i+1] == '*':
			end := bytes.Index(s.data[i+2:], []byte("*/"))
			if end < 0 {
				return len(s.data)
			}
			i += end + 4
		default:
			return i
		}
	}
	return i
}

func (s *scanner) at(i int) byte {
	if i < len(s.data) {
		return s.data[i]
	}
	return 0
}

// name returns the word that begins at i, and where it ends.
func (s *scanner) name(i int) (string, int) {
	end := i
	for end < len(s.data) && part(s.data[end]) {
		end++
	}
	return string(s.data[i:end]), end
}

func (s *scanner) identifier(i int) int {
	end := i
	for end < len(s.data) && part(s.data[end]) {
		end++
	}
	member := s.prev == '.' && !bytes.HasSuffix(s.data[:i], []byte("..."))
	declared := string(s.word) == "function"
	before := s.prev
	s.prev, s.member, s.word = s.data[end-1], member, s.data[i:end]
	if member || declared {
		return end
	}
	switch string(s.word) {
	case "if", "else", "for", "while":
		s.branch = true
	case "const", "let", "var", "function", "class":
		s.branch = false
	}
	switch string(s.word) {
	case "import":
		return s.importing(i, end)
	case "export":
		return s.exporting(i, end)
	case "require":
		return s.requiring(i, end, before)
	}
	return end
}

func (s *scanner) add(m Import) {
	for _, f := range s.frames {
		m.Lazy = m.Lazy || f.lazy
		m.Guarded = m.Guarded || f.try
	}
	s.found = append(s.found, m)
}

// literal returns the only text that stands in parentheses that open at i.
func (s *scanner) literal(i int) (string, int, bool) {
	if s.at(i) != '(' {
		return "", i, false
	}
	i = s.skip(i + 1)
	if b := s.at(i); b != '"' && b != '\'' && b != '`' {
		return "", i, false
	}
	name, end, ok := s.text(i)
	if s.data[i] == '`' && bytes.IndexByte([]byte(name), '$') >= 0 {
		return "", i, false
	}
	if !ok {
		return "", i, false
	}
	end = s.skip(end)
	if b := s.at(end); b != ')' && b != ',' {
		return "", i, false
	}
	return name, end, true
}

// requiring reads what stands behind the word require; before is the last byte
// before it.
func (s *scanner) requiring(i, end int, before byte) int {
	open := s.skip(end)
	if bytes.HasPrefix(s.data[min(open, len(s.data)):], []byte(".resolve")) {
		open = s.skip(open + len(".resolve"))
	}
	if name, close, ok := s.literal(open); ok {
		// What is behind a condition, or in a function without braces, waits for it.
		waits := s.branch || bytes.IndexByte([]byte("?&|>"), before) >= 0 && before != 0
		s.add(Import{Name: name, Offset: i, Form: Require, End: close + 1, Lazy: waits})
	}
	return end
}

// importing reads what stands behind the word import, which ends at end.
func (s *scanner) importing(i, end int) int {
	at := s.skip(end)
	switch b := s.at(at); {
	case b == '(':
		if name, close, ok := s.literal(at); ok {
			m := Import{Name: name, Offset: i, Form: Dynamic, Lazy: true, End: close + 1}
			if s.at(close) == ')' {
				rest := s.skip(close + 1)
				m.Guarded = bytes.HasPrefix(s.data[min(rest, len(s.data)):], []byte(".catch"))
			}
			s.add(m)
		}
		return end
	case b == '"' || b == '\'':
		if name, close, ok := s.text(at); ok {
			s.add(Import{Name: name, Offset: i, Form: Alone, End: close})
			s.after('"')
			return close
		}
		return end
	case b == '{' || b == '*' || letter(b):
		return s.clause(i, at, end)
	}
	return end
}

// exporting reads what stands behind the word export.
func (s *scanner) exporting(i, end int) int {
	at := s.skip(end)
	if word, after := s.name(at); word == "type" {
		if b := s.at(s.skip(after)); b != '{' && b != '*' {
			return end
		}
		return s.clause(i, at, end)
	}
	if b := s.at(at); b == '{' || b == '*' {
		return s.clause(i, at, end)
	}
	return end
}

// clause reads from the names of an import or export to the text behind from;
// where there is none, it leaves off at end.
func (s *scanner) clause(i, at, end int) int {
	m := Import{Offset: i, Form: Statement}
	limit := min(len(s.data), at+maxClause)
	if word, after := s.name(at); word == "type" || word == "typeof" {
		next := s.skip(after)
		name, behind := s.name(next)
		switch b := s.at(next); {
		case b == '{' || b == '*', name != "" && name != "from":
			m.Types, at = true, next
		case name == "from":
			if b := s.at(s.skip(behind)); b != '"' && b != '\'' {
				m.Types, at = true, next // a type that is called from
			}
		}
	}
	braces, values, names := false, 0, 0
	last, first := "", ""
	bind := func() {
		if last != "" {
			m.Binds = append(m.Binds, last)
			names++
			if first != "type" || last == "type" {
				values++
			}
		}
		last, first = "", ""
	}
	for at < limit {
		at = s.skip(at)
		switch b := s.at(at); {
		case letter(b):
			word, after := s.name(at)
			if next := s.skip(after); word == "from" && !braces && (s.at(next) == '"' || s.at(next) == '\'') {
				bind()
				name, close, ok := s.text(next)
				if !ok {
					return end
				}
				m.Name, m.End = name, close
				m.Types = m.Types || names > 0 && values == 0
				s.add(m)
				s.after('"')
				return close
			}
			if first == "" {
				first = word
			}
			last, at = word, after
		case b == '{':
			bind()
			braces = true
			at++
		case b == '}':
			bind()
			braces = false
			at++
		case b == ',':
			bind()
			at++
		case b == '*':
			at++
		case braces && (b == '"' || b == '\''):
			_, after, ok := s.text(at)
			if !ok {
				return end
			}
			at = after
		case b == '=' && !braces: // import x = require("y")
			word, after := s.name(s.skip(at + 1))
			if word != "require" {
				return end
			}
			if name, close, ok := s.literal(s.skip(after)); ok {
				bind()
				m.Name, m.Form, m.End = name, Require, close+1
				s.add(m)
				return close
			}
			return end
		default:
			return end
		}
	}
	return end
}
