package imports

import "bytes"

// identifier takes a word of the code, with what it imports where it is one that
// can, and returns where the scan goes on.
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
