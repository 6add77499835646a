package pattern

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"rehearse/internal/syntax"
)

// maxText is how many bytes of code stand in a need.
const maxText = 120

var (
	secretName = regexp.MustCompile(`(?i)secret|passw|passphrase|token|key|credential|private|salt|_pass$|_pwd$|dsn`)
	userInfo   = regexp.MustCompile(`(://)[^/\s"'@` + "`" + `]*@`)
	quoted     = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`")
)

// excerpt returns the source of the node, or of the whole that it is a part of
// where that is short. It is on one line, and has no literal that may be secret:
// neither the user in an address, nor the default of a variable of such a name.
func excerpt(n, whole syntax.Node, variable string) string {
	text := n.Text()
	if whole.Covers(n) && whole.End()-whole.Start() <= maxText && !strings.Contains(whole.Text(), "\n") {
		text = whole.Text()
	}
	return clean(text, variable)
}

// opening is the source of the node up to the end of a part of it, where the
// whole goes over several lines.
func opening(n, part syntax.Node) string {
	text := n.Text()
	if strings.Contains(text, "\n") && n.Covers(part) && part.End() < n.End() {
		text = string(n.Bytes()[:part.End()-n.Start()]) + ", …)"
	}
	return clean(text, "")
}

// Excerpt brings source that a person is to see onto one short line.
func Excerpt(text string) string { return clean(text, "") }

// clean brings source onto one line, without what may be secret.
func clean(text, variable string) string {
	text = userInfo.ReplaceAllString(text, "${1}…@")
	if secretName.MatchString(variable) {
		text = quoted.ReplaceAllStringFunc(text, func(s string) string {
			if inside := s[1 : len(s)-1]; inside == "" || capitals.MatchString(inside) && (inside == variable || strings.HasSuffix(variable, inside)) {
				return s
			}
			return s[:1] + "…" + s[:1]
		})
	}
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "")
	if len(text) <= maxText {
		return text
	}
	end := maxText - len("…")
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
