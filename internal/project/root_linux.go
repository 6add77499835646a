package project

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

const nonblock = syscall.O_NONBLOCK

// fastRoot has the kernel hold the path below the folder, in one call where
// os.Root makes one for each part of the path: openat2(2), Linux 5.6.
type fastRoot struct {
	fd  int
	dir string
}

func (r *fastRoot) init(dir string) {
	fd, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		fd = -1
	}
	r.fd, r.dir = fd, dir
}

func (r *fastRoot) close() {
	if r.fd >= 0 {
		unix.Close(r.fd)
		r.fd = -1
	}
}

// openat reports false where the kernel cannot do it: it is too old, or a
// seccomp profile forbids it.
func (r *fastRoot) openat(path string, flags uint64) (int, error, bool) {
	if r.fd < 0 {
		return -1, nil, false
	}
	how := unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_CLOEXEC | flags,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_MAGICLINKS,
	}
	for {
		fd, err := unix.Openat2(r.fd, path, &how)
		switch {
		case err == nil:
			return fd, nil, true
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EPERM):
			return -1, nil, false
		default:
			return -1, &fs.PathError{Op: "open", Path: path, Err: err}, true
		}
	}
}

func (r *fastRoot) open(path string) (handle, error, bool) {
	fd, err, ok := r.openat(path, unix.O_NONBLOCK|unix.O_NOCTTY)
	if !ok || err != nil {
		return nil, err, ok
	}
	return fdHandle(fd), nil, true
}

func (r *fastRoot) openFolder(path string) (folder, error, bool) {
	fd, err, ok := r.openat(path, unix.O_DIRECTORY)
	if !ok || err != nil {
		return nil, err, ok
	}
	// The name is whole: os looks entries up by it where the filesystem does
	// not tell their type.
	return fdFolder{os.NewFile(uintptr(fd), filepath.Join(r.dir, path)), fd}, nil, true
}

// fdHandle is a file descriptor. os.File would offer a regular file to the
// poller first, which costs more than to read a small file.
type fdHandle int

func (h fdHandle) Read(buf []byte) (int, error) {
	for {
		n, err := unix.Read(int(h), buf)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 0, err
		case n == 0 && len(buf) > 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

func (h fdHandle) Close() error { return unix.Close(int(h)) }

func (h fdHandle) stat() (int64, bool, error) {
	var st unix.Stat_t
	if err := unix.Fstat(int(h), &st); err != nil {
		return 0, false, err
	}
	return st.Size, st.Mode&unix.S_IFMT == unix.S_IFREG, nil
}

type fdFolder struct {
	*os.File
	fd int
}

func (f fdFolder) entries() ([]fs.DirEntry, error) { return f.ReadDir(-1) }

func (f fdFolder) size(e fs.DirEntry) (int64, error) {
	var st unix.Stat_t
	if err := unix.Fstatat(f.fd, e.Name(), &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return 0, err
	}
	return st.Size, nil
}
