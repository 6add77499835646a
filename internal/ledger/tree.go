package ledger

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"rehearse/internal/infra"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// What one composition may read in all. The largest that are known, charts with
// all of their subcharts, stay far below it.
const (
	maxParts     = 10_000   // files, each time that one is read
	maxPartsSize = 64 << 20 // bytes
)

var (
	errNoFile   = errors.New("is not in the tree")
	errTooMuch  = errors.New("is made of more than 64 MiB or 10,000 files")
	errNotAFile = errors.New("is a symbolic link that leads nowhere")
)

// tree is the project as one composition may see it.
type tree struct {
	project *project.Project
	paths   []string // of every file of the project, sorted
	count   atomic.Int64
	size    atomic.Int64
	files   *atomic.Int64 // all that the ledger has read
	shared  *sync.Map     // of func() any, by key: what the compositions have in common
}

var _ infra.Tree = (*tree)(nil)

// Has implements infra.Tree.
func (t *tree) Has(name string) bool { return t.project.File(path.Clean(name)) != nil }

// Read implements infra.Tree.
func (t *tree) Read(name string) (source.File, error) {
	name = path.Clean(name)
	f := t.project.File(name)
	if f == nil {
		return source.File{}, fmt.Errorf("%s %w", name, errNoFile)
	}
	if f.Link != "" {
		if f = t.project.File(f.Link); f == nil {
			return source.File{}, fmt.Errorf("%s %w", name, errNotAFile)
		}
	}
	if t.count.Add(1) > maxParts || t.size.Add(f.Size) > maxPartsSize {
		return source.File{}, errTooMuch
	}
	t.files.Add(1)
	return t.project.Read(f)
}

// Under implements infra.Tree.
func (t *tree) Under(dir string) []string {
	dir = path.Clean(dir)
	if dir == "." {
		return slices.Clone(t.paths)
	}
	first, _ := slices.BinarySearch(t.paths, dir+"/")
	last := first
	for last < len(t.paths) && strings.HasPrefix(t.paths[last], dir+"/") {
		last++
	}
	return slices.Clone(t.paths[first:last])
}

// Once implements infra.Tree.
func (t *tree) Once(key any, find func() any) any { return remembered(t.shared, key, find) }
