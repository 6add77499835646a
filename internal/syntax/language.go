// Package syntax parses source code and runs tree-sitter queries over it. It is
// the one place that knows the parser: a reader of a language sees files,
// queries and nodes.
package syntax

import (
	"sync"

	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/golang"
	"github.com/smacker/go-tree-sitter/javascript"
	"github.com/smacker/go-tree-sitter/python"
	"github.com/smacker/go-tree-sitter/typescript/tsx"
	"github.com/smacker/go-tree-sitter/typescript/typescript"
)

// Language is a grammar that files can be parsed with.
type Language struct {
	name    string
	grammar func() *sitter.Language
	parsers sync.Pool
}

// The languages.
var (
	Go         = &Language{name: "Go", grammar: golang.GetLanguage}
	JavaScript = &Language{name: "JavaScript", grammar: javascript.GetLanguage}
	Python     = &Language{name: "Python", grammar: python.GetLanguage}
	TSX        = &Language{name: "TSX", grammar: tsx.GetLanguage}
	TypeScript = &Language{name: "TypeScript", grammar: typescript.GetLanguage}
)

// String returns the name of the language.
func (l *Language) String() string { return l.name }

// parser takes a parser from the pool. It gives up on a parse by itself.
func (l *Language) parser() *sitter.Parser {
	if p, ok := l.parsers.Get().(*sitter.Parser); ok {
		return p
	}
	p := sitter.NewParser()
	p.SetLanguage(l.grammar())
	p.SetOperationLimit(int(maxParse.Microseconds()))
	return p
}
