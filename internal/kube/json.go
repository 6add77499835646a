package kube

import (
	"encoding/json"
	"path"
	"regexp"
	"strings"
)

// joined are two members of an object of JSON or JavaScript without a comma
// between them.
var joined = regexp.MustCompile(`"[^"\n\\]*"[ \t]*:[ \t]*"[^"\n\\]*"[ \t]*\r?\n[ \t]*"[^"\n\\]*"[ \t]*:`)

// unparted reports whether a file of a set lacks a comma between two members.
func unparted(name, text string) bool {
	switch path.Ext(name) {
	case ".json", ".js":
		return joined.MatchString(text)
	}
	return false
}

// malformed reports whether a file of a set is to be JSON and is none. What is
// filled in before it is read says nothing yet, and some formats of that ending
// take comments.
func malformed(name, text string) bool {
	text = strings.TrimSpace(text)
	return path.Ext(name) == ".json" && strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") && len(text) < maxWritten &&
		!strings.ContainsAny(text, "$<%") && !strings.Contains(text, "{{") && !strings.Contains(text, "//") && !strings.Contains(text, "/*") && !json.Valid([]byte(text))
}
