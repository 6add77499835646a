package project

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// root opens what lies in a folder and never what lies outside of it, whatever
// symbolic links say and however the tree changes meanwhile.
type root struct {
	std  *os.Root
	fast fastRoot
	once sync.Once
}

// handle is an open file.
type handle interface {
	io.ReadCloser
	stat() (size int64, regular bool, err error)
}

// folder is an open directory.
type folder interface {
	io.Closer
	entries() ([]fs.DirEntry, error) // in no order
	size(e fs.DirEntry) (int64, error)
}

func openRoot(dir string) (*root, error) {
	std, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	r := &root{std: std}
	r.fast.init(dir)
	return r, nil
}

func (r *root) close() error {
	var err error
	r.once.Do(func() {
		r.fast.close()
		err = r.std.Close()
	})
	return err
}

// open opens a file for reading. It does not wait for the writer of a FIFO.
func (r *root) open(path string) (handle, error) {
	if h, err, ok := r.fast.open(path); ok {
		return h, err
	}
	f, err := r.std.OpenFile(filepath.FromSlash(path), os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	return stdHandle{f}, nil
}

// openFolder opens a directory; "" is the root itself.
func (r *root) openFolder(path string) (folder, error) {
	if path == "" {
		path = "."
	}
	if f, err, ok := r.fast.openFolder(path); ok {
		return f, err
	}
	f, err := r.std.Open(filepath.FromSlash(path))
	if err != nil {
		return nil, err
	}
	return stdFolder{f}, nil
}

// stat follows symbolic links inside the folder; one that leads out of it is
// an error.
func (r *root) stat(path string) (fs.FileInfo, error) {
	return r.std.Stat(filepath.FromSlash(path))
}

func (r *root) readlink(path string) (string, error) {
	return r.std.Readlink(filepath.FromSlash(path))
}

type stdHandle struct{ *os.File }

func (h stdHandle) stat() (int64, bool, error) {
	info, err := h.Stat()
	if err != nil {
		return 0, false, err
	}
	return info.Size(), info.Mode().IsRegular(), nil
}

type stdFolder struct{ *os.File }

func (f stdFolder) entries() ([]fs.DirEntry, error) { return f.ReadDir(-1) }

func (f stdFolder) size(e fs.DirEntry) (int64, error) {
	info, err := e.Info()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
