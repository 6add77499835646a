// Package shell reads shell scripts: what starts a component says what it needs
// before the component does.
package shell

import (
	"bytes"
	"context"
	"errors"
	"path"
	"regexp"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/fact"
	"rehearse/internal/lang"
	"rehearse/internal/source"
)

// Language is the name of the language.
const Language = "shell"

type reader struct{}

// New returns the reader of shell scripts.
func New() lang.Follower { return reader{} }

var _ lang.Namer = reader{}

var _ lang.Idle = reader{}

// Sighted implements lang.Idle: a script has to be started.
func (reader) Sighted(string) bool { return false }

// Language returns the name of the language.
func (reader) Language() string { return Language }

// Extensions returns the endings of the names of scripts.
func (reader) Extensions() []string { return []string{".sh", ".bash"} }

// named is what scripts without an ending are called that start something.
var named = regexp.MustCompile(`(?i)(^|[-_])(entry-?point|start(up)?|run|boot|init|launch|serve|migrate|worker|web|cmd|console)([-_]\w+)*$`)

// Names reports whether a file without an ending may be a script that starts
// something.
func (reader) Names(file string) bool {
	return path.Ext(file) == "" && named.MatchString(path.Base(file))
}

// Triggers returns the texts of which a script holds one if there can be a need
// in it: those by which variables are read.
func (reader) Triggers() []string { return triggers }

var triggers = func() []string {
	texts := []string{"${", "envsubst", ".env"}
	for c := 'A'; c <= 'Z'; c++ {
		texts = append(texts, "$"+string(c))
	}
	return texts
}()

// The bounds of what is parsed: scripts that people write stay far below them.
const (
	maxScript = 256 << 10
	maxLine   = 20_000
	maxDepth  = 200 // brackets that are open at once
)

var errHard = errors.New("not read: larger, or deeper, than scripts are")

// Accessors returns none: a script has no functions that another calls.
func (reader) Accessors(context.Context, source.File) ([]fact.Accessor, error) { return nil, nil }

// ReadWith is Read.
func (r reader) ReadWith(ctx context.Context, file source.File, _ []fact.Accessor) ([]fact.Need, error) {
	return r.Read(ctx, file)
}

// Read returns what the script needs. A file that is no script for the shells
// of POSIX and their like has no needs, nor has one that cannot be parsed: a
// template of a script is none yet.
func (reader) Read(_ context.Context, file source.File) ([]fact.Need, error) {
	first, _, _ := bytes.Cut(file.Data[:min(len(file.Data), 200)], []byte("\n"))
	shebang, ok := bytes.CutPrefix(first, []byte("#!"))
	if ok && !interpreter.Match(shebang) || !ok && path.Ext(file.Path) == "" {
		return nil, nil
	}
	for line := range bytes.Lines(file.Data) {
		if len(line) > maxLine {
			return nil, nil // no person wrote it
		}
	}
	if len(file.Data) > maxScript || deep(file.Data) {
		return nil, errHard
	}
	tree, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(bytes.NewReader(file.Data), file.Path)
	if err != nil {
		return nil, nil
	}
	s := &script{file: file, given: map[string]bool{}, functions: map[string]*syntax.Stmt{}, entered: map[string]bool{}}
	if options := bytes.Fields(shebang); len(options) > 1 {
		for _, o := range options[1:] {
			s.option(string(o))
		}
	}
	s.tests(tree)
	s.statements(tree.Stmts, use{})
	return s.finish(), nil
}

// interpreter is a shell on the first line of a script.
var interpreter = regexp.MustCompile(`(^|[/ ])(ba|da|a|k|mk)?sh(\s|$)|with-contenv`)

// deep reports whether more brackets may be open at once than a person opens.
func deep(data []byte) bool {
	depth := 0
	for _, c := range data {
		switch c {
		case '(', '{', '`':
			depth++
		case ')', '}':
			depth = max(0, depth-1)
		}
		if depth > maxDepth {
			return true
		}
	}
	return false
}
