package text

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// wrap breaks pieces into lines of at most that many cells, at spaces only: a
// word that is longer stays whole, for paths and commands are there to be
// copied. There is at least one line.
func wrap(cells int, pieces ...piece) [][]piece {
	var lines [][]piece
	var line []piece
	used := 0
	for _, word := range words(pieces) {
		w := width(word.pieces...)
		if used > 0 && used+word.space+w > cells {
			lines = append(lines, line)
			line, used, word.space = nil, 0, 0
		}
		if word.space > 0 {
			gap := blank(word.space)
			if n := len(line); n > 0 && line[n-1].tone == word.pieces[0].tone {
				gap.tone = line[n-1].tone // one run of colour, not two
			}
			line = append(line, gap)
		}
		line = append(line, word.pieces...)
		used += word.space + w
	}
	return append(lines, line)
}

// word is what stands between two spaces; it may have several tones.
type word struct {
	space  int // cells of space in front of it
	pieces []piece
}

func words(pieces []piece) []word {
	var list []word
	space, glue := 0, false // glue: the last word goes on
	for _, p := range pieces {
		for text := p.text; text != ""; {
			if n := len(text) - len(strings.TrimLeft(text, " ")); n > 0 {
				space, glue, text = space+n, false, text[n:]
				continue
			}
			end := strings.IndexByte(text, ' ')
			if end < 0 {
				end = len(text)
			}
			part := piece{p.tone, text[:end]}
			if glue {
				last := &list[len(list)-1]
				last.pieces = append(last.pieces, part)
			} else {
				list = append(list, word{space, []piece{part}})
			}
			space, glue, text = 0, true, text[end:]
		}
	}
	return list
}

// shorten cuts text, which is clean, to a number of cells, so that
// text[low:high] stays in sight, or at least its beginning. "…" stands where
// something was cut. It returns where low and high are now.
func shorten(text string, low, high, cells int) (string, int, int) {
	if cells < 3 || lipgloss.Width(text) <= cells {
		return text, low, high
	}
	start := 0
	if lipgloss.Width(text[:high]) > cells-1 {
		// A third of what is shown stands in front of the focus.
		start = low - len(last(text[:low], max(cells-2-lipgloss.Width(text[low:high]), 0)/3))
		if rest := last(text, cells-1); len(text)-len(rest) < start {
			start = len(text) - len(rest) // the end is near: no cut there
		}
	}
	front, room := "", cells
	if start > 0 {
		front, room = "…", cells-1
	}
	shown := text[start:]
	kept := len(shown)
	if lipgloss.Width(shown) > room {
		shown = first(shown, room-1)
		kept = len(shown)
		shown += "…"
	}
	move := func(i int) int {
		if i -= start; i > kept {
			return len(front) + len(shown) // it is cut: "…" stands for it
		}
		return len(front) + max(i, 0)
	}
	return front + shown, move(low), move(high)
}

// first returns the beginning of text that fits into a number of cells.
func first(text string, cells int) string {
	for i, r := range text {
		if cells -= lipgloss.Width(string(r)); cells < 0 {
			return text[:i]
		}
	}
	return text
}

// last returns the end of text that fits into a number of cells.
func last(text string, cells int) string {
	runes := []rune(text)
	end := len(text)
	for i := len(runes) - 1; i >= 0; i-- {
		if cells -= lipgloss.Width(string(runes[i])); cells < 0 {
			break
		}
		end -= len(string(runes[i]))
	}
	return text[end:]
}
