package missingfile

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/image"
	"rehearse/internal/ledger"
)

// place is a folder of the image and the folder of the context that it is.
type place struct {
	build *ledger.Build
	call  image.Call
	dir   string // of the context; "." is the context itself
}

// placed returns the folder of the context that a call works in.
func placed(b *ledger.Build, c image.Call) (place, bool) {
	if c.Dir == "" {
		return place{}, false
	}
	dir, ok := c.Image().Origin(c.Dir)
	return place{b, c, path.Clean(dir)}, ok
}

// has reports whether the tree has a file, or something in a folder, at a path
// that is meant from the place.
func (p place) has(name string) bool {
	full := path.Join(p.dir, name)
	if full == ".." || strings.HasPrefix(full, "../") {
		return false
	}
	files := p.build.Files()
	if _, found := slices.BinarySearch(files, full); found {
		return true
	}
	i, _ := slices.BinarySearch(files, full+"/")
	return i < len(files) && strings.HasPrefix(files[i], full+"/")
}

// looks returns what the call finds there.
func (p place) looks(name string) image.Answer {
	return p.call.Looks(path.Join(p.call.Dir, name))
}

// read returns what stands in a file of the tree.
func (p place) read(name string) ([]byte, bool) {
	full := path.Join(p.dir, name)
	if strings.HasPrefix(full, "../") {
		return nil, false
	}
	return p.build.Read(full)
}

// source returns the path in the project.
func (p place) source(name string) string { return p.build.Source(path.Join(p.dir, name)) }

// kept reports whether no step could have put a file or folder of the tree
// into the image, wherever.
func (p place) kept(name string) (image.Answer, bool) {
	full := path.Join(p.dir, name)
	files := p.build.Files()
	if _, found := slices.BinarySearch(files, full); !found {
		i, _ := slices.BinarySearch(files, full+"/")
		if i >= len(files) || !strings.HasPrefix(files[i], full+"/") {
			return image.Answer{}, false
		}
		full = files[i]
	}
	img := p.call.Image()
	a := img.Holds(full)
	if a.State != image.Absent {
		return a, false
	}
	// Another stage that has it may hand it on in a way that is not understood.
	for _, n := range img.Stages() {
		if s := img.Stage(fmt.Sprint(n)); s != nil && s.Name() != img.Name() && s.Holds(full).State == image.Present {
			return a, false
		}
	}
	return a, true
}
