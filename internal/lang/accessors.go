package lang

import (
	"context"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// Follower is a Reader that can follow reads of variables through functions
// which other files define. A component is then read in two passes: Accessors
// of its files, and ReadWith of all of them. In the second pass a file matters
// also where it has none of the Triggers, but the name of an accessor.
type Follower interface {
	Reader
	// Accessors returns the functions defined in file that read the variable
	// which their caller names. Its errors are those of Read.
	Accessors(ctx context.Context, file source.File) ([]fact.Accessor, error)
	// ReadWith is Read, with calls of the accessors taken for reads.
	ReadWith(ctx context.Context, file source.File, accessors []fact.Accessor) ([]fact.Need, error)
}
