package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"

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
	unix.Umask(0o022) // as in a container, whatever the caller's is
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
		s.mu.Lock()
		defer s.mu.Unlock()
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
