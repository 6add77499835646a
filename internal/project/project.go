// Package project reads a repository: its files, the components that its
// manifests tell of, what starts each of them where it is developed, and
// rehearse.yaml. It executes nothing, opens no socket and writes nothing, and
// it never leaves the folder that it was given.
package project

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rehearse/internal/source"
)

// Project is a repository, or a folder of one.
type Project struct {
	Dir        string          // as given to Open
	Files      []*File         // by path
	Components []*Component    // by folder, then by name
	Config     *Config         // never nil; empty where there is no rehearse.yaml
	Unread     []source.Unread // what could not be listed or understood, by place

	root   *root
	byPath map[string]*File
}

// File is a regular file of the project, or a symbolic link to one.
type File struct {
	Path  string // relative to the project's root, with forward slashes; its bytes as the filesystem has them
	Size  int64  // in bytes, when it was listed
	Flags Flags

	// Link is the path of the file of the project that this one is a symbolic
	// link to; "" where it is a file itself. Whoever reads what stands in files
	// leaves links out, so as to read each file once; whoever looks for a file
	// of a certain name follows them.
	Link string
}

// Code reports whether what stands in the file may be code of a component
// that runs: it is none of the tests, examples, documents, generated and
// foreign files, and not ignored by git.
func (f *File) Code() bool {
	return f.Flags&(Ignored|Test|Example|Docs|Generated|Vendored) == 0 && f.Link == ""
}

// Open lists the files below dir and finds the components in them. It reads
// manifests and, of Go files, the imports. It fails where dir is no directory
// that can be read, where ctx ends, and where rehearse.yaml is wrong: then the
// error is a *ConfigError, and the project is given too, as it is without it.
// Whoever opens a project closes it.
//
// The folder that is given is the project: what its path says (examples/shop)
// makes none of its files an example, and .gitignore files above it are not
// read.
func Open(ctx context.Context, dir string) (*Project, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a directory", dir)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root, err := openRoot(abs)
	if err != nil {
		return nil, err
	}
	p := &Project{Dir: dir, root: root, Config: &Config{}}
	if err := p.walk(ctx); err != nil {
		root.close()
		return nil, err
	}
	wrong := p.configure()
	unfit, err := p.discover(ctx)
	if err != nil {
		root.close()
		return nil, err
	}
	p.sortUnread()
	return p, cmp.Or(wrong, unfit)
}

// Close releases the project's folder. Nothing can be read afterwards.
func (p *Project) Close() error { return p.root.close() }

// File returns the file of that path, or nil.
func (p *Project) File(path string) *File { return p.byPath[path] }

// exists returns the path of the first of the files that is there, or "".
func (p *Project) exists(paths ...string) string {
	for _, path := range paths {
		if p.byPath[path] != nil {
			return path
		}
	}
	return ""
}

func (p *Project) unread(at source.Span, reason string) {
	p.Unread = append(p.Unread, source.Unread{At: at, Reason: reason})
}

func (p *Project) sortUnread() {
	slices.SortStableFunc(p.Unread, func(a, b source.Unread) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Reason, b.Reason)
	})
}
