package sandbox

import (
	"os"
	"path"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// largestCopy is the largest file that a patchwork copies, in bytes. The figure
// is ours: above what stands in /etc, below most programs.
const largestCopy = 64 << 10

// patchwork shows a directory below which the machine has mounts, as containers
// have over /etc/hosts. The kernel refuses an overlay there, since it would
// uncover what they hide (has_locked_children in fs/namespace.c). So only what
// has no mount below it is an overlay; the directories above are made anew,
// small files are copied, and others are shown as they are, not to be written.
// What is written to it is not read back.
func (b *builder) patchwork(target, source string) error {
	from := b.old + source
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	if err := os.Chmod(target, info.Mode()); err != nil {
		return err
	}
	written := len(b.written)
	for _, e := range entries {
		to, part := path.Join(target, e.Name()), path.Join(source, e.Name())
		switch {
		case e.IsDir():
			err = b.overlay(to, []string{part})
		case e.Type()&os.ModeSymlink != 0:
			var link string
			if link, err = os.Readlink(b.old + part); err == nil {
				err = os.Symlink(link, to)
			}
		case e.Type().IsRegular():
			if b.copy(to, b.old+part) != nil {
				err = b.bind(b.old+part, to, true)
			}
		}
		if err != nil {
			return err
		}
	}
	b.written = b.written[:written]
	return nil
}

// copy copies a small file. It fails for one that is large or not to be read.
func (b *builder) copy(to, from string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.Size() > largestCopy {
		return unix.EFBIG
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return writeFile(File{Path: to, Data: data, Mode: uint32(info.Mode().Perm())})
}

// crossed reports whether the machine has a mount below the directory, which
// is named as it was before the box was entered.
func crossed(dir string) bool {
	for _, m := range mounts() {
		if m != dir && within(m, dir) {
			return true
		}
	}
	return false
}

// mounts returns where the machine has mounts. They are private to the
// supervisor, and change no more. It must be called before a box is entered.
var mounts = sync.OnceValue(func() []string {
	data, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil // then the kernel's own refusal says so
	}
	var all []string
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) > 4 {
			all = append(all, unescape.Replace(fields[4]))
		}
	}
	return all
})

// unescape undoes what the kernel does to paths in /proc (proc(5), mountinfo).
var unescape = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
