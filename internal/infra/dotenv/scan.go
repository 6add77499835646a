package dotenv

import (
	"bytes"
	"strings"
	"unicode"

	"rehearse/internal/source"
)

// entry is one statement of a file: a line, or several where a quoted value
// spans them.
type entry struct {
	name string // "" where none can be told
	text string
	at   source.Span // where the name begins
}

// scan splits a file into its statements. It tells where they begin and end
// and what they name; godotenv tells what they mean.
func scan(file source.File) []entry {
	var entries []entry
	line, data := 1, file.Data
	offset := 0 // of data in its line: only a byte order mark moves it
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		data, offset = data[3:], 3
	}
	for len(data) > 0 {
		size := statement(data)
		text := string(data[:size])
		if e, ok := parse(text); ok {
			e.at = source.Span{File: file.Path, Line: line, Column: offset + e.at.Column}
			entries = append(entries, e)
		}
		line += strings.Count(text, "\n")
		data, offset = data[size:], 0
	}
	return entries
}

// statement returns the length of the first statement of data, its line break
// included.
func statement(data []byte) int {
	end := lineEnd(data, 0)
	row := data[:end]
	sign := bytes.IndexAny(row, "=:#")
	if sign < 0 || row[sign] == '#' {
		return end
	}
	value := sign + 1
	for value < end && space(rune(data[value])) {
		value++
	}
	if value == end || data[value] != '"' && data[value] != '\'' {
		return end
	}
	for i := value + 1; i < len(data); i++ {
		if data[i] != data[value] || data[i-1] == '\\' {
			continue
		}
		close := lineEnd(data, i)
		if rest := bytes.TrimSpace(data[i+1 : close]); len(rest) == 0 || rest[0] == '#' {
			return close
		}
		return end // it is another value's quote
	}
	return end // it is never closed: only this line is lost
}

func lineEnd(data []byte, from int) int {
	if i := bytes.IndexByte(data[from:], '\n'); i >= 0 {
		return from + i + 1
	}
	return len(data)
}

// parse takes a statement apart. It is false for what says nothing: an empty
// line, a comment.
func parse(text string) (entry, bool) {
	e := entry{text: strings.TrimRightFunc(text, unicode.IsSpace)}
	rest := strings.TrimLeftFunc(text, unicode.IsSpace)
	e.at.Column = len(text) - len(rest) + 1
	if rest == "" || rest[0] == '#' {
		return e, false
	}
	if after, ok := strings.CutPrefix(rest, "export"); ok && strings.IndexFunc(after, space) == 0 {
		trimmed := strings.TrimLeftFunc(after, space)
		e.at.Column += len(rest) - len(trimmed)
		rest = trimmed
	}
	if sign := strings.IndexAny(rest, "=:"); sign > 0 {
		e.name = strings.TrimRightFunc(rest[:sign], unicode.IsSpace)
	}
	if strings.ContainsFunc(e.name, unicode.IsSpace) {
		e.name = ""
	}
	return e, true
}

func space(r rune) bool { return r == ' ' || r == '\t' || r == '\v' || r == '\f' || r == '\r' }
