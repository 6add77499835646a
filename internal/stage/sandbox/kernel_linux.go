package sandbox

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// minProcesses is the least that the kernel takes as pid_max in a namespace
// (RESERVED_PIDS + 1, kernel/pid.c).
const minProcesses = 301

// kernel is what this kernel offers.
type kernel struct {
	pidMax  bool // pid_max belongs to the process-id namespace (Linux 6.14)
	lastCap int
}

func probe() kernel {
	k := kernel{lastCap: unix.CAP_LAST_CAP}
	if data, err := os.ReadFile("/proc/sys/kernel/cap_last_cap"); err == nil {
		if n, err := strconv.Atoi(strings.TrimSpace(string(data))); err == nil {
			k.lastCap = n
		}
	}
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		var major, minor int
		_, _ = fmt.Sscanf(unix.ByteSliceToString(u.Release[:]), "%d.%d", &major, &minor)
		k.pidMax = major > 6 || major == 6 && minor >= 14
	}
	return k
}

// limits says in words what is not in force here.
func (s *supervisor) limits() []string {
	var out []string
	if s.nat == nil && !s.hostNet {
		out = append(out, "nftables is not available: a Service whose port nobody listens on accepts and closes instead of refusing")
	}
	if !s.kernel.pidMax {
		if os.Getuid() == 0 && !nested() {
			out = append(out, "the number of processes is not bounded: the kernel is older than 6.14 and root is exempt from RLIMIT_NPROC")
		} else {
			out = append(out, "the number of processes is bounded for all replicas together (RLIMIT_NPROC), not for each")
		}
	}
	if nested() {
		out = append(out, "without root, a replica cannot change the machine's files below /usr, /etc and /opt where root in a container could")
	}
	if _, err := os.Stat("/proc/thread-self/children"); err != nil {
		out = append(out, "memory is bounded for the first process of a replica only: the kernel does not list children")
	}
	out = append(out, "memory is bounded by watching (every 20 ms), not by a control group")
	return out
}

// nested reports whether root here is another user on the machine.
func nested() bool {
	data, err := os.ReadFile("/proc/self/uid_map")
	fields := strings.Fields(string(data))
	return err == nil && len(fields) == 3 && fields[1] != "0"
}
