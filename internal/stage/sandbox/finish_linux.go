package sandbox

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// seal lets go of what only the building needed: the upper layers are held by
// the overlays from here on.
func (b *builder) seal() error {
	for i := range b.written {
		f, err := os.Open(b.written[i].dir)
		if err != nil {
			return step("open upper layer", err)
		}
		b.written[i].file = f
	}
	if err := unix.Unmount(b.store, unix.MNT_DETACH); err != nil {
		return step("unmount store", err)
	}
	return step("remove store", os.Remove(b.store))
}

// program finds the program as execve in the box would, and says so as a shell would.
func (b *builder) program() (string, error) {
	if len(b.box.Argv) == 0 || b.box.Argv[0] == "" {
		return "", &StartError{Step: "exec", Text: "no command"}
	}
	name := b.box.Argv[0]
	if strings.Contains(name, "/") {
		return name, nil // execve itself says what is wrong with it
	}
	for _, dir := range filepath.SplitList(lookup(b.box.Env, "PATH")) {
		if dir == "" {
			dir = "."
		}
		if !path.IsAbs(dir) {
			dir = path.Join(b.box.Dir, dir)
		}
		file := path.Join(dir, name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return file, nil
		}
	}
	return "", &StartError{Step: "exec " + name, Text: exec.ErrNotFound.Error()}
}

// kept are the capabilities that a container has unless its definition says
// otherwise (moby, profiles of the default Linux capabilities).
var kept = []int{
	unix.CAP_CHOWN, unix.CAP_DAC_OVERRIDE, unix.CAP_FSETID, unix.CAP_FOWNER, unix.CAP_MKNOD,
	unix.CAP_NET_RAW, unix.CAP_SETGID, unix.CAP_SETUID, unix.CAP_SETFCAP, unix.CAP_SETPCAP,
	unix.CAP_NET_BIND_SERVICE, unix.CAP_SYS_CHROOT, unix.CAP_KILL, unix.CAP_AUDIT_WRITE,
}

// masked are the parts of /proc through which root could change the machine
// (OCI runtime specification, readonlyPaths of the default container).
var masked = []string{"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs"}

// finish writes the script of the child, process 1 of the box: what can only be
// done in the new process-id namespace, and then the program.
func (b *builder) finish(program string, k kernel, stdio [3]uintptr) *script {
	s := &script{}
	box := b.box
	s.add("setsid", unix.SYS_SETSID)
	if box.Name != "" {
		s.add("sethostname "+box.Name, unix.SYS_SETHOSTNAME, box.Name, len(box.Name))
	}
	s.add("mount /proc", unix.SYS_MOUNT, "proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, 0)
	if k.pidMax {
		open, put := s.write("/proc/sys/kernel/pid_max", strconv.Itoa(max(box.Limits.Processes, minProcesses)))
		open.soft, put.soft = true, true
	}
	for _, p := range masked {
		s.add("protect "+p, unix.SYS_MOUNT, p, p, 0, unix.MS_BIND|unix.MS_REC, 0).soft = true
		s.add("protect "+p, unix.SYS_MOUNT, 0, p, 0, unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, 0).soft = true
	}
	s.add("unmount old root", unix.SYS_UMOUNT2, b.old, unix.MNT_DETACH)
	s.add("remove old root", unix.SYS_UNLINKAT, cwd, b.old, unix.AT_REMOVEDIR)
	dir := box.Dir
	if dir == "" {
		dir = "/"
	}
	s.add("chdir "+dir, unix.SYS_CHDIR, dir)
	for i, fd := range stdio {
		s.add(fmt.Sprintf("dup %d", i), unix.SYS_DUP3, fd, i, 0)
	}
	s.add("close_range", unix.SYS_CLOSE_RANGE, 3, int(^uint32(0)), unix.CLOSE_RANGE_CLOEXEC).soft = true
	s.limit(unix.RLIMIT_CORE, 0, 0)
	if box.Limits.FileSize > 0 {
		s.limit(unix.RLIMIT_FSIZE, uint64(box.Limits.FileSize), uint64(box.Limits.FileSize))
	}
	if !k.pidMax {
		n := uint64(max(box.Limits.Processes, minProcesses))
		s.limit(unix.RLIMIT_NPROC, n, n)
	}
	s.privileges(k)
	if box.User != 0 {
		s.user(box.User)
	}
	s.add("unmask signals", unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, make([]byte, 8), 0, 8)
	argv, env := pointers(box.Argv), pointers(box.Env)
	s.add("exec "+box.Argv[0], unix.SYS_EXECVE, program, argv, env)
	return s
}

func (s *script) limit(resource int, soft, hard uint64) {
	s.add("setrlimit", unix.SYS_PRLIMIT64, 0, resource, &unix.Rlimit{Cur: soft, Max: hard}, 0)
}

// privileges gives up what an application in a container does not have.
func (s *script) privileges(k kernel) {
	keep := map[int]bool{}
	var data [2]unix.CapUserData
	for _, c := range kept {
		keep[c] = true
		data[c/32].Permitted |= 1 << (c % 32)
	}
	for c := 0; c <= k.lastCap; c++ {
		if !keep[c] {
			s.add("drop capability", unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, c, 0, 0, 0)
		}
	}
	for i := range data {
		data[i].Effective = data[i].Permitted
	}
	s.add("capset", unix.SYS_CAPSET, &unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, data[:])
	s.add("no_new_privs", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
}

// user makes the process another user than root, in a user namespace in which
// that user is the owner of the stage's files.
func (s *script) user(id int) {
	s.add("unshare user", unix.SYS_UNSHARE, unix.CLONE_NEWUSER)
	_, put := s.write("/proc/self/setgroups", "deny")
	put.soft = true // denied already
	s.write("/proc/self/uid_map", fmt.Sprintf("%d 0 1", id))
	s.write("/proc/self/gid_map", fmt.Sprintf("%d 0 1", id))
}

// pointers makes a list as execve takes it.
func pointers(list []string) []*byte {
	out := make([]*byte, 0, len(list)+1)
	for _, item := range list {
		p, err := syscall.BytePtrFromString(item)
		if err != nil {
			continue // a NUL: Box.check refused it before
		}
		out = append(out, p)
	}
	return append(out, nil)
}
