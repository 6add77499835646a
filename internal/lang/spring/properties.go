package spring

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"rehearse/internal/source"
)

func itoa(i int) string { return strconv.Itoa(i) }

// properties returns the documents of a file of properties
// (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader),
// and for the lines between documents
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.multi-document).
func properties(file source.File) []document {
	documents := []document{{}}
	lines := strings.Split(string(file.Data), "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], "\r")
		text := strings.TrimLeft(line, " \t\f")
		at := source.Span{File: file.Path, Line: i + 1, Column: len(line) - len(text) + 1}
		if strings.HasPrefix(text, "#---") || strings.HasPrefix(text, "!---") {
			documents = append(documents, document{})
			continue
		}
		if text == "" || text[0] == '#' || text[0] == '!' {
			continue
		}
		var whole strings.Builder
		for continued(text) && i+1 < len(lines) {
			whole.WriteString(text[:len(text)-1])
			i++
			text = strings.TrimLeft(strings.TrimRight(lines[i], "\r"), " \t\f")
		}
		whole.WriteString(text)
		name, value := divided(whole.String())
		if name == "" || !utf8.ValidString(name) {
			continue
		}
		d := &documents[len(documents)-1]
		d.entries = append(d.entries, entry{name: name, value: strings.ToValidUTF8(value, ""), at: at})
	}
	return documents
}

// continued reports whether a line goes on: an odd number of backslashes ends it.
func continued(line string) bool {
	n := len(line) - len(strings.TrimRight(line, `\`))
	return n%2 == 1
}

// divided parts a line into a name and a value, at the first separator that no
// backslash stands before.
func divided(line string) (name, value string) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '=', ':', ' ', '\t':
			name, value = line[:i], strings.TrimLeft(line[i:], " \t")
			if value != "" && (value[0] == '=' || value[0] == ':') {
				value = strings.TrimLeft(value[1:], " \t")
			}
			return unescaped(name), unescaped(value)
		}
	}
	return unescaped(line), ""
}

// unescaped takes the backslashes out that stand before a character for itself.
func unescaped(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && !strings.ContainsRune("tnrfu$", rune(text[i+1])) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
