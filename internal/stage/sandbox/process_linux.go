package sandbox

import (
	"errors"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// process is process 1 of a box, by its id in the supervisor's namespace.
type process struct {
	pid     int
	started time.Time
	layers  []layer
	memory  int64
	over    bool // guarded by supervisor.mu
	done    chan struct{}
	status  Status
}

// start makes a box and its process on a thread that ends with it.
func (s *supervisor) start(body startBody, files []*os.File) (int, error) {
	n, err := s.node(body.Node)
	if err != nil {
		return 0, err
	}
	if len(files) != 3 {
		return 0, errors.New("a process needs three files")
	}
	p := &process{done: make(chan struct{}), memory: body.Box.Limits.Memory}
	if body.Box.Limits.Processes == 0 {
		body.Box.Limits.Processes = defaultProcesses
	}
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread has another root
		result <- func() error {
			b := &builder{box: body.Box, hostNet: s.hostNet, placed: map[int]bool{}}
			if err := b.build(); err != nil {
				return err
			}
			p.layers = b.written
			program, err := b.program()
			if err != nil {
				return err
			}
			if n.ns != s.home {
				if err := unix.Setns(int(n.ns.Fd()), unix.CLONE_NEWNET); err != nil {
					return step("enter network", err)
				}
			}
			script := b.finish(program, s.kernel, [3]uintptr{files[0].Fd(), files[1].Fd(), files[2].Fd()})
			p.started = time.Now()
			p.pid, err = spawn(unix.CLONE_NEWPID|unix.CLONE_NEWIPC|unix.CLONE_NEWUTS, script)
			return err
		}()
	}()
	if err := <-result; err != nil {
		for _, l := range p.layers {
			if l.file != nil {
				l.file.Close()
			}
		}
		return 0, err
	}
	s.mu.Lock()
	s.started++
	id := s.started
	s.processes[id] = p
	s.mu.Unlock()
	go s.reap(p)
	return id, nil
}

// reap waits for the process; with it, as process 1, end all that it started.
func (s *supervisor) reap(p *process) {
	// Wait without reaping first: until it is reaped under the lock, its number is
	// no other process's, and a signal cannot go astray.
	for unix.Waitid(unix.P_PID, p.pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var ws unix.WaitStatus
	var usage unix.Rusage
	for {
		if _, err := unix.Wait4(p.pid, &ws, 0, &usage); err != unix.EINTR {
			break
		}
	}
	p.status = Status{Code: ws.ExitStatus(), Duration: time.Since(p.started), Memory: usage.Maxrss << 10, Exceeded: p.over}
	if ws.Signaled() {
		p.status.Signal = ws.Signal()
		p.status.Code = 128 + int(ws.Signal())
	}
	close(p.done)
}
