package project

import (
	"bytes"
	"errors"
	"io"

	"rehearse/internal/source"
)

// MaxFile is the size in bytes of the largest file that is read. What a person
// writes is far smaller; what is larger was made by a program.
const MaxFile = 8 << 20

// sniff is how much of a file is looked at to tell text from anything else: as
// much as git looks at (buffer_is_binary in its xdiff-interface.c).
const sniff = 8000

// Why a file is not read.
var (
	ErrTooLarge   = errors.New("larger than 8 MiB")
	ErrBinary     = errors.New("binary")
	ErrNotRegular = errors.New("not a regular file")
)

// Read returns the file whole. It never waits and never reads anything outside
// of the project or other than a regular file. The errors of its own are
// ErrTooLarge, ErrBinary and ErrNotRegular; all others are the system's. It may
// be called from many goroutines at once.
func (p *Project) Read(f *File) (source.File, error) { return p.ReadInto(f, nil) }

// ReadInto is Read into the space of buf where that is enough: the data are
// good until buf is used again.
func (p *Project) ReadInto(f *File, buf []byte) (source.File, error) {
	file := source.File{Path: f.Path}
	if f.Size > MaxFile {
		return file, ErrTooLarge
	}
	data, err := p.root.read(f.Path, buf, MaxFile)
	if err != nil {
		return file, err
	}
	if bytes.IndexByte(data[:min(len(data), sniff)], 0) >= 0 {
		return file, ErrBinary
	}
	file.Data = data
	return file, nil
}

// read returns at most limit bytes of a file; a longer one is ErrTooLarge.
func (r *root) read(path string, buf []byte, limit int64) ([]byte, error) {
	f, err := r.open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, regular, err := f.stat()
	switch {
	case err != nil:
		return nil, err
	case !regular:
		return nil, ErrNotRegular
	case size > limit:
		return nil, ErrTooLarge
	}
	// One byte more than the file has shows its end without a second buffer.
	if int64(cap(buf)) <= size {
		buf = make([]byte, 0, size+1)
	}
	buf = buf[:0]
	for {
		n, err := f.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) {
			return buf, nil
		}
		if err != nil {
			return nil, err
		}
		if int64(len(buf)) > limit { // it grows while it is read
			return nil, ErrTooLarge
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
	}
}

// head returns the beginning of a file, at most len(buf) bytes.
func (r *root) head(path string, buf []byte) ([]byte, error) {
	f, err := r.open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, regular, err := f.stat(); err != nil {
		return nil, err
	} else if !regular {
		return nil, ErrNotRegular
	}
	n, err := io.ReadFull(f, buf)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return buf[:n], err
}

// manifest reads a file that discovery needs. What it cannot read is listed,
// and nil is returned.
func (p *Project) manifest(path string) []byte {
	f := p.byPath[path]
	if f == nil {
		return nil
	}
	file, err := p.Read(f)
	if err != nil {
		p.unread(source.Span{File: path}, reason(err))
		return nil
	}
	return bytes.TrimPrefix(file.Data, []byte("\xef\xbb\xbf"))
}
