// Package sandbox keeps Linux namespaces: places with a network of their own,
// and processes that see nothing of the machine but what they were given.
//
// One program plays two parts. The caller re-executes itself as a supervisor,
// which is process 1 of new user, mount, network, process-id, ipc and uts
// namespaces; the two talk over a socket pair. When the caller ends, however it
// ends, the supervisor reads the end of the stream and exits, and the kernel
// then takes every process, mount and network device with it: nothing of a
// sandbox is ever on disk.
//
// The package decides nothing: it makes what a [Box] describes.
package sandbox

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// ErrUnavailable says that this machine has no sandbox to offer, and why.
var ErrUnavailable = errors.New("namespaces are not available")

// Kind says how a [Mount] shows the directories of the machine.
type Kind string

// The kinds of mounts.
const (
	Overlay  Kind = "overlay"  // the lower directories, merged; what is written dies with the process
	ReadOnly Kind = "readonly" // one file or directory, not to be written
	Writable Kind = "writable" // one file or directory of the machine itself: what is written stays
	Empty    Kind = "empty"    // a directory of its own in memory
)

// Mount is one directory (or, for binds, file) that a process sees.
type Mount struct {
	Target string   // absolute, as the process sees it
	Kind   Kind     // the zero Kind is Overlay
	Lowers []string // directories of the machine, the topmost first; one for binds, none for Empty
	Size   int64    // Empty only: bytes it may hold; 0 is as the box's Limits.Disk
}

// File is a file that is written before the process starts.
type File struct {
	Path string // absolute, as the process sees it
	Data []byte
	Mode uint32 // 0 is 0644
}

// Limits bound what one process and all it starts may take. Zero is the default.
type Limits struct {
	Processes int   // processes and threads together; default 1024, the kernel's minimum is 301
	Memory    int64 // bytes of resident memory; default no bound
	Disk      int64 // bytes that all that is written may take; default 1 GiB
	FileSize  int64 // bytes of the largest file; default no bound
}

// What a box may take where its Limits say nothing. The figures are ours: far
// above what an application in development takes, far below what hurts.
const (
	defaultProcesses = 1024
	defaultDisk      = 1 << 30
)

// Box describes a process and all that it sees.
type Box struct {
	Name   string   // the host name it sees
	Argv   []string // Argv[0] is looked up in the PATH of Env, inside the box
	Dir    string   // working directory; "" is "/"
	Env    []string // exactly these
	Mounts []Mount  // in this order; a later one covers an earlier
	Files  []File   // written over the mounts
	Hide   []string // paths removed from view, whatever supplies them
	Bare   bool     // without the machine's /usr, /etc, /opt and links: only Mounts
	User   int      // user and group id it runs as; 0 is root of the box
	Limits Limits

	Hosts  []byte // /etc/hosts; nil is localhost and the name itself
	Resolv []byte // /etc/resolv.conf; nil is an empty file, or with the machine's network the machine's
}

// Status is how a process ended.
type Status struct {
	Code     int            // exit status; 128+signal when a signal ended it
	Signal   syscall.Signal // 0 when it exited by itself
	Duration time.Duration  // from start to end
	Memory   int64          // bytes of resident memory at the peak, of the largest process
	Exceeded bool           // it was killed because it took more than Limits.Memory
}

// String is "exit status 1", "killed by SIGTERM" or the like.
func (s Status) String() string {
	switch {
	case s.Exceeded:
		return "killed: out of memory"
	case s.Signal != 0:
		return fmt.Sprintf("killed by signal %d (%s)", int(s.Signal), s.Signal)
	}
	return fmt.Sprintf("exit status %d", s.Code)
}

// StartError says which step of a start failed: it is the box that could not be
// made, or the program that could not be executed.
type StartError struct {
	Step  string // "exec /bin/api", "chdir /app", "mount /usr"
	Errno syscall.Errno
	Text  string // where Errno does not say it
}

// Error implements error.
func (e *StartError) Error() string {
	if e.Text != "" {
		return e.Step + ": " + e.Text
	}
	return e.Step + ": " + e.Errno.Error()
}

// Unwrap gives the system's error.
func (e *StartError) Unwrap() error {
	if e.Errno == 0 {
		return nil
	}
	return e.Errno
}

// Program reports whether it is the program that could not be executed (a
// container would end with status 127 or 126), not the box that failed.
func (e *StartError) Program() bool { return strings.HasPrefix(e.Step, "exec ") }

// lookup gives the value of name in a list of NAME=value, the last one counting
// as in execve's own readers.
func lookup(env []string, name string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if k, v, ok := strings.Cut(env[i], "="); ok && k == name {
			return v
		}
	}
	return ""
}

// Port is an address that a process of a node listens on.
type Port struct {
	Network string // tcp or udp
	Addr    netip.AddrPort
}

// Service is an address of the outside whose connections go to one of the
// endpoints, picked at random for each connection, as kube-proxy does. Without
// endpoints the connection is refused.
type Service struct {
	Network   string // tcp or udp
	Addr      netip.AddrPort
	Endpoints []netip.AddrPort
}
