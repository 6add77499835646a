package yaml

import (
	"sort"
	"unicode/utf8"

	"rehearse/internal/source"
)

// places turns the parser's positions into those of reports. The parser counts
// characters, reports count bytes; the parser also ends lines at a lone CR and
// at NEL, LS and PS (YAML 1.1, section 4.2), reports at LF alone.
type places struct {
	file   source.File
	starts []int // where each of the parser's lines begins
	lines  []int // where each of the report's lines begins; starts itself, where they agree
}

func newPlaces(file source.File) *places {
	p := &places{file: file}
	data := file.Data
	begin := 0
	if len(data) >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF {
		begin = 3 // the parser does not count the byte order mark
	}
	p.starts = append(p.starts, begin)
	p.lines = append(p.lines, 0)
	for i := begin; i < len(data); i++ {
		switch c := data[i]; {
		case c == '\n':
			p.starts = append(p.starts, i+1)
			p.lines = append(p.lines, i+1)
		case c == '\r' && (i+1 == len(data) || data[i+1] != '\n'):
			p.starts = append(p.starts, i+1)
		case c == 0xC2 && i+1 < len(data) && data[i+1] == 0x85:
			p.starts = append(p.starts, i+2)
		case c == 0xE2 && i+2 < len(data) && data[i+1] == 0x80 && data[i+2]&^1 == 0xA8:
			p.starts = append(p.starts, i+3)
		}
	}
	return p
}

// at returns the place of the parser's line and column, both from 1; column 0
// gives the line as a whole.
func (p *places) at(line, column int) source.Span {
	line = min(max(line, 1), len(p.starts))
	offset := p.starts[line-1]
	for i := 1; i < column && offset < len(p.file.Data); i++ {
		if p.file.Data[offset] < utf8.RuneSelf {
			offset++
			continue
		}
		_, size := utf8.DecodeRune(p.file.Data[offset:])
		offset += size
	}
	span := p.offset(offset)
	if column == 0 {
		span.Column = 0
	}
	return span
}

// tab returns the first line from line on that is indented by a tab; line where
// none is. The parser tells only where the value began that the tab breaks.
func (p *places) tab(line int) int {
	for n := line; n <= len(p.lines); n++ {
		for _, c := range p.file.Data[p.lines[n-1]:] {
			if c == '\t' {
				return n
			}
			if c != ' ' {
				break
			}
		}
	}
	return line
}

func (p *places) offset(offset int) source.Span {
	line := sort.SearchInts(p.lines, offset+1)
	return source.Span{File: p.file.Path, Line: line, Column: offset - p.lines[line-1] + 1}
}
