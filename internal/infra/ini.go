package infra

import (
	"strings"
	"unicode/utf8"

	"rehearse/internal/source"
)

// The bounds on a file of sections and on one value in it, in bytes.
const (
	maxINI   = 1 << 20
	maxValue = 64 << 10
)

// Section is a section of a file of the kind that systemd and supervisor read:
// [name], and lines KEY=value below it.
type Section struct {
	Name    string
	At      source.Span
	Entries []Entry
}

// Entry is a line of a section. A key may stand several times.
type Entry struct {
	Key, Value string
	At         source.Span
}

// All returns the entries of a key.
func (s Section) All(key string) []Entry {
	var all []Entry
	for _, e := range s.Entries {
		if strings.EqualFold(e.Key, key) {
			all = append(all, e)
		}
	}
	return all
}

// Last returns the last entry of a key; the zero Entry where there is none.
func (s Section) Last(key string) Entry {
	all := s.All(key)
	if len(all) == 0 {
		return Entry{}
	}
	return all[len(all)-1]
}

// INI returns the sections of a file. A line that ends in a backslash goes on,
// and so does, where indented is true, one that is followed by one that is
// indented. Comments begin with # or ;. Its errors are of type *Error.
func INI(file source.File, indented bool) ([]Section, error) {
	if len(file.Data) > maxINI {
		return nil, &Error{At: source.Span{File: file.Path}, Reason: "is larger than 1 MiB"}
	}
	if !utf8.Valid(file.Data) {
		return nil, &Error{At: source.Span{File: file.Path}, Reason: "is not in UTF-8"}
	}
	var all []Section
	goesOn := false
	for i, line := range strings.Split(strings.TrimPrefix(string(file.Data), "\xef\xbb\xbf"), "\n") {
		line = strings.TrimRight(line, "\r")
		trimmed := strings.TrimSpace(line)
		at := source.Span{File: file.Path, Line: i + 1, Column: len(line) - len(strings.TrimLeft(line, " \t")) + 1}
		switch {
		case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
			continue
		case len(all) > 0 && len(all[len(all)-1].Entries) > 0 && (goesOn || indented && at.Column > 1):
			entries := all[len(all)-1].Entries
			last := &entries[len(entries)-1]
			if len(last.Value) > maxValue {
				return nil, &Error{At: last.At, Reason: "goes on for more lines than are read"}
			}
			last.Value = strings.TrimSuffix(last.Value, "\\") + " " + trimmed
		case trimmed[0] == '[':
			name, _, _ := strings.Cut(trimmed[1:], "]")
			all = append(all, Section{Name: name, At: at})
		default:
			key, value, assigned := strings.Cut(trimmed, "=")
			if assigned && len(all) > 0 {
				s := &all[len(all)-1]
				s.Entries = append(s.Entries, Entry{strings.TrimSpace(key), strings.TrimSpace(value), at})
			}
		}
		goesOn = strings.HasSuffix(trimmed, "\\")
	}
	return all, nil
}
