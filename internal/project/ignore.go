package project

import (
	"bytes"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// maxIgnore is the size in bytes of the largest .gitignore that is read.
const maxIgnore = 1 << 20

// ignore is the .gitignore of a folder on top of those of the folders above.
// Its semantics are those of gitignore(5). The matcher of go-git tries every
// pattern on every folder of a path, which on 20,000 paths and 12 patterns
// took 15 times as long as this one.
type ignore struct {
	above *ignore
	base  int // length of the folder's path and the slash behind it
	rules []rule
}

// rule is one line of a .gitignore.
type rule struct {
	how     match
	text    string
	negated bool // it takes back what was ignored
	dirs    bool // it is of directories only
}

// match says what a rule compares, the cheapest first.
type match int

const (
	nameIs   match = iota // the name
	nameEnds              // the end of the name: *.log
	pathIs                // the path from the .gitignore on
	nameGlob              // the name, with wildcards
	pathGlob              // the path, with wildcards
)

// parseIgnore reads a .gitignore that lies in dir; above may be nil, and is
// returned where the file says nothing.
func parseIgnore(above *ignore, dir string, data []byte) *ignore {
	ig := &ignore{above: above}
	if dir != "" {
		ig.base = len(dir) + 1
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		if r, ok := parseRule(string(line)); ok {
			ig.rules = append(ig.rules, r)
		}
	}
	if len(ig.rules) == 0 {
		return above
	}
	return ig
}

func parseRule(line string) (rule, bool) {
	line = strings.TrimSuffix(line, "\r")
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	if line == "" || line[0] == '#' {
		return rule{}, false
	}
	var r rule
	if line[0] == '!' {
		r.negated, line = true, line[1:]
	}
	if strings.HasSuffix(line, "/") {
		r.dirs, line = true, line[:len(line)-1]
	}
	anchored := strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if rest, ok := strings.CutPrefix(line, "**/"); ok && !strings.Contains(rest, "/") {
		anchored, line = false, rest
	}
	if line == "" {
		return rule{}, false
	}
	wild := strings.ContainsAny(line, `*?[\`)
	switch {
	case !wild && anchored:
		r.how, r.text = pathIs, line
	case !wild:
		r.how, r.text = nameIs, line
	case !anchored && line[0] == '*' && !strings.ContainsAny(line[1:], `*?[\`):
		r.how, r.text = nameEnds, line[1:]
	case !anchored:
		r.how, r.text = nameGlob, glob(line)
	default:
		r.how, r.text = pathGlob, glob(line)
	}
	return r, doublestar.ValidatePattern(r.text) || r.how < nameGlob
}

// glob turns a pattern of git into one of doublestar, which knows braces and
// takes a/** to match a itself.
func glob(pattern string) string {
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			out.WriteByte('\\')
			if i++; i < len(pattern) {
				out.WriteByte(pattern[i])
			}
			continue
		case '{', '}':
			out.WriteByte('\\')
		}
		out.WriteByte(pattern[i])
	}
	if s := out.String(); strings.HasSuffix(s, "/**") {
		return s + "/*"
	}
	return out.String()
}

// ignores reports whether git ignores path, the last part of which is name.
// The folders that it lies in are taken not to be ignored: a file in a folder
// that is cannot be taken back.
func (ig *ignore) ignores(path, name string, dir bool) bool {
	for ; ig != nil; ig = ig.above {
		for i := len(ig.rules) - 1; i >= 0; i-- {
			if r := &ig.rules[i]; (dir || !r.dirs) && r.matches(path[ig.base:], name) {
				return !r.negated
			}
		}
	}
	return false
}

func (r *rule) matches(path, name string) bool {
	switch r.how {
	case nameIs:
		return name == r.text
	case nameEnds:
		return strings.HasSuffix(name, r.text)
	case pathIs:
		return path == r.text
	case nameGlob:
		return doublestar.MatchUnvalidated(r.text, name)
	default:
		return doublestar.MatchUnvalidated(r.text, path)
	}
}
