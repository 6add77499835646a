package sandbox

import (
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// call is one system call of the short program that a forked child runs before
// it becomes the application. It is data, because a child of a Go process may do
// nothing but raw system calls: its runtime has one thread of many.
type call struct {
	trap  uintptr
	args  [5]uintptr
	last  bool // args[0] is the result of the call before
	soft  bool // a failure does not matter
	step  string
	alive any // what the arguments point to
}

// script collects calls.
type script struct{ calls []call }

func (s *script) add(step string, trap uintptr, args ...any) *call {
	c := call{trap: trap, step: step}
	var alive []any
	for i, a := range args {
		switch a := a.(type) {
		case int:
			c.args[i] = uintptr(a)
		case uintptr:
			c.args[i] = a
		case string:
			p := append([]byte(a), 0)
			c.args[i] = uintptr(unsafe.Pointer(&p[0]))
			alive = append(alive, p)
		case []byte:
			c.args[i] = uintptr(unsafe.Pointer(&a[0]))
			alive = append(alive, a)
		case []*byte:
			c.args[i] = uintptr(unsafe.Pointer(&a[0]))
			alive = append(alive, a)
		case *unix.Rlimit:
			c.args[i] = uintptr(unsafe.Pointer(a))
			alive = append(alive, a)
		case []unix.CapUserData:
			c.args[i] = uintptr(unsafe.Pointer(&a[0]))
			alive = append(alive, a)
		case *unix.CapUserHeader:
			c.args[i] = uintptr(unsafe.Pointer(a))
			alive = append(alive, a)
		default:
			panic("script: unknown kind of argument")
		}
	}
	c.alive = alive
	s.calls = append(s.calls, c)
	return &s.calls[len(s.calls)-1]
}

// cwd is AT_FDCWD as an argument.
var cwd = func() uintptr { n := unix.AT_FDCWD; return uintptr(n) }()

// write puts data into an existing file.
func (s *script) write(path, data string) (open, put *call) {
	s.add("open "+path, unix.SYS_OPENAT, cwd, path, unix.O_WRONLY|unix.O_CLOEXEC)
	s.add("write "+path, unix.SYS_WRITE, 0, []byte(data), len(data)).last = true
	n := len(s.calls)
	return &s.calls[n-2], &s.calls[n-1]
}

// spawn forks a child with the given namespaces of its own; the child runs the
// script, whose last call must not return (execve). It gives the child's process
// id, or what failed. The calling thread must be locked, and the child inherits
// what is the thread's own: mounts, root, network, capabilities.
func spawn(flags uintptr, s *script) (int, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer read.Close()
	report := make([]uint32, 2)
	place := uintptr(unsafe.Pointer(&report[0]))
	fd := write.Fd()

	// While the child is one thread with the parent's handlers, no signal may reach it.
	var all, old unix.Sigset_t
	for i := range all.Val {
		all.Val[i] = ^all.Val[i]
	}
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &all, &old); err != nil {
		write.Close()
		return 0, err
	}
	syscall.ForkLock.Lock()
	pid, errno := fork(flags, s.calls, place, report, fd)
	syscall.ForkLock.Unlock()
	unmask := unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil)
	runtime.KeepAlive(s)
	write.Close()
	if errno != 0 {
		return 0, &StartError{Step: "fork", Errno: errno}
	}
	var answer [8]byte
	n, _ := read.Read(answer[:]) // the end of the file is success: the pipe closes on exec
	if n == len(answer) {
		got := (*[2]uint32)(unsafe.Pointer(&answer))
		var ws unix.WaitStatus
		for {
			if _, err := unix.Wait4(int(pid), &ws, 0, nil); err != unix.EINTR {
				break
			}
		}
		return 0, &StartError{Step: s.calls[got[0]].step, Errno: syscall.Errno(got[1])}
	}
	return int(pid), unmask
}

// fork is the part that runs in the child. It must not grow the stack, call into
// the runtime, or be watched by the race detector, exactly as
// syscall.forkAndExecInChild of the standard library.
//
//go:nosplit
//go:norace
//go:nocheckptr
//go:noinline
func fork(flags uintptr, calls []call, place uintptr, report []uint32, fd uintptr) (uintptr, syscall.Errno) {
	pid, _, errno := syscall.RawSyscall6(syscall.SYS_CLONE, flags|uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
	if errno != 0 || pid != 0 {
		return pid, errno
	}
	var last uintptr
	for i := 0; i < len(calls); i++ {
		c := &calls[i]
		first := c.args[0]
		if c.last {
			first = last
		}
		r, _, e := syscall.RawSyscall6(c.trap, first, c.args[1], c.args[2], c.args[3], c.args[4], 0)
		if e != 0 && !c.soft {
			report[0], report[1] = uint32(i), uint32(e)
			syscall.RawSyscall(syscall.SYS_WRITE, fd, place, 8)
			break
		}
		last = r
	}
	for {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 127, 0, 0)
	}
}
