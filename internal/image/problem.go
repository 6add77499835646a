package image

import "rehearse/internal/source"

// ProblemKind says what is wrong with a step.
type ProblemKind int

// The kinds of problems.
const (
	Missing  ProblemKind = iota // what is copied is not there: not in the context, or not in the stage that it is copied from
	Excluded                    // .dockerignore keeps it out of the context
	Ignored                     // git ignores it: only a working tree that has it can be built
	Unlisted                    // git ignores it or the listing does not tell: whatever makes it before the build decides
	Unused                      // a wildcard matches nothing: nothing is copied
	Broken                      // .dockerignore has a pattern that is not one
)

// Problem is a step that cannot work as it is written.
type Problem struct {
	Kind   ProblemKind
	Source string      // what is copied, as written
	From   string      // the stage or image that it is copied from; "" the context
	Why    string      // the reason: half a sentence
	At     source.Span // the step
	Line   source.Span // the line elsewhere that decides: of .dockerignore, of the file that git ignores; may be zero
}

// Fatal reports whether the build stops there; of the other problems the image
// comes out without what was to be copied, or it cannot be told.
func (p Problem) Fatal() bool { return p.Kind == Missing || p.Kind == Excluded || p.Kind == Broken }
