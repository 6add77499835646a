package infra

import (
	"context"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// Composer reads a format in which several files make one definition: a chart
// and its values, a kustomization and its bases, a module and what it calls.
// Like a Reader it holds no state.
//
// To add one, make a member as for a Reader; a type may be both, and then reads
// by itself the files that no composition takes part of. The smallest real
// member is kustomize.
type Composer interface {
	// Format returns the name of the format, as reports give it.
	Format() string
	// Begins reports whether a file of that path may be the root of a
	// composition: the one from which the others are found. It looks at the path
	// alone.
	Begins(path string) bool
	// Compose returns what the root makes up with the files that it names: one
	// composition for each environment that it tells apart, none where it is of
	// another format after all. A root that is broken gives an error of type
	// *Error; what cannot be followed (a part elsewhere, a part that is broken) is
	// listed in Unread of a composition, at the line that names it.
	//
	// It reads nothing but tree, runs nothing, waits for nothing, and gives the
	// same for the same files. Where ctx ends it gives up with the error of ctx.
	Compose(ctx context.Context, tree Tree, root source.File) ([]Composition, error)
}

// Composition is a definition that several files make up.
type Composition struct {
	// What they say. Places are where each thing was said, in whichever file that
	// is. File and Format may be left empty: they are the root's and the composer's.
	fact.Definition
	// Whole says that it makes up an environment by itself, or a part of one,
	// over which nothing else is laid. Where it is false the definition is
	// composed with those of its format as if one file had said it all.
	Whole bool
	// Cluster says of a Whole one that it is put where others are put too: what
	// it lacks may be in another composition of the environment of that name.
	Cluster bool
	// Environment is what names the environment in the project: a word (prod,
	// eu-west), or a path with a slash of which a part may be such a word that is
	// known (deploy/prod/); "" where nothing does: it is then what production is
	// made of, unless its siblings say otherwise.
	Environment string
	// Parts are the files that it is made of, the root first. None of them says
	// anything by itself: readers of single files leave them out, and so it is
	// with compositions whose root is a part of another's. Files that are only
	// looked at (a .env file, a script that names the values) are none.
	Parts []string
}

// Tree is the files of the project, as far as a composer may see them: regular
// files below the project's folder, within bounds. Paths are relative to the
// project's root, with forward slashes; one that leads out of it names nothing.
// Its methods may be called from many goroutines at once.
type Tree interface {
	// Has reports whether there is a file of that path.
	Has(path string) bool
	// Read returns a file whole. An error is that of a file that is not there,
	// cannot be read, or is beyond what one composition may read in all.
	Read(path string) (source.File, error)
	// Under returns the paths of the files below a folder, sorted; "." is the
	// project's. What git ignores and what is somebody else's is among them.
	Under(dir string) []string
	// Once returns what find returned when it was first asked for under the key:
	// what every root of a format asks of the whole project. A key is of a type
	// that its package does not export.
	Once(key any, find func() any) any
}

// Format is a member of the family: a Reader, a Composer, or both.
type Format interface {
	// Format returns the name of the format, as reports give it.
	Format() string
}
