package lang

import (
	"slices"
	"sync"

	"rehearse/internal/syntax"
)

// Triggered reports whether data holds one of the reader's triggers: only then
// can there be a need in it.
func Triggered(r Reader, data []byte) bool {
	texts := r.Triggers()
	if cached, ok := filters.Load(r.Language()); ok {
		if f := cached.(*syntax.Filter); slices.Equal(f.Texts(), texts) {
			return f.Fits(data)
		}
	}
	f := syntax.NewFilter(texts)
	filters.Store(r.Language(), f)
	return f.Fits(data)
}

// filters holds the filter of each language.
var filters sync.Map
