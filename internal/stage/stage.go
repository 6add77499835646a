// Package stage makes an environment real on this machine: processes that see
// exactly the variables, files, names and network that they are given, and
// nothing of the machine beside its programs.
//
// On Linux it needs neither root nor a daemon: see [rehearse/internal/stage/sandbox].
// Where namespaces are forbidden, and on other systems, a plainer stage starts
// processes with a clean environment on the machine's loopback, and Limits says
// what it cannot rehearse.
//
// A stage plays; it does not judge. Several nodes and processes may stand on it
// at once, and its methods may be called from several goroutines. When the
// program that opened it ends, however it ends, all of it is gone.
package stage

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"sync"

	"rehearse/internal/stage/sandbox"
)

// Enter must be called first thing in main and in TestMain: a stage re-executes
// the program, and Enter does not return in what was re-executed.
func Enter() { sandbox.Enter() }

// What a replica is made of; see the sandbox's documentation of each.
type (
	Mount      = sandbox.Mount
	File       = sandbox.File
	Limits     = sandbox.Limits
	Status     = sandbox.Status
	Port       = sandbox.Port
	StartError = sandbox.StartError
)

// The kinds of mounts.
const (
	Overlay  = sandbox.Overlay
	ReadOnly = sandbox.ReadOnly
	Writable = sandbox.Writable
	Empty    = sandbox.Empty
)

// Options say what stage to open. The zero value is the best that the machine offers.
type Options struct {
	Plain       bool // without namespaces, although the machine may have them
	HostNetwork bool // on the machine's own network; for building only, since it has the internet
}

// Stage is an open stage.
type Stage struct {
	box     *sandbox.Client // nil on a plain stage
	limits  []string
	folder  string // plain stage: copies of working directories
	outside *Node

	mu       sync.Mutex
	address  int
	running  map[*Process]struct{}
	number   int
	closed   bool
	services map[*Service]struct{}
	done     chan struct{}
}

// errClosed is what every call on a closed stage gives.
var errClosed = errors.New("the stage is closed")

// Open opens a stage. It is an error only where not even a plain one can be had;
// where namespaces are missing, Plain reports it and Limits gives the reason.
func Open(ctx context.Context, o Options) (*Stage, error) {
	s := &Stage{running: map[*Process]struct{}{}, services: map[*Service]struct{}{}, done: make(chan struct{})}
	reason := "it was asked for"
	if !o.Plain {
		box, err := sandbox.Open(ctx, o.HostNetwork)
		if err == nil {
			s.box, s.limits = box, box.Limits
			s.outside = &Node{stage: s, name: "outside", addr: netip.MustParseAddr("10.77.0.1")}
			if o.HostNetwork {
				s.outside.addr = netip.MustParseAddr("127.0.0.1")
			}
			go func() { <-box.Done(); close(s.done) }()
			return s, nil
		}
		if !errors.Is(err, sandbox.ErrUnavailable) {
			return nil, fmt.Errorf("open stage: %w", err)
		}
		reason = err.Error()
	}
	folder, err := os.MkdirTemp("", "rehearse-stage-")
	if err == nil {
		folder, err = filepath.EvalSymlinks(folder)
	}
	if err != nil {
		return nil, fmt.Errorf("open stage: %w", err)
	}
	s.folder, s.limits = folder, plainLimits(reason)
	s.outside = &Node{stage: s, name: "outside", addr: netip.MustParseAddr("127.0.0.1")}
	return s, nil
}

// Plain reports whether the stage is the plainer one, without namespaces.
func (s *Stage) Plain() bool { return s.box == nil }

// Limits says in words what this stage cannot rehearse or bound.
func (s *Stage) Limits() []string { return append([]string(nil), s.limits...) }

// Outside is the place from which requests come: the internet of the stage, and
// the router between its nodes.
func (s *Stage) Outside() *Node { return s.outside }

// Done is closed when the stage has ended, by Close or because its supervisor was killed.
func (s *Stage) Done() <-chan struct{} { return s.done }

// Close ends every process and takes everything of the stage away.
func (s *Stage) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		<-s.done
		return nil
	}
	s.closed = true
	var running []*Process
	for p := range s.running {
		running = append(running, p)
	}
	s.mu.Unlock()
	if s.box != nil {
		err := s.box.Close()
		<-s.done
		for _, p := range running {
			<-p.done
		}
		return err
	}
	var err error
	for _, p := range running {
		err = errors.Join(err, p.Kill())
		<-p.done
	}
	close(s.done)
	return errors.Join(err, os.RemoveAll(s.folder))
}

// Node makes a place with a network of its own: loopback, and an address at
// which the others and the outside reach it. On a plain stage all nodes are the
// machine's loopback.
func (s *Stage) Node(ctx context.Context, name string) (*Node, error) {
	if s.box == nil {
		return &Node{stage: s, name: name, addr: s.outside.addr}, nil
	}
	id, addr, err := s.box.Node(ctx)
	if err != nil {
		return nil, fmt.Errorf("node %s: %w", name, err)
	}
	return &Node{stage: s, name: name, id: id, addr: addr}, nil
}

// Address gives an address of the outside that nothing else has, for a resolver
// or a service. Addresses come round again after 65,000. On a plain stage it is
// the machine's loopback.
func (s *Stage) Address() netip.Addr {
	if s.box == nil {
		return s.outside.addr
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.address = s.address%65000 + 1
	return netip.AddrFrom4([4]byte{10, 96, byte(s.address >> 8), byte(s.address)})
}
