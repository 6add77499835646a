// Package infra is the family of the readers of definitions: each turns a file
// of one format into what it supplies, and to whom.
//
// To add a format, make a folder beside this file with a type that is a Reader
// and its cases in testdata/*.txtar; then add it to the list in package cli.
// The smallest real member is dotenv.
package infra

import (
	"context"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// Reader reads one format. It holds no state: its methods may be called from
// many goroutines at once.
type Reader interface {
	// Format returns the name of the format, as reports give it.
	Format() string
	// Names reports whether a file of that path may be of this format. It
	// looks at the path alone, so that other files need not be read.
	Names(path string) bool
	// Read returns what the file says. A file that is of another format after
	// all gives an empty definition and no error; one that is broken gives an
	// error of type *Error; a part that is not understood is listed in Unread.
	Read(ctx context.Context, file source.File) (fact.Definition, error)
}

// Error is a file that cannot be read, and where.
type Error struct {
	At     source.Span
	Reason string
}

// Error returns the reason without the place: whoever prints it prints the
// place too.
func (e *Error) Error() string { return e.Reason }
