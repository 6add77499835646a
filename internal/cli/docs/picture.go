package main

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The size of a cell and of the frame, in the picture's units.
const (
	cellWidth  = 8.4
	lineHeight = 19
	margin     = 16
	columns    = 80
)

// sgr is what sets colour and weight (ECMA-48, section 8.3.117, SGR).
var sgr = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// words are what is drawn at once: not every viewer keeps spaces at the ends, or
// two in a row.
var words = regexp.MustCompile(`[^ ]+( [^ ]+)*`)

// styles are the attributes of SGR that the report uses, as classes of the
// picture's style sheet.
var styles = map[string]string{"1": "b", "2": "d", "31": "r", "32": "g", "33": "y", "34": "u", "35": "m", "36": "c"}

const sheet = `text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d6deeb}` +
	`.b{font-weight:700;fill:#fff}.d{fill:#7f8c98}.r{fill:#ff6b6b}.g{fill:#7fd88f}.y{fill:#ffcb6b}.u{fill:#82aaff}.m{fill:#c792ea}.c{fill:#7fdbca}`

// draw returns a picture, in SVG, of what a terminal of 80 columns shows of
// text: its first lines and, behind an ellipsis, the last. The same text gives
// the same picture.
func draw(text string, first int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > first+2 {
		lines = append(append(append([]string{}, lines[:first]...), "⋮", ""), lines[len(lines)-1])
	}
	width, height := int(columns*cellWidth)+2*margin, len(lines)*lineHeight+2*margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img"><style>%s</style><rect width="100%%" height="100%%" rx="8" fill="#10151c"/>`+"\n",
		width, height, width, height, sheet)
	class := ""
	for i, line := range lines {
		column := 0
		write := func(run string) {
			for _, at := range words.FindAllStringIndex(run, -1) {
				word := run[at[0]:at[1]]
				x := margin + float64(column+utf8.RuneCountInString(run[:at[0]]))*cellWidth
				// The length is given, so that every font keeps to the cells.
				fmt.Fprintf(&b, `<text x="%.1f" y="%d" textLength="%.1f"%s>%s</text>`,
					x, margin+i*lineHeight+lineHeight-5, float64(utf8.RuneCountInString(word))*cellWidth, class, escape(word))
			}
			column += utf8.RuneCountInString(run)
		}
		for {
			at := sgr.FindStringSubmatchIndex(line)
			if at == nil {
				break
			}
			write(line[:at[0]])
			class = classOf(line[at[2]:at[3]])
			line = line[at[1]:]
		}
		write(line)
		b.WriteByte('\n')
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// classOf returns the class attribute for the parameters of an SGR sequence.
func classOf(parameters string) string {
	var names []string
	for _, p := range strings.Split(parameters, ";") {
		if name := styles[p]; name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf(` class="%s"`, strings.Join(names, " "))
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}
