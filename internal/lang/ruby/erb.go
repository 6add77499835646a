package ruby

import (
	"bytes"
	"regexp"
)

// elsewhere is a section of a configuration that Rails reads in an environment
// other than production (config_for, database.yml).
var elsewhere = regexp.MustCompile(`^["':]?(development|dev|local|test|testing|ci|cucumber|staging|stage|qa|uat|review|sandbox|demo)(_\w+)?["']?:`)

// section is any key at the outermost level.
var section = regexp.MustCompile(`^[^\s#<-]`)

// tags returns the code that stands in the tags of an ERB template, each at its
// place; all else is blank, and so are the tags in comments of the YAML around
// them and in the sections of other environments than production. It is false
// where there is none. A tag that does not end is left out
// (https://docs.ruby-lang.org/en/master/ERB.html).
func tags(data []byte) ([]byte, bool) {
	if !bytes.Contains(data, []byte("<%")) {
		return nil, false
	}
	code := bytes.Clone(data)
	blank(code)
	found, muted, line := false, false, 0
	for at := 0; ; {
		open := bytes.Index(data[at:], []byte("<%"))
		if open < 0 {
			return code, found
		}
		open += at
		start := open + 2
		end := bytes.Index(data[start:], []byte("%>"))
		if end < 0 {
			return code, found
		}
		end += start
		at = end + 2
		for next := line; next >= 0 && next <= open; {
			line = next
			if text := data[line:]; section.Match(text[:1]) {
				muted = elsewhere.Match(text[:min(len(text), 64)])
			}
			next = bytes.IndexByte(data[line:open], '\n')
			if next >= 0 {
				next += line + 1
			}
		}
		if start < end && (data[start] == '%' || data[start] == '#') || muted || remark(data[line:open]) {
			continue // <%% is a text, and <%# a comment
		}
		if start < end && (data[start] == '=' || data[start] == '-') {
			start++
		}
		found = true
		copy(code[start:end], data[start:end])
		if end > start && data[end-1] == '-' {
			code[end-1] = ' '
		}
		code[end] = ';'
	}
}

// remark reports whether what follows on the line is a comment of the YAML.
func remark(before []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(before), []byte("#")) || bytes.Contains(before, []byte(" #"))
}

func blank(code []byte) {
	for i, c := range code {
		if c != '\n' {
			code[i] = ' '
		}
	}
}
