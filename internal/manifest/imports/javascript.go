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
