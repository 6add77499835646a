package sandbox

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// builder makes the root of a box on a thread with mounts and a root of its own.
// After enter, "/" is the new root, old holds the machine's, and store the upper
// layers; both names are random, so that no link inside a project can name them.
type builder struct {
	box        Box
	hostNet    bool
	old, store string
	layers     int
	placed     map[int]bool // files of the box that stand in an upper layer
	written    []layer      // where what the box writes can be read
}

// layer is one place that keeps what a box wrote.
type layer struct {
	Target string
	dir    string
	file   *os.File
}

// step wraps a failure with what was being done.
func step(name string, err error) error {
	if err == nil {
		return nil
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return &StartError{Step: name, Errno: errno}
	}
	return &StartError{Step: name, Text: err.Error()}
}

// build does everything that can be done before the process-id namespace exists.
func (b *builder) build() error {
	resolved, err := b.resolve()
	if err != nil {
		return err
	}
	if err := b.enter(); err != nil {
		return err
	}
	if err := b.links(); err != nil {
		return err
	}
	for i, m := range b.box.Mounts {
		if err := b.mount(m, resolved[i]); err != nil {
			return err
		}
	}
	if err := b.skeleton(); err != nil {
		return err
	}
	for _, p := range b.box.Hide {
		if err := b.hide(p); err != nil {
			return step("hide "+p, err)
		}
	}
	for i, f := range b.box.Files {
		if _, err := os.Lstat(f.Path); b.placed[i] && err == nil {
			continue
		}
		if err := writeFile(f); err != nil {
			return step("write "+f.Path, err)
		}
	}
	return b.seal()
}

// resolve follows the links of the sources while the machine's root is still "/".
func (b *builder) resolve() ([][]string, error) {
	mounts()
	resolved := make([][]string, len(b.box.Mounts))
	for i, m := range b.box.Mounts {
		if !path.IsAbs(m.Target) {
			return nil, &StartError{Step: "mount " + m.Target, Text: "the target is not absolute"}
		}
		for _, l := range m.Lowers {
			real, err := filepath.EvalSymlinks(l)
			if err == nil {
				real, err = filepath.Abs(real)
			}
			if err != nil {
				return nil, step("mount "+m.Target, err)
			}
			resolved[i] = append(resolved[i], real)
		}
	}
	if b.hostNet && b.box.Resolv == nil {
		// Often a link into /run, which the box does not have.
		if data, err := os.ReadFile("/etc/resolv.conf"); err == nil {
			b.box.Resolv = data
		}
	}
	return resolved, nil
}

// enter gives the thread a root of its own in memory.
func (b *builder) enter() error {
	if err := unix.Unshare(unix.CLONE_NEWNS | unix.CLONE_FS); err != nil {
		return step("unshare mounts", err)
	}
	disk := b.box.Limits.Disk
	if disk <= 0 {
		disk = defaultDisk
	}
	options := fmt.Sprintf("mode=0755,size=%d", disk)
	// Any directory will do: pivot_root takes the mount away from it again.
	base := "/tmp"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = "/usr"
	}
	if err := unix.Mount("rehearse", base, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		return step("mount root", err)
	}
	if err := unix.Chdir(base); err != nil {
		return step("chdir root", err)
	}
	suffix := strings.ToLower(rand.Text())
	b.old, b.store = "/.old-"+suffix, "/.store-"+suffix
	if err := unix.Mkdir(b.old[1:], 0o700); err != nil {
		return step("mkdir old root", err)
	}
	if err := unix.PivotRoot(".", b.old[1:]); err != nil {
		return step("pivot_root", err)
	}
	if err := unix.Chdir("/"); err != nil {
		return step("chdir root", err)
	}
	if err := unix.Mkdir(b.store, 0o700); err != nil {
		return step("mkdir store", err)
	}
	if err := unix.Mount("rehearse", b.store, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		return step("mount store", err)
	}
	return nil
}

// machine lists what a box sees of the machine: programs and libraries, and no
// one's files. /nix and /gnu are where some systems keep all programs.
var machine = []struct {
	path string
	kind Kind
}{
	{"bin", Overlay}, {"sbin", Overlay},
	{"lib", Overlay}, {"lib32", Overlay}, {"lib64", Overlay}, {"libx32", Overlay},
	{"usr", Overlay}, {"etc", Overlay}, {"opt", Overlay},
	{"nix", ReadOnly}, {"gnu", ReadOnly},
}

// links brings the machine's programs into view, and its top-level links as they are.
func (b *builder) links() error {
	if b.box.Bare {
		return nil
	}
	for _, m := range machine {
		host := b.old + "/" + m.path
		info, err := os.Lstat(host)
		if err != nil {
			continue
		}
		if info.Mode()&os.ModeSymlink != 0 {
			to, err := os.Readlink(host)
			if err == nil {
				err = os.Symlink(to, "/"+m.path)
			}
			if err != nil {
				return step("link /"+m.path, err)
			}
			continue
		}
		if err := b.mount(Mount{Target: "/" + m.path, Kind: m.kind}, []string{"/" + m.path}); err != nil {
			return err
		}
	}
	return nil
}

// mount shows resolved directories of the machine at the target.
func (b *builder) mount(m Mount, sources []string) error {
	target := path.Clean(m.Target)
	for i, f := range b.box.Files { // a mount covers what was written below it
		if within(b.straight(path.Clean(f.Path)), target) {
			b.placed[i] = false
		}
	}
	fail := func(err error) error { return step("mount "+target, err) }
	switch m.Kind {
	case Empty:
		if err := os.MkdirAll(target, 0o755); err != nil {
			return fail(err)
		}
		if m.Size == 0 {
			m.Size = max(b.box.Limits.Disk, 0)
		}
		if m.Size == 0 {
			m.Size = defaultDisk
		}
		return fail(unix.Mount("rehearse", target, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, fmt.Sprintf("mode=1777,size=%d", m.Size)))
	case ReadOnly, Writable:
		if len(sources) != 1 {
			return fail(fmt.Errorf("a %s mount has one source, not %d", m.Kind, len(sources)))
		}
		return fail(b.bind(b.old+sources[0], target, m.Kind == ReadOnly))
	case Overlay, "":
		return fail(b.overlay(target, sources))
	}
	return fail(fmt.Errorf("unknown kind of mount %q", m.Kind))
}

// bind shows one file or directory of the machine.
func (b *builder) bind(source, target string, readonly bool) error {
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	if info.IsDir() {
		err = os.MkdirAll(target, 0o755)
	} else if err = os.MkdirAll(path.Dir(target), 0o755); err == nil {
		var f *os.File
		if f, err = os.OpenFile(target, os.O_CREATE|os.O_RDONLY, 0o644); err == nil {
			err = f.Close()
		}
	}
	if err != nil {
		return err
	}
	if err := unix.Mount(source, target, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return err
	}
	if !readonly {
		return nil
	}
	attr := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}
	if err := unix.MountSetattr(unix.AT_FDCWD, target, unix.AT_RECURSIVE, &attr); err != unix.ENOSYS {
		return err
	}
	// Before Linux 5.12; the flags that the machine's mount has are locked and must be repeated.
	var fs unix.Statfs_t
	if err := unix.Statfs(target, &fs); err != nil {
		return err
	}
	locked := uintptr(fs.Flags) & (unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC | unix.MS_NOATIME | unix.MS_NODIRATIME | unix.MS_RELATIME)
	return unix.Mount("", target, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY|locked, "")
}

// devices are the nodes of /dev that every container has (OCI runtime
// specification, config-linux, "Default Devices").
var devices = []string{"null", "zero", "full", "random", "urandom", "tty"}

// skeleton makes what every system has and no one supplies: /tmp, /dev, a home.
func (b *builder) skeleton() error {
	for _, d := range []struct {
		path string
		mode os.FileMode
	}{
		{"/tmp", 0o777 | os.ModeSticky}, {"/run", 0o755}, {"/var/tmp", 0o777 | os.ModeSticky},
		{"/var/log", 0o755}, {"/var/lib", 0o755}, {"/var/cache", 0o755}, {"/root", 0o700},
		{"/proc", 0o555}, {"/dev/shm", 0o777 | os.ModeSticky}, {"/dev/pts", 0o755}, {"/etc", 0o755},
	} {
		if _, err := os.Stat(d.path); err == nil {
			continue // a mount of the caller's
		}
		if err := os.MkdirAll(d.path, 0o755); err != nil {
			return step("mkdir "+d.path, err)
		}
		if err := os.Chmod(d.path, d.mode); err != nil {
			return step("mkdir "+d.path, err)
		}
	}
	for _, dir := range []string{lookup(b.box.Env, "HOME"), b.box.Dir} {
		if path.IsAbs(dir) {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return step("mkdir "+dir, err)
			}
		}
	}
	for _, name := range devices {
		if err := b.bind(b.old+"/dev/"+name, "/dev/"+name, false); err != nil {
			return step("mount /dev/"+name, err)
		}
	}
	// A terminal is rare and some kernels have none to give: then there is none.
	if unix.Mount("devpts", "/dev/pts", "devpts", unix.MS_NOSUID|unix.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620") == nil {
		_ = os.Symlink("pts/ptmx", "/dev/ptmx")
	}
	for name, to := range map[string]string{"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"} {
		if err := os.Symlink(to, "/dev/"+name); err != nil && !errors.Is(err, os.ErrExist) {
			return step("link /dev/"+name, err)
		}
	}
	if _, err := os.Lstat("/var/run"); errors.Is(err, os.ErrNotExist) {
		_ = os.Symlink("/run", "/var/run")
	}
	return b.names()
}

// names writes the files from which names are looked up.
func (b *builder) names() error {
	hosts := b.box.Hosts
	if hosts == nil {
		hosts = []byte("127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n")
		if b.box.Name != "" {
			hosts = append(hosts, "127.0.1.1 "+b.box.Name+"\n"...)
		}
	}
	for _, f := range []File{
		{Path: "/etc/hosts", Data: hosts},
		{Path: "/etc/resolv.conf", Data: b.box.Resolv},
		{Path: "/etc/hostname", Data: []byte(b.box.Name + "\n")},
	} {
		if err := writeFile(f); err != nil {
			return step("write "+f.Path, err)
		}
	}
	return nil
}

func writeFile(f File) error {
	if err := os.MkdirAll(path.Dir(f.Path), 0o755); err != nil {
		return err
	}
	mode := os.FileMode(f.Mode)
	if mode == 0 {
		mode = 0o644
	}
	// Another's file can be replaced where it could not be written to.
	if info, err := os.Lstat(f.Path); err == nil && !info.IsDir() && os.Remove(f.Path) != nil {
		return os.WriteFile(f.Path, f.Data, mode)
	}
	if err := os.WriteFile(f.Path, f.Data, mode); err != nil {
		return err
	}
	return os.Chmod(f.Path, mode)
}
