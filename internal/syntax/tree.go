package syntax

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"rehearse/internal/source"
)

// The bounds of what is parsed. Code that people write stays far below them.
const (
	MaxSize = 2 << 20 // bytes of a file
	MaxLine = 20_000  // bytes of a line: a longer one stands only in generated files

	// maxParse is for what would never end: a file of MaxSize takes a tenth of
	// it, also on a machine that does other things, so that time decides nothing.
	maxParse = 4 * time.Second
)

// ErrLarge is the error for a file larger than MaxSize: no person writes such.
var ErrLarge = errors.New("not parsed: larger than 2 MiB")

// ErrGenerated is the error for a file that no person wrote: minified bundles
// and the like.
var ErrGenerated = errors.New("generated: it has a line of more than 20,000 bytes")

// Tree is a parsed file. It may be used by several goroutines at once.
type Tree struct {
	File     source.File
	Language *Language

	words *words
	nodes []flat
	lines []int // the offset at which each line starts
}

// Parse parses a file. It returns an error where the file is larger than
// MaxSize, generated, or too hard for the parser; text that breaks the rules of
// the language gives a tree with holes in it.
func Parse(ctx context.Context, lang *Language, file source.File) (*Tree, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(file.Data) > MaxSize {
		return nil, ErrLarge
	}
	lines, err := starts(file.Data)
	if err != nil {
		return nil, err
	}
	parser := lang.parser()
	defer lang.parsers.Put(parser)
	// The context is not handed on: a parser whose context ends just behind the
	// parse would take the cancellation for that of its next one.
	tree, err := parser.ParseCtx(context.Background(), nil, file.Data)
	if err != nil {
		parser.Reset()
		return nil, fmt.Errorf("not parsed as %s within %v", lang, maxParse)
	}
	defer tree.Close()
	nodes, err := flatten(tree.RootNode())
	if err != nil {
		return nil, err
	}
	if nodes[0].symbol == errorSymbol {
		return nil, fmt.Errorf("not parsed: no %s can be made out in it", lang)
	}
	return &Tree{File: file, Language: lang, words: lang.words(), nodes: nodes, lines: lines}, nil
}

func starts(data []byte) ([]int, error) {
	lines := []int{0}
	for at := 0; ; {
		end := bytes.IndexByte(data[at:], '\n')
		if end > MaxLine || end < 0 && len(data)-at > MaxLine {
			return nil, ErrGenerated
		}
		if end < 0 {
			return lines, nil
		}
		at += end + 1
		lines = append(lines, at)
	}
}

// Root returns the node of the whole file.
func (t *Tree) Root() Node { return Node{t, 0} }

// At returns the smallest named node that covers the bytes from start to end.
func (t *Tree) At(start, end int) Node {
	found, i := int32(0), int32(0)
	for i >= 0 {
		n := &t.nodes[i]
		switch {
		case int(n.end) < end || int(n.end) == end && int(n.start) == end && start < end:
			i = n.next
		case int(n.start) > start:
			i = -1
		default:
			if n.named {
				found = i
			}
			i = n.child
		}
	}
	return Node{t, found}
}

// span returns the place of an offset.
func (t *Tree) span(offset int) source.Span {
	line := sort.SearchInts(t.lines, offset+1)
	return source.Span{File: t.File.Path, Line: line, Column: offset - t.lines[line-1] + 1}
}
