package service

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// statement is one statement of a file of SQL.
type statement struct {
	text string
	line int    // of its first character, from 1
	rows []byte // what follows COPY … FROM stdin, up to \.
}

// copyStdin recognises the COPY of a dump, whose rows follow it.
var copyStdin = regexp.MustCompile(`(?is)^\s*copy\b.*\bfrom\s+stdin\b`)

// ignored are commands of psql in dumps that change nothing here.
var ignored = regexp.MustCompile(`^\\(restrict|unrestrict|echo|timing|set|pset|x|q)\b`)

// split divides a file into statements as psql does: at a semicolon outside of
// quotes, comments and parentheses (PostgreSQL documentation, "Lexical
// Structure"). The body of a function in BEGIN ATOMIC … END is not recognised.
// A command of psql (a line that begins with a backslash) is an error unless it
// changes nothing.
func split(name string, data []byte) ([]statement, error) {
	s := splitter{data: data, line: 1}
	var out []statement
	for {
		if err := s.blank(name); err != nil {
			return nil, err
		}
		if s.at >= len(s.data) {
			return out, nil
		}
		start, line := s.at, s.line
		s.statement()
		st := statement{text: string(s.data[start:s.at]), line: line}
		if copyStdin.MatchString(st.text) {
			st.rows = s.rows()
		}
		out = append(out, st)
	}
}

type splitter struct {
	data []byte
	at   int
	line int
}

// skip moves n bytes on.
func (s *splitter) skip(n int) {
	n = min(n, len(s.data)-s.at)
	s.line += bytes.Count(s.data[s.at:s.at+n], []byte("\n"))
	s.at += n
}

// past moves behind the next end, or to the end of the file.
func (s *splitter) past(end string) {
	if i := bytes.Index(s.data[s.at:], []byte(end)); i >= 0 {
		s.skip(i + len(end))
		return
	}
	s.skip(len(s.data) - s.at)
}

func (s *splitter) has(prefix string) bool {
	return bytes.HasPrefix(s.data[s.at:], []byte(prefix))
}

// blank moves over space, comments, lone semicolons and harmless commands.
func (s *splitter) blank(name string) error {
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v' || c == ';':
			s.skip(1)
		case s.at == 0 && s.has("\xef\xbb\xbf"):
			s.skip(3)
		case s.comment():
		case c == '\\':
			command, _, _ := bytes.Cut(s.data[s.at:], []byte("\n"))
			if !ignored.Match(command) {
				word, _, _ := strings.Cut(strings.TrimSpace(string(command)), " ")
				return fmt.Errorf("%s:%d: %s is a command of psql, not SQL", name, s.line, word)
			}
			s.past("\n")
		default:
			return nil
		}
	}
	return nil
}

// comment moves over a comment, if there is one here. Block comments nest.
func (s *splitter) comment() bool {
	if s.has("--") {
		s.past("\n")
		return true
	}
	if !s.has("/*") {
		return false
	}
	s.skip(2)
	for depth := 1; depth > 0 && s.at < len(s.data); {
		switch {
		case s.has("/*"):
			depth++
			s.skip(2)
		case s.has("*/"):
			depth--
			s.skip(2)
		default:
			s.skip(1)
		}
	}
	return true
}

// statement moves behind the semicolon that ends it.
func (s *splitter) statement() {
	depth := 0
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case c == '\'':
			before := byte(0)
			if s.at > 0 {
				before = s.data[s.at-1] | 0x20
			}
			s.quoted(c, before == 'e' && (s.at < 2 || !word(s.data[s.at-2])))
		case c == '"':
			s.quoted(c, false)
		case c == '$' && (s.at == 0 || !word(s.data[s.at-1])) && s.dollar():
		case s.comment():
		case c == '(':
			depth++
			s.skip(1)
		case c == ')':
			depth = max(depth-1, 0)
			s.skip(1)
		case c == ';' && depth == 0:
			s.skip(1)
			return
		default:
			s.skip(1)
		}
	}
}

func word(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

// quoted moves over a quoted string or name; a doubled quote stands for one.
func (s *splitter) quoted(quote byte, escapes bool) {
	s.skip(1)
	for s.at < len(s.data) {
		c := s.data[s.at]
		s.skip(1)
		if c == quote {
			if s.at >= len(s.data) || s.data[s.at] != quote {
				return
			}
			s.skip(1)
		}
		if c == '\\' && escapes {
			s.skip(1)
		}
	}
}

var dollarTag = regexp.MustCompile(`^\$(?:[A-Za-z_[:^ascii:]][A-Za-z0-9_[:^ascii:]]*)?\$`)

// dollar moves over a string in dollar quotes, if there is one here.
func (s *splitter) dollar() bool {
	tag := dollarTag.Find(s.data[s.at:])
	if tag == nil {
		return false
	}
	s.skip(len(tag))
	s.past(string(tag))
	return true
}

// rows moves over the rows that follow a COPY, and gives them.
func (s *splitter) rows() []byte {
	s.past("\n")
	start := s.at
	for s.at < len(s.data) {
		end := s.at
		line, _, _ := bytes.Cut(s.data[s.at:], []byte("\n"))
		s.past("\n")
		if string(bytes.TrimRight(line, "\r")) == `\.` {
			return s.data[start:end]
		}
	}
	return s.data[start:]
}

// lineAt is the line of the n-th character (from 1) of a statement's text.
func (st statement) lineAt(n int) int {
	line := st.line
	for _, c := range st.text {
		if n--; n <= 0 {
			break
		}
		if c == '\n' {
			line++
		}
	}
	return line
}
