package project

import (
	"context"
	"path/filepath"
	"testing"

	"rehearse/bench/grow"
)

// large grows a tree of 20,000 files. They are short, for what is measured here
// is how they are found.
func large(b *testing.B) string {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "large")
	if _, _, err := grow.Tree(dir, grow.Size{Files: grow.Large.Files, Bytes: 20 << 20, Seed: 1}); err != nil {
		b.Fatal(err)
	}
	return dir
}

// BenchmarkWalk lists the tree.
func BenchmarkWalk(b *testing.B) {
	root, err := openRoot(large(b))
	if err != nil {
		b.Fatal(err)
	}
	defer root.close()
	b.ReportAllocs()
	for b.Loop() {
		p := &Project{root: root}
		if err := p.walk(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen lists the tree and finds its components.
func BenchmarkOpen(b *testing.B) {
	dir := large(b)
	b.ReportAllocs()
	for b.Loop() {
		p, err := Open(context.Background(), dir)
		if err != nil {
			b.Fatal(err)
		}
		p.Close()
	}
}
