package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Joiners are format characters that ordinary text has: U+200C and U+200D.
const joiners = "\u200c\u200d"

// Clean returns text that is safe for a terminal and a person: one line,
// in which every control character, every format character that can reorder or
// hide what stands beside it (CVE-2021-42574, "Trojan Source") and every byte
// that is not UTF-8 is shown instead of obeyed. A tab becomes four spaces, a
// line break one.
func Clean(text string) string {
	if !strings.ContainsFunc(text, unsafe) && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
		switch {
		case r == '\t':
			b.WriteString("    ")
		case r == '\n':
			b.WriteByte(' ')
		case r < ' ':
			b.WriteRune('␀' + r) // the control pictures, U+2400 to U+241F
		case r == 0x7f:
			b.WriteRune('␡')
		case unsafe(r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r) // RuneError for a byte that is not UTF-8
		}
	}
	return b.String()
}

func unsafe(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && !strings.ContainsRune(joiners, r)
}
