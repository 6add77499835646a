// Package lang is the family of the readers of source code: each turns a file
// of one language into the needs of the code in it.
//
// To add a language, make a folder beside this file with a type that is a
// Reader, its patterns over the syntax tree in a .scm file, and its cases in
// testdata/*.txtar; then add it to the list in package cli. The smallest real
// member is golang.
package lang

import (
	"context"
	"path"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
)

// ErrLarge is the error of Read for a file that is too large to be code that a
// person wrote. Nothing is wrong with it.
var ErrLarge = syntax.ErrLarge

// Reader reads one language. It holds no state: Read may be called from many
// goroutines at once.
type Reader interface {
	// Language returns the name of the language, as reports give it.
	Language() string
	// Extensions returns the endings of the names of its files, with the dot.
	Extensions() []string
	// Triggers returns texts of which a file holds at least one if there can be
	// a need in it; other files are not parsed.
	Triggers() []string
	// Read returns the needs of the code in file, in the order in which they
	// stand there. What is too broken to be parsed is an error.
	Read(ctx context.Context, file source.File) ([]fact.Need, error)
}

// Namer is a Reader that reads files, too, which their endings do not tell: a
// Rakefile, a configuration with code in it.
type Namer interface {
	Reader
	// Names reports whether a file of that path is one. It looks at the path
	// alone.
	Names(path string) bool
}

// Fits reports whether a file of that path is for the reader.
func Fits(r Reader, file string) bool {
	if slices.Contains(r.Extensions(), path.Ext(file)) {
		return true
	}
	namer, ok := r.(Namer)
	return ok && namer.Names(file)
}
