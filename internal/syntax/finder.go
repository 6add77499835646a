package syntax

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Finder tells which of many texts stand in a file, in one pass over it.
type Finder struct {
	spotter spotter
	at      []uint16       // by text: its spot
	others  map[int][]byte // texts that are not of ASCII: each is looked for by itself
}

// NewFinder returns the finder of texts, none of which is empty and of which there
// are fewer than 65,536.
func NewFinder(texts []string) *Finder {
	f := &Finder{at: make([]uint16, len(texts)), others: map[int][]byte{}}
	for i, text := range texts {
		if strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
			f.others[i] = []byte(text)
			continue
		}
		f.at[i] = f.spotter.add(spot{text: text})
	}
	f.spotter.build()
	return f
}

// In calls yield with the number of each text that stands in the data.
func (f *Finder) In(data []byte, yield func(text int)) {
	there := f.spotter.in(data)
	for i, n := range f.at {
		if other := f.others[i]; other == nil && there[n] || other != nil && bytes.Contains(data, other) {
			yield(i)
		}
	}
}
