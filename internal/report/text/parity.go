package text

import (
	"fmt"
	"strings"

	"rehearse/internal/report"
	"rehearse/internal/source"
)

// widest is the width beyond which a table gains nothing from a wider terminal.
const widest = 240

// narrow is the least width of a column that still tells a place: where not all
// fit, more stand side by side with their paths cut rather than fewer.
const narrow = 26

// between is what stands between two columns of a table.
const between = 3

// marksOf the states of a cell. Each can be told apart without its colour. What
// stands behind the mark is a place where the state is the usual one, else a
// word and a place.
var marksOf = map[report.State]struct {
	mark piece
	word string
}{
	report.Supplied: {piece{green, "✓"}, ""},
	report.Missing:  {piece{red, "✗"}, "missing"},
	report.Default:  {piece{faint, "○"}, "default"},
	report.Optional: {piece{faint, "–"}, "optional"},
	report.Unknown:  {piece{yellow, "?"}, "unknown"},
}

// legend says what the marks mean, for those that are in sight.
var legend = []struct {
	state report.State
	says  string
}{
	{report.Supplied, "supplied, and where"},
	{report.Missing, "missing, and where it belongs"},
	{report.Default, "not supplied: the code's own default"},
	{report.Optional, "not supplied: the code goes on without"},
	{report.Unknown, "may be supplied by what cannot be seen into"},
}

// table writes the table of each component: needs down, places across.
func (s *sheet) table(d report.Document) {
	s.title(d)
	seen := map[report.State]bool{}
	alarmed := false
	for _, p := range d.Parity {
		s.heading(d, p.Component)
		s.parity(p)
		for _, r := range p.Rows {
			for _, c := range r.Cells {
				seen[c.State] = true
				alarmed = alarmed || len(c.Checks) > 0
			}
		}
	}
	if len(d.Parity) == 0 {
		s.para(nil, nil, say(plain, "No table: no component was found whose code reads a variable."))
		s.line()
	}
	for _, l := range legend {
		if seen[l.state] {
			s.line(blank(2), marksOf[l.state].mark, blank(1), say(faint, l.says))
		}
	}
	if alarmed {
		s.line(blank(2), piece{yellow, "▲"}, blank(1), say(faint, "and a check found something there"))
	}
	if len(seen) > 0 {
		s.line()
	}
	s.unread(d)
	s.summary(d, d.Counts())
}

// block is a column of a table, drawn: its head and one cell for each row.
type block struct {
	head  [2]piece // the environment, and the workload where it tells columns apart
	cells [][]piece
	width int
}

// parity writes one table. Columns that do not fit beside each other go on
// below, with the needs in front of them again.
func (s *sheet) parity(p report.Parity) {
	room := s.width - 2
	needs := needsOf(p, room/2, s.width >= most)
	columns, natural := columnsOf(p, room), needs.width
	for _, c := range columns {
		natural += between + c.width
	}
	if natural > room {
		needs = needsOf(p, max(room/3, narrow), false)
		beside := room - needs.width
		n := min(max(beside/(narrow+between), 1), len(columns))
		columns = columnsOf(p, beside/n-between)
	}
	for len(columns) > 0 {
		used, n := needs.width, 0
		for n < len(columns) && (n == 0 || used+between+columns[n].width <= room) {
			used += between + columns[n].width
			n++
		}
		s.blocks(append([]block{needs}, columns[:n]...))
		columns = columns[n:]
	}
}

// columnsOf draws the columns of a table, each into a number of cells at most.
func columnsOf(p report.Parity, cells int) []block {
	var columns []block
	for i := range p.Columns {
		columns = append(columns, column(p, i, cells))
	}
	return columns
}

// needsOf draws the first column: the names, in a number of cells at most, and
// beside them, where there is room for it, where they are read.
func needsOf(p report.Parity, cells int, beside bool) block {
	b := block{head: [2]piece{say(faint, "needs")}}
	name, at := 0, 0
	for _, r := range p.Rows {
		name, at = max(name, width(say(plain, r.Name))), max(at, width(say(plain, short(r.At))))
	}
	name, beside = min(name, cells), beside && at > 0
	for _, r := range p.Rows {
		t := plain
		if r.Gap() {
			t = strong
		}
		cell := []piece{say(t, r.Name)}
		if width(cell...) > name {
			cell[0].text = first(cell[0].text, name-1) + "…"
		}
		if beside {
			cell = append(pad(name+2, cell...), say(faint, short(r.At)))
		}
		b.add(cell)
	}
	return b
}

// column draws column i of a table into a number of cells at most.
func column(p report.Parity, i, cells int) block {
	c := p.Columns[i]
	b := block{head: [2]piece{trim(say(strong, c.Environment), cells)}}
	if many := severalOf(p, c.Environment); many {
		b.head[1] = trim(say(faint, c.Workload), cells)
	}
	b.width = max(width(b.head[0]), width(b.head[1]))
	for _, r := range p.Rows {
		b.add(drawn(r.Cells[i], cells))
	}
	return b
}

func (b *block) add(cell []piece) {
	b.cells = append(b.cells, cell)
	b.width = max(b.width, width(cell...))
}

func severalOf(p report.Parity, environment string) bool {
	n := 0
	for _, c := range p.Columns {
		if c.Environment == environment {
			n++
		}
	}
	return n > 1
}

// drawn is a cell: a mark, a word, a place.
func drawn(c report.Cell, cells int) []piece {
	m, ok := marksOf[c.State]
	if !ok {
		m.mark, m.word = say(faint, "·"), string(c.State)
	}
	pieces := []piece{m.mark}
	word := m.word
	if c.State == report.Supplied && c.Note == "empty" {
		word = c.Note
	}
	if word != "" {
		t := m.mark.tone
		if c.State == report.Supplied {
			t = yellow
		}
		pieces = append(pieces, blank(1), say(t, word))
	}
	if len(c.Checks) > 0 { // their findings say where
		return append(pieces, blank(1), say(yellow, "▲"), blank(1), trim(say(yellow, strings.Join(c.Checks, ", ")), cells-width(pieces...)-3))
	}
	if c.At.IsZero() || c.State == report.Default || c.State == report.Optional {
		return pieces // the read stands beside the name
	}
	t := plain
	if c.State != report.Supplied {
		t = faint
	}
	gap := blank(1)
	return append(pieces, gap, trim(say(t, line(c.At)), cells-width(pieces...)-1))
}

// blocks writes columns side by side, under a rule.
func (s *sheet) blocks(columns []block) {
	write := func(cell func(b block) []piece) {
		pieces := []piece{blank(2)}
		for i, b := range columns {
			if i > 0 {
				pieces = append(pieces, blank(between))
			}
			pieces = append(pieces, pad(b.width, cell(b)...)...)
		}
		s.line(pieces...)
	}
	two := false
	for _, b := range columns {
		two = two || b.head[1].text != ""
	}
	write(func(b block) []piece { return []piece{b.head[0]} })
	if two {
		write(func(b block) []piece { return []piece{b.head[1]} })
	}
	write(func(b block) []piece { return []piece{{faint, strings.Repeat("─", b.width)}} })
	for i := range columns[0].cells {
		write(func(b block) []piece { return b.cells[i][:len(b.cells[i]):len(b.cells[i])] })
	}
	s.line()
}

// trim cuts a text from its front, where a path is least worth knowing.
func trim(p piece, cells int) piece {
	if cells = max(cells, 2); width(p) > cells {
		p.text = "…" + last(p.text, cells-1)
	}
	return p
}

// line returns a place without its column: the eye looks for the line.
func line(at source.Span) string {
	if at.Line == 0 {
		return at.File
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

// short returns a place by the file's own name.
func short(at source.Span) string {
	at.File = at.File[strings.LastIndexByte(at.File, '/')+1:]
	return line(at)
}
