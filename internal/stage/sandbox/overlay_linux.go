package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// overlay merges directories, with an upper layer in memory.
func (b *builder) overlay(target string, sources []string) error {
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	if len(sources) == 0 {
		return nil
	}
	if len(sources) == 1 && crossed(sources[0]) {
		return b.patchwork(target, sources[0])
	}
	b.layers++
	upper := fmt.Sprintf("%s/%d", b.store, b.layers)
	work := upper + ".work"
	for _, dir := range []string{upper, work} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
	}
	lowers := make([]string, len(sources))
	for i, s := range sources {
		info, err := os.Stat(b.old + s)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			return fmt.Errorf("%s is not a directory", s)
		}
		if i == 0 { // the merged root shows the upper layer's mode
			if err := os.Chmod(upper, info.Mode()); err != nil {
				return err
			}
		}
		lowers[i] = escape.Replace(b.old + s)
	}
	if err := b.foresee(target, upper, sources); err != nil {
		return err
	}
	data := "userxattr,lowerdir=" + strings.Join(lowers, ":") + ",upperdir=" + upper + ",workdir=" + work
	if len(data) >= os.Getpagesize() {
		return fmt.Errorf("%d layers are too many for one mount", len(sources))
	}
	if err := unix.Mount("rehearse", target, "overlay", unix.MS_NOSUID|unix.MS_NODEV, data); err != nil {
		return err
	}
	b.written = append(b.written, layer{Target: target, dir: upper})
	return nil
}

// escape quotes what separates options and layers in overlayfs' mount options
// (kernel documentation, filesystems/overlayfs).
var escape = strings.NewReplacer(`\`, `\\`, ":", `\:`, ",", `\,`)

// within reports whether p is dir or below it.
func within(p, dir string) bool {
	return p == dir || strings.HasPrefix(p, strings.TrimSuffix(dir, "/")+"/")
}

// foresee puts into the upper layer, before an overlay is mounted, what is to
// change in it: whiteouts for what is to be hidden (one device stands for a whole
// directory), the directories of later mounts, and files. In the mounted overlay
// that would need rights over the machine's directories, which only root has.
// What cannot be foreseen, because a link is on the way, is done there all the same.
func (b *builder) foresee(target, upper string, sources []string) error {
	rel := func(p string) (string, bool) {
		p = b.straight(path.Clean(p))
		return strings.TrimPrefix(strings.TrimPrefix(p, target), "/"), p != target && within(p, target)
	}
	for _, p := range b.box.Hide {
		if r, ok := rel(p); ok && b.parents(upper, path.Dir(r), sources, false) {
			// A character device 0/0 is a whiteout (kernel documentation, filesystems/overlayfs).
			_ = unix.Mknod(path.Join(upper, r), unix.S_IFCHR, 0)
		}
	}
	dirs := []string{lookup(b.box.Env, "HOME"), b.box.Dir}
	for _, m := range b.box.Mounts {
		dirs = append(dirs, path.Dir(path.Clean(m.Target)))
		if m.Kind == Overlay || m.Kind == Empty || m.Kind == "" {
			dirs = append(dirs, m.Target)
		}
	}
	for _, p := range dirs {
		if r, ok := rel(p); ok {
			b.parents(upper, r, sources, true)
		}
	}
	for i, f := range b.box.Files {
		r, ok := rel(f.Path)
		if !ok || !b.parents(upper, path.Dir(r), sources, true) {
			continue
		}
		f.Path = path.Join(upper, r)
		if err := writeFile(f); err != nil {
			return err
		}
		b.placed[i] = true
	}
	return nil
}

// straight replaces a link at the top of the root (/bin → usr/bin) by what it names.
func (b *builder) straight(p string) string {
	first, rest, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	if to, err := os.Readlink("/" + first); err == nil {
		return path.Join("/", to, rest)
	}
	return p
}

// parents makes the directory rel in the upper layer with the modes of the lower
// ones, and reports whether it could: a link on the way is left for later. With
// missing, a directory that no lower layer has is made too.
func (b *builder) parents(upper, rel string, sources []string, missing bool) bool {
	if rel == "." || rel == "" {
		return true
	}
	if !b.parents(upper, path.Dir(rel), sources, missing) {
		return false
	}
	dir := path.Join(upper, rel)
	if info, err := os.Lstat(dir); err == nil {
		return info.IsDir() // made before; or a whiteout
	}
	for _, s := range sources {
		info, err := os.Lstat(path.Join(b.old+s, rel))
		if err != nil {
			continue
		}
		return info.IsDir() && os.Mkdir(dir, 0o755) == nil && os.Chmod(dir, info.Mode()) == nil
	}
	return missing && os.Mkdir(dir, 0o755) == nil
}

// hide removes a path from view. In an overlay that leaves whiteouts in the
// upper layer: the machine's own file is untouched. In a bind it would be the
// machine's, so that is refused.
func (b *builder) hide(p string) error {
	real, err := filepath.EvalSymlinks(path.Dir(p))
	if err == nil {
		p = path.Join(real, path.Base(p))
		_, err = os.Lstat(p)
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, m := range b.box.Mounts {
		if t := path.Clean(m.Target); (m.Kind == Writable || m.Kind == ReadOnly) && (within(p, t) || within(t, p)) {
			return fmt.Errorf("%s is the machine's own directory, not a copy: leave that mount out instead", t)
		}
	}
	return os.RemoveAll(p)
}
