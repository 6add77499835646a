package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The mark of a re-executed process: its argv[0], and a variable that keeps a
// program which forgot to call Enter from starting itself for ever.
const (
	mark     = "rehearse-stage"
	variable = "REHEARSE_STAGE"
)

// openTimeout bounds how long a supervisor may take to say hello; it takes
// milliseconds, unless the program does not call Enter first thing.
const openTimeout = 20 * time.Second

// Enter turns a re-executed process into what it was started for and does not
// return then; in every other process it returns at once. Call it first thing in
// main and in TestMain.
func Enter() {
	if len(os.Args) != 2 || os.Args[0] != mark || os.Getenv(variable) == "" {
		return
	}
	runtime.LockOSThread()
	if err := supervise(3, os.Args[1] == "host"); err != nil {
		fmt.Fprintln(os.Stderr, mark+":", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Client is the caller's end of a supervisor. Its methods may be called from
// several goroutines.
type Client struct {
	Limits []string // what is not in force here, in words
	NAT    bool     // services are made in the kernel

	wire *wire
	cmd  *exec.Cmd
	log  bytes.Buffer

	mu      sync.Mutex
	next    uint64
	pending map[uint64]chan answer
	err     error
	done    chan struct{}
}

type answer struct {
	reply reply
	files []*os.File
}

// Open starts a supervisor. With hostNet its network is the machine's. Errors
// wrap ErrUnavailable where this machine has no namespaces to give.
func Open(ctx context.Context, hostNet bool) (*Client, error) {
	if os.Getenv(variable) != "" {
		return nil, errors.New("sandbox.Enter was not called first thing in main")
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socketpair", err)
	}
	ours, theirs := os.NewFile(uintptr(fds[0]), "supervisor"), os.NewFile(uintptr(fds[1]), "caller")
	defer theirs.Close()
	conn, err := net.FileConn(ours)
	ours.Close()
	if err != nil {
		return nil, err
	}
	c := &Client{wire: &wire{conn: conn.(*net.UnixConn)}, pending: map[uint64]chan answer{}, done: make(chan struct{})}
	network := "own"
	flags := uintptr(unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS)
	if hostNet {
		network = "host"
	} else {
		flags |= unix.CLONE_NEWNET
	}
	c.cmd = &exec.Cmd{
		Path: "/proc/self/exe", Args: []string{mark, network}, Dir: "/",
		Env:        []string{variable + "=1", "GOMAXPROCS=2", "GOGC=off", "GOMEMLIMIT=64MiB"},
		ExtraFiles: []*os.File{theirs}, Stderr: &c.log,
		SysProcAttr: &syscall.SysProcAttr{
			Cloneflags: flags, Setsid: true,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}},
		},
	}
	if err := c.cmd.Start(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if err := c.hello(ctx); err != nil {
		conn.Close()
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
		if text := strings.TrimSpace(c.log.String()); text != "" {
			err = fmt.Errorf("%w (%s)", err, text)
		}
		return nil, err
	}
	go c.read()
	return c, nil
}

func (c *Client) hello(ctx context.Context) error {
	deadline := time.Now().Add(openTimeout)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	stop := context.AfterFunc(ctx, func() { c.wire.conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := c.wire.conn.SetReadDeadline(deadline); err != nil {
		return err
	}
	var first reply
	if _, err := c.wire.receive(&first); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: the supervisor did not start: %w", ErrUnavailable, err)
	}
	if first.Error != nil {
		return fmt.Errorf("%w: %s", ErrUnavailable, first.Error.Text)
	}
	var hello helloBody
	if err := json.Unmarshal(first.Body, &hello); err != nil {
		return err
	}
	c.Limits, c.NAT = hello.Limits, hello.NAT
	if !stop() {
		return ctx.Err()
	}
	return c.wire.conn.SetReadDeadline(time.Time{})
}

// read hands replies to those who wait for them.
func (c *Client) read() {
	for {
		var r reply
		files, err := c.wire.receive(&r)
		if err != nil {
			_ = c.cmd.Wait()
			c.mu.Lock()
			c.err = errors.New("the stage is closed")
			if text := strings.TrimSpace(c.log.String()); text != "" {
				c.err = fmt.Errorf("the stage's supervisor ended: %s", text)
			}
			c.pending = nil
			c.mu.Unlock()
			close(c.done)
			return
		}
		c.mu.Lock()
		ch := c.pending[r.ID]
		delete(c.pending, r.ID)
		c.mu.Unlock()
		if ch == nil { // the caller gave up
			closeAll(files)
			continue
		}
		ch <- answer{r, files}
	}
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// call sends a request and waits for its reply.
func (c *Client) call(ctx context.Context, op string, in, out any, files ...*os.File) ([]*os.File, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	ch := make(chan answer, 1)
	c.mu.Lock()
	if c.pending == nil {
		defer c.mu.Unlock()
		return nil, c.err
	}
	c.next++
	id := c.next
	c.pending[id] = ch
	c.mu.Unlock()
	if err := c.wire.send(request{ID: id, Op: op, Body: body}, files...); err != nil {
		c.mu.Lock()
		delete(c.pending, id)
		c.mu.Unlock()
		return nil, fmt.Errorf("the stage is closed: %w", err)
	}
	select {
	case a := <-ch:
		return finish(a, out)
	case <-c.done:
		select {
		case a := <-ch:
			return finish(a, out)
		default:
			return nil, c.err
		}
	case <-ctx.Done():
		c.mu.Lock()
		delete(c.pending, id)
		c.mu.Unlock()
		select {
		case a := <-ch:
			closeAll(a.files)
		default:
		}
		return nil, ctx.Err()
	}
}

func finish(a answer, out any) ([]*os.File, error) {
	if e := a.reply.Error; e != nil {
		closeAll(a.files)
		if e.Step != "" {
			return nil, &StartError{Step: e.Step, Errno: e.Errno, Text: e.Text}
		}
		return nil, &remote{e.Text, e.Errno}
	}
	if out != nil {
		if err := json.Unmarshal(a.reply.Body, out); err != nil {
			closeAll(a.files)
			return nil, err
		}
	}
	return a.files, nil
}

// remote is an error of the supervisor's, with the system's error in it.
type remote struct {
	text  string
	errno syscall.Errno
}

func (e *remote) Error() string { return e.text }

func (e *remote) Unwrap() error {
	if e.errno == 0 {
		return nil
	}
	return e.errno
}

// Done is closed when the supervisor has ended, and everything with it.
func (c *Client) Done() <-chan struct{} { return c.done }

// Close ends the supervisor and all that it holds, and waits for that.
func (c *Client) Close() error {
	err := c.wire.conn.Close()
	<-c.done
	return err
}

// Node makes a network of its own and gives its number and address. Node 0 is
// the outside and always there.
func (c *Client) Node(ctx context.Context) (int, netip.Addr, error) {
	var body nodeBody
	if _, err := c.call(ctx, "node", struct{}{}, &body); err != nil {
		return 0, netip.Addr{}, err
	}
	addr, _ := netip.AddrFromSlice(body.IP)
	return body.Node, addr.Unmap(), nil
}

// CloseNode takes a node's cable away.
func (c *Client) CloseNode(id int) error {
	_, err := c.call(context.Background(), "close-node", nodeBody{Node: id}, nil)
	return err
}

// Socket makes a non-blocking socket in a node.
func (c *Client) Socket(ctx context.Context, node, family, kind int) (*os.File, error) {
	files, err := c.call(ctx, "socket", socketBody{node, family, kind}, nil)
	if err != nil {
		return nil, err
	}
	if len(files) != 1 {
		closeAll(files)
		return nil, errors.New("the supervisor sent no socket")
	}
	return files[0], nil
}

// Ports lists what a node listens on.
func (c *Client) Ports(ctx context.Context, node int) ([]Port, error) {
	var body portsBody
	_, err := c.call(ctx, "ports", nodeBody{Node: node}, &body)
	return body.Ports, err
}

// Service makes, changes or (without endpoints) removes a service.
func (c *Client) Service(ctx context.Context, s Service) error {
	_, err := c.call(ctx, "service", s, nil)
	return err
}

// Start starts a process in a box on a node. The three files become its standard
// input, output and error; they stay the caller's to close. Errors are
// *StartError where the box or the program is at fault.
func (c *Client) Start(ctx context.Context, node int, box Box, stdio [3]*os.File) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	for _, list := range [][]string{box.Argv, box.Env} {
		for _, s := range list {
			if strings.ContainsRune(s, 0) {
				return 0, &StartError{Step: "exec", Text: "a NUL byte in an argument or a variable"}
			}
		}
	}
	var body processBody
	// Not bound to ctx: a start takes milliseconds, and one given up halfway would go on unseen.
	_, err := c.call(context.WithoutCancel(ctx), "start", startBody{node, box}, &body, stdio[:]...)
	return body.Process, err
}

// Wait gives how a process ended.
func (c *Client) Wait(ctx context.Context, process int) (Status, error) {
	var status Status
	_, err := c.call(ctx, "wait", processBody{Process: process}, &status)
	return status, err
}

// Signal sends a signal to process 1 of a box; SIGKILL ends all of it.
func (c *Client) Signal(process int, sig syscall.Signal) error {
	_, err := c.call(context.Background(), "signal", processBody{Process: process, Signal: int(sig)}, nil)
	return err
}

// Layers gives, by target, the directories that hold what a box wrote over its
// overlays. A removed file is a character device 0/0 there. The caller closes them.
func (c *Client) Layers(ctx context.Context, process int) (map[string]*os.File, error) {
	var body layersBody
	files, err := c.call(ctx, "layers", processBody{Process: process}, &body)
	if err != nil {
		return nil, err
	}
	out := map[string]*os.File{}
	for i, f := range files {
		out[body.Targets[i]] = f
	}
	return out, nil
}

// Forget lets go of what is kept of an ended process.
func (c *Client) Forget(process int) error {
	_, err := c.call(context.Background(), "forget", processBody{Process: process}, nil)
	return err
}
