package terraform

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"rehearse/internal/cloud"
	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// loader reads the files of one root, each once.
type loader struct {
	tree      infra.Tree
	functions map[string]function
	read      map[string]*parsed // by path; nil where it cannot be read
	parts     []string
	unread    []source.Unread
	assigns   bool // files of variables are known: what they leave out has its default
	steps     int
	modules   int
	flaws     []fact.Flaw
	looked    map[string]bool // folders in which names were looked up
}

type parsed struct {
	data []byte
	body *hclsyntax.Body
}

// The bounds on a file, which the parser's depth depends on.
const (
	maxSize    = 1 << 20
	maxNesting = 128
	maxMarks   = 1 << 12 // question marks, and signs in a row
)

// parse returns a file, and nil where it is not to be had; that is listed.
func (l *loader) parse(name string) *parsed {
	if p, seen := l.read[name]; seen {
		return p
	}
	l.read[name] = nil
	l.parts = append(l.parts, name)
	file, err := l.tree.Read(name)
	at := source.Span{File: name}
	if err != nil {
		l.broken(at, err.Error())
		return nil
	}
	if reason := admit(file.Data); reason != "" {
		l.broken(at, reason)
		return nil
	}
	parsedFile, diagnostics := hclsyntax.ParseConfig(file.Data, name, hcl.InitialPos)
	if diagnostics.HasErrors() {
		for _, d := range diagnostics {
			if d.Severity == hcl.DiagError && d.Subject != nil {
				at.Line = min(d.Subject.Start.Line, bytes.Count(file.Data, []byte("\n"))+1)
				break
			}
		}
		l.broken(at, "is not valid HCL") // the parser's own words quote the file
		return nil
	}
	body, ok := parsedFile.Body.(*hclsyntax.Body)
	if !ok {
		return nil
	}
	l.read[name] = &parsed{file.Data, body}
	return l.read[name]
}

func (l *loader) broken(at source.Span, reason string) {
	l.unread = append(l.unread, source.Unread{At: at, Reason: reason, Broken: true})
}

func (l *loader) note(at source.Span, reason string) {
	l.unread = append(l.unread, source.Unread{At: at, Reason: reason})
}

// admit refuses what the parser would follow too deep.
func admit(data []byte) string {
	switch {
	case len(data) > maxSize:
		return "is larger than 1 MiB"
	case bytes.IndexByte(data, 0) >= 0:
		return "is no text"
	case !utf8.Valid(data):
		return "is not in UTF-8"
	}
	open, marks, row := 0, 0, 0
	for _, c := range data {
		switch c {
		case '(', '[', '{':
			open++
		case ')', ']', '}':
			open = max(open-1, 0)
		case '?':
			marks++
		case '!', '-':
			row++
		case ' ', '\t', '\n', '\r':
		default:
			row = 0
		}
		if open > maxNesting || marks > maxMarks || row > maxMarks {
			return "nests too deep"
		}
	}
	return ""
}

// span returns the place of a range: the parser counts characters as they are
// seen, reports count bytes.
func (l *loader) span(r hcl.Range) source.Span {
	at := source.Span{File: r.Filename, Line: r.Start.Line, Column: 1}
	if p := l.read[r.Filename]; p != nil && r.Start.Byte <= len(p.data) {
		at.Column = r.Start.Byte - (bytes.LastIndexByte(p.data[:r.Start.Byte], '\n') + 1) + 1
	}
	return at
}

// assigned reads a file of variables.
func (l *loader) assigned(name string, into map[string]*cloud.Node) {
	p := l.parse(name)
	if p == nil {
		return
	}
	m := &module{loader: l, dir: path.Dir(name)}
	for key, a := range p.body.Attributes {
		into[key] = m.eval(a.Expr, &scope{})
	}
}

// isLocal reports whether the source of a module is a folder of the tree
// (https://developer.hashicorp.com/terraform/language/modules/configuration#local-paths).
func isLocal(from string) bool {
	return strings.HasPrefix(from, "./") || strings.HasPrefix(from, "../")
}
