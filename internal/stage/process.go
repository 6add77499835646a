package stage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"

	"rehearse/internal/stage/sandbox"
)

// Replica is a process to be started, and all that it sees.
type Replica struct {
	Name   string   // its host name
	Node   *Node    // whose network it has; nil is a mistake
	Argv   []string // Argv[0] is looked up in the PATH of Env, inside
	Dir    string   // working directory, as it sees it; "" is "/"
	Env    []string // exactly these
	Mounts []Mount  // in this order, over the machine's /usr, /etc and /opt
	Files  []File   // written over the mounts before it starts
	Hide   []string // paths removed from view
	Bare   bool     // without the machine's /usr, /etc and /opt
	User   int      // user and group id; 0 is root of its box
	Limits Limits
	Hosts  []byte // /etc/hosts; nil is localhost and Name
	Resolv []byte // /etc/resolv.conf; nil is empty, or with the machine's network the machine's

	Stdout, Stderr io.Writer // copies of what it prints, beside the tail that is kept
}

// Process is a started replica, and all that it has started in turn.
type Process struct {
	Replica Replica

	stage  *Stage
	id     int
	cmd    *exec.Cmd // plain stage
	out    tail
	errout tail
	done   chan struct{}
	status Status
	err    error
}

// Start starts a replica. The error is a *StartError where its box could not be
// made or its program not be executed; its Program method tells the two apart.
func (s *Stage) Start(ctx context.Context, r Replica) (*Process, error) {
	if r.Node == nil || r.Node.stage != s {
		return nil, fmt.Errorf("start %s: the replica has no node of this stage", r.Name)
	}
	p := &Process{Replica: r, stage: s, done: make(chan struct{})}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, errClosed
	}
	if s.box != nil {
		s.running[p] = struct{}{}
	}
	s.mu.Unlock()
	var err error
	if s.box == nil {
		err = p.startPlain()
	} else {
		err = p.start(ctx)
	}
	if err != nil {
		s.mu.Lock()
		delete(s.running, p)
		s.mu.Unlock()
		close(p.done)
		return nil, fmt.Errorf("start %s: %w", r.Name, err)
	}
	return p, nil
}

func (p *Process) start(ctx context.Context) error {
	r := p.Replica
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close()
	var copying sync.WaitGroup
	stdio := [3]*os.File{null}
	for i, to := range []struct {
		tail  *tail
		extra io.Writer
	}{{&p.out, r.Stdout}, {&p.errout, r.Stderr}} {
		read, write, err := os.Pipe()
		if err != nil {
			closeFiles(stdio[1:])
			return err
		}
		stdio[i+1] = write
		copying.Go(func() {
			defer read.Close()
			drain(read, to.tail, to.extra)
		})
	}
	p.id, err = p.stage.box.Start(ctx, r.Node.id, sandbox.Box{
		Name: r.Name, Argv: r.Argv, Dir: r.Dir, Env: r.Env, Mounts: r.Mounts, Files: r.Files, Hide: r.Hide,
		Bare: r.Bare, User: r.User, Limits: r.Limits, Hosts: r.Hosts, Resolv: r.Resolv,
	}, stdio)
	closeFiles(stdio[1:])
	if err != nil {
		copying.Wait()
		return err
	}
	go func() {
		status, err := p.stage.box.Wait(context.Background(), p.id)
		copying.Wait() // process 1 took all writers with it
		p.finish(status, err)
	}()
	return nil
}

func closeFiles(files []*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}

// drain copies until the last writer ends. A failing extra writer is left out:
// it must not stop the process.
func drain(from io.Reader, to *tail, extra io.Writer) {
	buf := make([]byte, 16<<10)
	for {
		n, err := from.Read(buf)
		to.write(buf[:n])
		if extra != nil && n > 0 {
			if _, werr := extra.Write(buf[:n]); werr != nil {
				extra = nil
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *Process) finish(status Status, err error) {
	p.status, p.err = status, err
	p.stage.mu.Lock()
	delete(p.stage.running, p)
	p.stage.mu.Unlock()
	close(p.done)
}

// Done is closed when the process and all that it started have ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Wait waits for the process and gives how it ended. The error is ctx's, or says
// that the stage was closed under it.
func (p *Process) Wait(ctx context.Context) (Status, error) {
	select {
	case <-p.done:
		return p.status, p.err
	case <-ctx.Done():
		return Status{}, ctx.Err()
	}
}

// Signal sends a signal to the process. To one that has ended it does nothing.
func (p *Process) Signal(sig syscall.Signal) error {
	select {
	case <-p.done:
		return nil
	default:
	}
	if p.stage.box == nil {
		return p.signalPlain(sig)
	}
	return p.stage.box.Signal(p.id, sig)
}

// Kill ends the process and all that it started, at once.
func (p *Process) Kill() error { return p.Signal(syscall.SIGKILL) }

// Stop asks the process to end (SIGTERM), and kills it when ctx ends first, as
// an orchestrator does after the grace period. It gives how the process ended.
func (p *Process) Stop(ctx context.Context) (Status, error) {
	if err := p.Signal(syscall.SIGTERM); err != nil {
		return Status{}, err
	}
	if status, err := p.Wait(ctx); err == nil || ctx.Err() == nil {
		return status, err
	}
	if err := p.Kill(); err != nil {
		return Status{}, err
	}
	return p.Wait(context.WithoutCancel(ctx))
}

// Stdout is the last 64 KiB of what the process has printed so far.
func (p *Process) Stdout() string { return p.out.String() }

// Stderr is the last 64 KiB of what the process has printed as errors so far.
func (p *Process) Stderr() string { return p.errout.String() }

// EndedError says that a process ended while it was waited for.
type EndedError struct{ Status Status }

// Error implements error.
func (e *EndedError) Error() string { return "the process ended: " + e.Status.String() }

// Ready waits until the address accepts connections from the process's own node.
// The error is an *EndedError when the process ends first, or ctx's.
func (p *Process) Ready(ctx context.Context, address string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-p.done:
			cancel(&EndedError{p.status})
		case <-stop:
		}
	}()
	err := p.Replica.Node.Ready(ctx, address)
	var ended *EndedError
	if err != nil && errors.As(context.Cause(ctx), &ended) {
		return ended
	}
	return err
}
