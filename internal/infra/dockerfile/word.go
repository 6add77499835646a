package dockerfile

import (
	"bytes"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"rehearse/internal/source"
)

// word fills the variables of a word in; one that cannot be is listed, and
// stays as it is written.
func (b *builder) word(s scope, word string, location []parser.Range) string {
	text, err := s.expand(word)
	if err != nil {
		b.unread(b.at(location), "variables that cannot be filled in")
		return word
	}
	return text
}

func (b *builder) unread(at source.Span, reason string) {
	b.def.Unread = append(b.def.Unread, source.Unread{At: at, Reason: reason})
}

// at returns where an instruction begins.
func (b *builder) at(location []parser.Range) source.Span {
	span := source.Span{File: b.file.Path}
	if len(location) == 0 {
		return span
	}
	span.Line = location[0].Start.Line
	if span.Line >= 1 && span.Line <= len(b.lines) {
		line := b.lines[span.Line-1]
		span.Column = len(line) - len(bytes.TrimLeft(line, " \t\ufeff")) + 1
	}
	return span
}

// find returns where a name stands in an instruction, which may go over
// several lines.
func (b *builder) find(name string, location []parser.Range) source.Span {
	at := b.at(location)
	if len(location) == 0 {
		return at
	}
	skip := at.Column + len("ENV") - 1 // as long as ARG
	for n := at.Line; n <= location[len(location)-1].End.Line && n <= len(b.lines); n++ {
		line := b.lines[n-1]
		for begin := min(skip, len(line)); ; {
			i := bytes.Index(line[begin:], []byte(name))
			if i < 0 {
				break
			}
			i += begin
			begin = i + len(name)
			before := i == 0 || line[i-1] == ' ' || line[i-1] == '\t'
			after := begin == len(line) || bytes.IndexByte([]byte("= \t\r"), line[begin]) >= 0
			if before && after {
				return source.Span{File: b.file.Path, Line: n, Column: i + 1}
			}
		}
		skip = 0
	}
	return at
}
