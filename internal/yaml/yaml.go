// Package yaml reads YAML files of definitions into trees in which every value
// knows where it stands: aliases are followed, merge keys are laid under the
// keys of their mapping, and what a hostile or broken file could cost is
// bounded.
package yaml

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"rehearse/internal/source"
)

// The bounds on a file. Definitions that people write stay far below them; the
// largest known, bundles of Kubernetes resource definitions, have 5 MB.
const (
	MaxSize  = 16 << 20 // bytes
	MaxNodes = 1 << 19  // values, before aliases are followed
	MaxAlias = 1 << 20  // values that following the aliases of a document adds
	MaxDepth = 200      // mappings and lists in one another
)

// Error is a file that is no YAML, or not within the bounds. It holds no text
// of the file.
type Error struct {
	At       source.Span
	Reason   string
	Template bool // the file is not broken: it is a template, which is YAML only once it is filled in

	syntax bool // the parser did not understand it
}

// Error returns the reason without the place.
func (e *Error) Error() string { return e.Reason }

// blanks are what is to be filled in, in the templates of Go, Jinja and their
// like. The ${{ of a GitHub workflow is none: it stands in valid YAML.
var blanks = regexp.MustCompile(`(^|[^$])\{\{|\{%`)

// Document is one document of a file.
type Document struct {
	Root       *Node
	Duplicates []Duplicate
}

// Duplicate is a key that a mapping gives again, so that the earlier is lost.
type Duplicate struct {
	Key   string
	At    source.Span // of the later
	First source.Span
	Lost  *Node // what the first had
	Kept  *Node // what the later has
}

// Parse returns the documents of a file; those that hold nothing are left out.
// Its errors are of type *Error.
func Parse(file source.File) ([]Document, error) {
	docs, err := parse(file)
	if err != nil {
		err.Template = err.syntax && blanks.Match(file.Data)
		return nil, err
	}
	return docs, nil
}

func parse(file source.File) ([]Document, *Error) {
	if err := admit(file); err != nil {
		return nil, err
	}
	var docs []Document
	places := newPlaces(file)
	decoder := yaml.NewDecoder(bytes.NewReader(file.Data))
	for {
		var raw yaml.Node
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, places.broken(err)
		}
		if raw.Kind != yaml.DocumentNode || len(raw.Content) == 0 {
			continue
		}
		b := builder{places: places, done: map[*yaml.Node]*Node{}}
		root, berr := b.build(raw.Content[0], 0)
		if berr != nil {
			return nil, berr
		}
		if !root.IsNull() {
			docs = append(docs, Document{Root: root, Duplicates: b.duplicates})
		}
	}
}

// admit refuses what is not worth parsing, so that the parser's memory is
// bounded and its errors about bytes come with a line.
func admit(file source.File) *Error {
	data := file.Data
	if len(data) > MaxSize {
		return &Error{At: source.Span{File: file.Path}, Reason: "is larger than 16 MiB"}
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return &Error{At: source.Span{File: file.Path}, Reason: "is no text"}
	}
	values, line := 0, 1
	for i, c := range data {
		switch c {
		case '\n':
			line++
		case ',', '[', '{':
			values++
		case ':':
			values += 2 // a key and its value
			if i+1 < len(data) && data[i+1] > ' ' && (i == 0 || data[i-1] != '"' && data[i-1] != '\'') {
				values -= 2 // within a word
			}
		case '-', '?':
			if i+1 == len(data) || data[i+1] <= ' ' {
				values++
			}
		case '\t', '\r':
		default:
			if c < 0x20 || c == 0x7f {
				return &Error{At: source.Span{File: file.Path, Line: line}, Reason: "holds a control character"}
			}
		}
	}
	// What separates in prose counts too; it is the price of knowing before the
	// parser has taken the memory, some 800 bytes for a value.
	if values > MaxNodes {
		return &Error{At: source.Span{File: file.Path}, Reason: "holds too many values"}
	}
	if !utf8.Valid(data) {
		return &Error{At: source.Span{File: file.Path, Line: invalid(data)}, Reason: "is not in UTF-8"}
	}
	return nil
}

// invalid returns the line of the first byte that is no UTF-8.
func invalid(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

var (
	lineOf   = regexp.MustCompile(`^yaml: line (\d+): `)
	parserOf = regexp.MustCompile(`^(did not find expected |found undefined tag |found duplicate %|found incompatible YAML )`)
	anchorOf = regexp.MustCompile(`^yaml: unknown anchor '(.*)' referenced$`)
)

// broken makes an Error of one of the parser's. The parser's sentences are
// fixed, save the one that quotes an anchor, which may be a secret that began
// with an asterisk and was not quoted.
func (p *places) broken(err error) *Error {
	text := err.Error()
	if m := anchorOf.FindStringSubmatch(text); m != nil {
		at := source.Span{File: p.file.Path}
		if i := bytes.Index(p.file.Data, []byte("*"+m[1])); i >= 0 {
			at = p.offset(i)
		}
		return &Error{At: at, Reason: "an alias (*…) refers to an anchor that is not defined before it", syntax: true}
	}
	at := source.Span{File: p.file.Path, Line: 1}
	if m := lineOf.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		if n, err := strconv.Atoi(m[1]); err == nil {
			if parserOf.MatchString(text) {
				n++ // of these it counts the lines from 0
			}
			at = p.at(n, 0)
		}
		// Where the file ends too early, the end is its last line that says something.
		last := len(bytes.TrimRight(p.file.Data, " \t\r\n"))
		at.Line = min(at.Line, p.offset(max(last-1, 0)).Line)
		if strings.Contains(text, "tab character") {
			at.Line = p.tab(at.Line)
		}
	}
	return &Error{At: at, Reason: "is not valid YAML: " + strings.TrimPrefix(text, "yaml: "), syntax: true}
}
