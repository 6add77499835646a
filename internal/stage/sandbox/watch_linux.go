package sandbox

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// watchEvery is how often memory is measured.
const watchEvery = 20 * time.Millisecond

// watch kills a box that takes more memory than it may, as the kernel would a
// container: with SIGKILL, so that its status is 137. Control groups would do
// it sharper, but they need a directory that outlives a killed supervisor, and a
// right that few users have.
func (s *supervisor) watch() {
	page := int64(os.Getpagesize())
	for range time.Tick(watchEvery) {
		s.mu.Lock()
		var bounded []*process
		for _, p := range s.processes {
			select {
			case <-p.done:
			default:
				if p.memory > 0 {
					bounded = append(bounded, p)
				}
			}
		}
		s.mu.Unlock()
		for _, p := range bounded {
			if resident(p.pid)*page > p.memory {
				s.mu.Lock()
				select {
				case <-p.done:
				default:
					p.over = unix.Kill(p.pid, unix.SIGKILL) == nil
				}
				s.mu.Unlock()
			}
		}
	}
}

// resident gives the pages of a process and its descendants that are in memory
// and its own. A descendant whose parent ended belongs to process 1 of the box,
// so the tree is whole.
func resident(pid int) int64 {
	var sum int64
	if data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm"); err == nil {
		fields := strings.Fields(string(data))
		if len(fields) > 2 {
			rss, _ := strconv.ParseInt(fields[1], 10, 64)
			shared, _ := strconv.ParseInt(fields[2], 10, 64)
			sum = rss - shared
		}
	}
	children, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	for _, c := range children {
		data, _ := os.ReadFile(c)
		for _, field := range strings.Fields(string(data)) {
			if child, err := strconv.Atoi(field); err == nil {
				sum += resident(child)
			}
		}
	}
	return sum
}
