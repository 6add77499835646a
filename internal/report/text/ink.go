package text

import (
	"bytes"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"rehearse/internal/report"
)

// tone is the colour and weight of a text. The sixteen colours of the terminal
// are used and no others, so that the reader's own theme decides. Nothing is
// said by a tone alone.
type tone int

const (
	plain  tone = iota
	faint       // what can be skipped
	strong      // names
	red
	yellow
	blue
	green
	alarm  // what is proved
	advice // what to do
)

func inks(w *bytes.Buffer) map[tone]lipgloss.Style {
	r := lipgloss.NewRenderer(w)
	r.SetColorProfile(termenv.ANSI)
	style := func(colour string) lipgloss.Style { return r.NewStyle().Foreground(lipgloss.Color(colour)) }
	return map[tone]lipgloss.Style{
		faint:  r.NewStyle().Faint(true),
		strong: r.NewStyle().Bold(true),
		red:    style("1").Bold(true),
		yellow: style("3").Bold(true),
		blue:   style("4").Bold(true),
		green:  style("2").Bold(true),
		alarm:  style("1").Bold(true).Reverse(true),
		advice: style("2"),
	}
}

// piece is a text in one tone. What comes out of the document becomes one
// through say and in no other way, so that nothing reaches the terminal that was
// not cleaned.
type piece struct {
	tone tone
	text string
}

func say(t tone, text string) piece { return piece{t, report.Clean(text)} }

// width returns how many cells pieces take.
func width(pieces ...piece) int {
	n := 0
	for _, p := range pieces {
		n += lipgloss.Width(p.text)
	}
	return n
}

func blank(cells int) piece { return piece{plain, strings.Repeat(" ", max(cells, 0))} }

// pad returns the pieces filled with space to a number of cells.
func pad(cells int, pieces ...piece) []piece {
	return append(pieces, blank(cells-width(pieces...)))
}

// sheet is the paper while it is written.
type sheet struct {
	bytes.Buffer
	ink     map[tone]lipgloss.Style // nil without colour
	width   int
	verbose bool
}

// line writes one line, without space at its end.
func (s *sheet) line(pieces ...piece) {
	for len(pieces) > 0 {
		last := strings.TrimRight(pieces[len(pieces)-1].text, " ")
		if last != "" {
			pieces = append(pieces[:len(pieces)-1:len(pieces)-1], piece{pieces[len(pieces)-1].tone, last})
			break
		}
		pieces = pieces[:len(pieces)-1]
	}
	for i := 0; i < len(pieces); {
		run := pieces[i]
		for i++; i < len(pieces) && pieces[i].tone == run.tone; i++ {
			run.text += pieces[i].text
		}
		if style, ok := s.ink[run.tone]; ok && run.text != "" {
			run.text = style.Render(run.text)
		}
		s.WriteString(run.text)
	}
	s.WriteByte('\n')
}

// head writes a line with a badge at its right edge, or below where it does not
// fit beside it.
func (s *sheet) head(badge piece, pieces ...piece) {
	if gap := s.width - width(pieces...) - width(badge); gap >= 2 {
		s.line(append(pieces, blank(gap), badge)...)
		return
	}
	s.line(pieces...)
	s.line(blank(s.width-width(badge)), badge)
}

// para writes pieces over as many lines as they need, the first line behind
// first and the others behind rest, which take the same number of cells.
func (s *sheet) para(first, rest []piece, pieces ...piece) {
	for i, l := range wrap(s.width-width(first...), pieces...) {
		if i > 0 {
			first = rest
		}
		s.line(append(first[:len(first):len(first)], l...)...)
	}
}
