package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The bodies of the requests.
type (
	nodeBody struct {
		Node int
		IP   net.IP `json:",omitempty"`
	}
	socketBody struct{ Node, Family, Kind int }
	startBody  struct {
		Node int
		Box  Box
	}
	processBody struct {
		Process int
		Signal  int `json:",omitempty"`
	}
	layersBody struct{ Targets []string }
	portsBody  struct{ Ports []Port }
	helloBody  struct {
		Limits []string
		NAT    bool
	}
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

// supervisor is process 1 of a stage.
type supervisor struct {
	wire    *wire
	kernel  kernel
	hostNet bool
	home    *os.File // the outside's network namespace
	nat     *nat

	mu        sync.Mutex
	nodes     map[int]*node
	number    int // of the last node
	started   int // of the last process
	processes map[int]*process
	cables    sync.Mutex // one network change at a time
}

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

// supervise runs until the caller ends. fd is the supervisor's end of the socket pair.
func supervise(fd int, hostNet bool) error {
	f := os.NewFile(uintptr(fd), "caller")
	unix.CloseOnExec(fd)
	conn, err := net.FileConn(f)
	if err != nil {
		return err
	}
	f.Close()
	s := &supervisor{
		wire: &wire{conn: conn.(*net.UnixConn)}, kernel: probe(), hostNet: hostNet,
		nodes: map[int]*node{}, processes: map[int]*process{},
	}
	first := reply{}
	if err := s.prepare(); err != nil {
		first.Error = &wireError{Text: err.Error()}
	} else if first.Body, err = json.Marshal(helloBody{Limits: s.limits(), NAT: s.nat != nil}); err != nil {
		return err
	}
	if err := s.wire.send(first); err != nil {
		return err
	}
	go s.watch()
	for {
		var r request
		files, err := s.wire.receive(&r)
		if err != nil {
			return nil // the caller is gone; so is everything here once this process ends
		}
		go s.answer(r, files)
	}
}

func (s *supervisor) prepare() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	// The machine's /proc numbers processes otherwise than this namespace.
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	if s.hostNet {
		ns, err := here()
		s.home = ns
		s.nodes[0] = &node{ns: ns}
		return err
	}
	out, err := outside()
	if err != nil {
		return fmt.Errorf("network: %w", err)
	}
	s.home, s.nodes[0] = out.ns, out
	if s.nat, err = newNAT(); err != nil {
		s.nat = nil // said in limits
	}
	return nil
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

func (s *supervisor) answer(r request, files []*os.File) {
	body, out, err := s.do(r, files)
	for _, f := range files {
		f.Close()
	}
	answer := reply{ID: r.ID}
	if err == nil && body != nil {
		answer.Body, err = json.Marshal(body)
	}
	if err != nil {
		answer.Error = &wireError{Text: err.Error()}
		var start *StartError
		var errno syscall.Errno
		if errors.As(err, &start) {
			answer.Error = &wireError{Text: start.Text, Errno: start.Errno, Step: start.Step}
		} else if errors.As(err, &errno) {
			answer.Error.Errno = errno
		}
	}
	err = s.wire.send(answer, out...)
	for _, f := range out {
		if r.Op != "layers" { // those stay with their process
			f.Close()
		}
	}
	if err != nil {
		os.Exit(1) // half a message would confuse the caller: it sees the end of the stream instead
	}
}

// parse reads the body of a request.
func parse[T any](r request) (T, error) {
	var body T
	err := json.Unmarshal(r.Body, &body)
	return body, err
}

func (s *supervisor) do(r request, files []*os.File) (any, []*os.File, error) {
	switch r.Op {
	case "node":
		return s.addNode()
	case "close-node":
		body, err := parse[nodeBody](r)
		if err != nil {
			return nil, nil, err
		}
		return nil, nil, s.closeNode(body.Node)
	case "socket":
		body, err := parse[socketBody](r)
		if err != nil {
			return nil, nil, err
		}
		n, err := s.node(body.Node)
		if err != nil {
			return nil, nil, err
		}
		f, err := n.socket(s.home, body.Family, body.Kind)
		if err != nil {
			return nil, nil, err
		}
		return nil, []*os.File{f}, nil
	case "ports":
		body, err := parse[nodeBody](r)
		if err != nil {
			return nil, nil, err
		}
		n, err := s.node(body.Node)
		if err != nil {
			return nil, nil, err
		}
		ports, err := n.ports(s.home)
		return portsBody{ports}, nil, err
	case "start":
		body, err := parse[startBody](r)
		if err != nil {
			return nil, nil, err
		}
		p, err := s.start(body, files)
		return processBody{Process: p}, nil, err
	case "service":
		body, err := parse[Service](r)
		if err != nil {
			return nil, nil, err
		}
		if s.nat == nil {
			return nil, nil, errors.New("nftables is not available")
		}
		s.cables.Lock()
		defer s.cables.Unlock()
		return nil, nil, s.nat.set(body)
	}
	body, err := parse[processBody](r)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.process(body.Process)
	if err != nil {
		return nil, nil, err
	}
	switch r.Op {
	case "wait":
		<-p.done
		return p.status, nil, nil
	case "signal":
		select {
		case <-p.done:
			return nil, nil, nil
		default:
			return nil, nil, unix.Kill(p.pid, unix.Signal(body.Signal))
		}
	case "layers":
		var out layersBody
		var opened []*os.File
		for _, l := range p.layers {
			out.Targets = append(out.Targets, l.Target)
			opened = append(opened, l.file)
		}
		return out, opened, nil
	case "forget":
		s.mu.Lock()
		delete(s.processes, body.Process)
		s.mu.Unlock()
		for _, l := range p.layers {
			l.file.Close()
		}
		return nil, nil, nil
	}
	return nil, nil, fmt.Errorf("unknown request %q", r.Op)
}

func (s *supervisor) node(id int) (*node, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.nodes[id]; n != nil {
		return n, nil
	}
	return nil, fmt.Errorf("node %d is closed", id)
}

func (s *supervisor) process(id int) (*process, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.processes[id]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("process %d is forgotten", id)
}

func (s *supervisor) addNode() (any, []*os.File, error) {
	if s.hostNet {
		return nil, nil, errors.New("a stage on the machine's network has no nodes")
	}
	s.mu.Lock()
	s.number++
	number := s.number
	s.mu.Unlock()
	n, err := newNode(s.home, number)
	if err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	s.nodes[number] = n
	s.mu.Unlock()
	return nodeBody{Node: number, IP: n.ip}, nil, nil
}

func (s *supervisor) closeNode(id int) error {
	s.mu.Lock()
	n := s.nodes[id]
	delete(s.nodes, id)
	s.mu.Unlock()
	if n == nil || id == 0 {
		return nil
	}
	return n.close()
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
			b := &builder{box: body.Box, hostNet: s.hostNet}
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
	var ws unix.WaitStatus
	var usage unix.Rusage
	for {
		_, err := unix.Wait4(p.pid, &ws, 0, &usage)
		if err == unix.EINTR {
			continue
		}
		break
	}
	status := Status{Code: ws.ExitStatus(), Duration: time.Since(p.started), Memory: usage.Maxrss << 10}
	if ws.Signaled() {
		status.Signal = ws.Signal()
		status.Code = 128 + int(ws.Signal())
	}
	s.mu.Lock()
	status.Exceeded = p.over
	p.status = status
	close(p.done)
	s.mu.Unlock()
}
