//go:build unix

package project

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestSpecialFiles(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.js"), 0o644); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "a.js", "")
	p := openDir(t, dir)
	wantPaths(t, p, "a.js")
	done := make(chan error, 1)
	go func() {
		_, err := p.Read(&File{Path: "pipe.js"})
		done <- err
	}()
	select {
	case err := <-done:
		if !errors.Is(err, ErrNotRegular) {
			t.Errorf("a FIFO: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("reading a FIFO waits for its writer")
	}
}
