package syntax

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	sitter "github.com/smacker/go-tree-sitter"

	"rehearse/internal/source"
)

// The bounds of what is parsed. Code that people write stays far below them.
const (
	MaxSize = 2 << 20 // bytes of a file
	MaxLine = 20_000  // bytes of a line: a longer one stands only in generated files

	maxParse   = 2 * time.Second
	maxMatches = 1_000_000 // matches of one query over one file
)

// ErrGenerated is the error for a file that no person wrote: minified bundles
// and the like.
var ErrGenerated = errors.New("generated: it has a line of more than 20,000 bytes")

// Tree is a parsed file. It must be closed, and no node of it used after that.
// It is not safe for use by several goroutines at once.
type Tree struct {
	File     source.File
	Language *Language

	tree  *sitter.Tree
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
		return nil, fmt.Errorf("not parsed: larger than %d bytes", MaxSize)
	}
	lines, err := starts(file.Data)
	if err != nil {
		return nil, err
	}
	parser := lang.parser()
	// The context is not handed on: a parser whose context ends just behind the
	// parse would take the cancellation for that of its next one.
	tree, err := parser.ParseCtx(context.Background(), nil, file.Data)
	if err != nil {
		parser.Reset()
		lang.parsers.Put(parser)
		return nil, fmt.Errorf("not parsed as %s within %v", lang, maxParse)
	}
	lang.parsers.Put(parser)
	t := &Tree{File: file, Language: lang, tree: tree, lines: lines}
	if t.Root().Kind() == "ERROR" {
		t.Close()
		return nil, fmt.Errorf("not parsed: no %s can be made out in it", lang)
	}
	return t, nil
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

// Close frees the tree.
func (t *Tree) Close() { t.tree.Close() }

// Root returns the node of the whole file.
func (t *Tree) Root() Node { return Node{t.tree.RootNode(), t} }

// At returns the smallest named node that covers the bytes from start to end.
func (t *Tree) At(start, end int) Node {
	return t.node(t.tree.RootNode().NamedDescendantForPointRange(t.point(start), t.point(end)))
}

func (t *Tree) point(offset int) sitter.Point {
	line := sort.SearchInts(t.lines, offset+1) - 1
	return sitter.Point{Row: uint32(line), Column: uint32(offset - t.lines[line])}
}

func (t *Tree) node(n *sitter.Node) Node {
	if n == nil {
		return Node{}
	}
	return Node{n, t}
}
