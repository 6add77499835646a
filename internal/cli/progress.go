package cli

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"rehearse/internal/report"
)

// progress writes one line that says what is being done, over and over, on a
// terminal; in a pipe it writes nothing.
func (c *Command) progress() (say func(string), clear func()) {
	file, ok := c.Stderr.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return func(string) {}, func() {}
	}
	last := 0
	say = func(text string) {
		text = report.Clean(text)
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && len(text) >= width {
			text = text[:max(width-1, 0)]
		}
		fmt.Fprintf(file, "\r%s%s", text, strings.Repeat(" ", max(last-len(text), 0)))
		last = len(text)
	}
	clear = func() {
		fmt.Fprintf(file, "\r%s\r", strings.Repeat(" ", last))
		last = 0
	}
	return say, clear
}
