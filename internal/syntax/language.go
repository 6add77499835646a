// Package syntax parses source code and matches patterns against its syntax
// tree. It is the one place that knows the parser: a reader of a language sees
// files, queries and nodes.
package syntax

import (
	"sync"

	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/csharp"
	"github.com/smacker/go-tree-sitter/golang"
	"github.com/smacker/go-tree-sitter/java"
	"github.com/smacker/go-tree-sitter/javascript"
	"github.com/smacker/go-tree-sitter/kotlin"
	"github.com/smacker/go-tree-sitter/php"
	"github.com/smacker/go-tree-sitter/python"
	"github.com/smacker/go-tree-sitter/ruby"
	"github.com/smacker/go-tree-sitter/rust"
	"github.com/smacker/go-tree-sitter/typescript/tsx"
	"github.com/smacker/go-tree-sitter/typescript/typescript"
)

// Language is a grammar that files can be parsed with.
type Language struct {
	name    string
	grammar func() *sitter.Language
	parsers sync.Pool
	words   func() *words
}

// words are the names that a grammar gives to nodes and fields.
type words struct {
	kinds  []string // by symbol
	named  map[string][]uint16
	tokens map[string][]uint16
	fields map[string]uint16
}

// The languages.
var (
	CSharp     = language("C#", csharp.GetLanguage)
	Go         = language("Go", golang.GetLanguage)
	Java       = language("Java", java.GetLanguage)
	JavaScript = language("JavaScript", javascript.GetLanguage)
	Kotlin     = language("Kotlin", kotlin.GetLanguage)
	PHP        = language("PHP", php.GetLanguage)
	Python     = language("Python", python.GetLanguage)
	Ruby       = language("Ruby", ruby.GetLanguage)
	Rust       = language("Rust", rust.GetLanguage)
	TSX        = language("TSX", tsx.GetLanguage)
	TypeScript = language("TypeScript", typescript.GetLanguage)
)

func language(name string, grammar func() *sitter.Language) *Language {
	l := &Language{name: name, grammar: grammar}
	l.words = sync.OnceValue(l.learn)
	return l
}

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

// errorSymbol is the symbol of what could not be parsed.
const errorSymbol = 1<<16 - 1

func (l *Language) learn() *words {
	g := l.grammar()
	w := &words{named: map[string][]uint16{}, tokens: map[string][]uint16{}, fields: map[string]uint16{}}
	for i := range g.SymbolCount() {
		symbol := sitter.Symbol(i)
		name := g.SymbolName(symbol)
		w.kinds = append(w.kinds, name)
		switch g.SymbolType(symbol) {
		case sitter.SymbolTypeRegular:
			w.named[name] = append(w.named[name], uint16(i))
		case sitter.SymbolTypeAnonymous:
			w.tokens[name] = append(w.tokens[name], uint16(i))
		}
	}
	for i := 1; ; i++ {
		name := g.FieldName(i)
		if name == "" {
			return w
		}
		w.fields[name] = uint16(i)
	}
}

func (w *words) kind(symbol uint16) string {
	if int(symbol) < len(w.kinds) {
		return w.kinds[symbol]
	}
	return "ERROR"
}
