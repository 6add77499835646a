package syntax

import "slices"

// Filter looks for many texts at once: every file of a project goes through
// one, and so do most nodes of a tree, and to look for each text by itself would take longer than all else. It
// is the automaton of Aho and Corasick ("Efficient string matching", CACM 18,
// 1975), with its failure transitions worked out.
type Filter struct {
	texts []string
	class [256]uint8 // bytes that no text has are of class 0
	count int        // of the classes
	next  []uint32   // by state and class: the row of the next state
}

// hit is the state behind a text: nothing more has to be looked at.
const hit = ^uint32(0)

// NewFilter returns the filter for texts, none of which is empty, and which
// have fewer than 256 different bytes.
func NewFilter(texts []string) *Filter { return newFilter(texts, false) }

// newFilter returns a filter to which, where it folds, the letters of ASCII are
// the same as their capitals: the texts have none then.
func newFilter(texts []string, fold bool) *Filter {
	f := &Filter{texts: slices.Clone(texts), count: 1}
	for _, text := range texts {
		for i := range len(text) {
			if c := text[i]; f.class[c] == 0 {
				f.class[c] = uint8(f.count)
				f.count++
			}
		}
	}
	if fold {
		for c := byte('a'); c <= 'z'; c++ {
			f.class[c-'a'+'A'] = f.class[c]
		}
	}
	// The texts as a tree: its root is 0, which is also where a state has no
	// way to yet.
	size := 1
	for _, text := range texts {
		size += len(text)
	}
	f.next = make([]uint32, f.count, size*f.count)
	for _, text := range texts {
		f.plant(text)
	}
	f.link()
	return f
}

// Texts returns the texts that it looks for.
func (f *Filter) Texts() []string { return f.texts }

func (f *Filter) plant(text string) {
	at := uint32(0)
	for i := range len(text) {
		way := at + uint32(f.class[text[i]])
		switch {
		case f.next[way] == hit:
			return // a shorter text ends here
		case i == len(text)-1:
			f.next[way] = hit
			return
		case f.next[way] == 0:
			f.next[way] = uint32(len(f.next))
			f.next = f.next[:len(f.next)+f.count] // there is room for all that is planted
		}
		at = f.next[way]
	}
}

// link fills in the ways that the tree does not have: they lead where the
// longest end of what has been seen would lead that is a beginning too.
func (f *Filter) link() {
	row, back := uint32(f.count), make([]uint32, len(f.next)/f.count)
	queue := make([]uint32, 0, len(back))
	for c := range row {
		if to := f.next[c]; to != 0 && to != hit {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		other := f.next[back[at/row]:][:row]
		for c, way := range f.next[at:][:row] {
			switch {
			case way == hit, other[c] == hit:
				f.next[at+uint32(c)] = hit
			case way == 0:
				f.next[at+uint32(c)] = other[c]
			default:
				back[way/row] = other[c]
				queue = append(queue, way)
			}
		}
	}
}

// Fits reports whether one of the texts stands in the data.
func (f *Filter) Fits(data []byte) bool {
	at := uint32(0)
	for _, c := range data {
		if at = f.next[at+uint32(f.class[c])]; at == hit {
			return true
		}
	}
	return false
}
