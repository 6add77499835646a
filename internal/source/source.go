// Package source knows the files of a project and the places in them.
package source

import (
	"bytes"
	"strings"
)

// File is one file of a project, read whole.
type File struct {
	Path string // relative to the project's root, with forward slashes
	Data []byte
}

// Span is a place in a file. The zero Span is nowhere.
type Span struct {
	File   string // relative to the project's root, with forward slashes
	Line   int    // from 1; 0 means the file as a whole
	Column int    // from 1, in bytes; 0 means the line as a whole
}

// IsZero reports whether the span is nowhere.
func (s Span) IsZero() bool { return s.File == "" }

// Compare orders spans by file, line and column; it is negative, zero or
// positive as s stands before, at or behind t.
func (s Span) Compare(t Span) int {
	if c := strings.Compare(s.File, t.File); c != 0 {
		return c
	}
	if s.Line != t.Line {
		return s.Line - t.Line
	}
	return s.Column - t.Column
}

// Line returns line n of the file (from 1) without the space around it, or ""
// where there is no such line.
func (f File) Line(n int) string {
	data := f.Data
	for i := 1; i < n; i++ {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			return ""
		}
		data = data[end+1:]
	}
	if end := bytes.IndexByte(data, '\n'); end >= 0 {
		data = data[:end]
	}
	return string(bytes.TrimSpace(data))
}

// Unread is something that a reader came upon and could not read: it is listed
// in the report and never dropped.
type Unread struct {
	At     Span
	Reason string // for a person; holds no value that may be secret
	Broken bool   // it is wrong in itself, rather than of a kind that is not read
}
