package service

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"

	"rehearse/internal/stage"
)

// RedisOptions say how Redis is to be.
type RedisOptions struct {
	Password string // asked of every client; "" asks for none
	Embedded bool   // not the machine's redis-server, even where there is one
}

// Redis is a running Redis.
type Redis struct {
	node     *stage.Node
	at       netip.AddrPort
	server   string
	password string

	process *stage.Process // the machine's redis-server
	mini    *miniredis.Miniredis
	stop    func() error
	done    chan struct{}
	once    sync.Once
	err     error
}

// Embedded reports whether it is miniredis in this process, and no redis-server.
func (r *Redis) Embedded() bool { return r.mini != nil }

// StartRedis starts the machine's redis-server on a node of its own, or where
// there is none the embedded miniredis; Server says which.
func StartRedis(ctx context.Context, s *stage.Stage, o RedisOptions) (*Redis, error) {
	node, err := s.Node(ctx, "redis")
	if err != nil {
		return nil, err
	}
	r := &Redis{node: node, password: o.Password, done: make(chan struct{})}
	if o.Embedded {
		err = r.embed(ctx)
	} else if program, lerr := exec.LookPath("redis-server"); lerr == nil {
		err = r.start(ctx, s, program)
	} else {
		err = r.embed(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("redis: %w", err), node.Close())
	}
	return r, nil
}

// start starts the real server, without anything on disk.
func (r *Redis) start(ctx context.Context, s *stage.Stage, program string) error {
	port, err := freePort(ctx, s, r.node, 6379)
	if err != nil {
		return err
	}
	bind := "0.0.0.0"
	if s.Plain() {
		bind = "127.0.0.1"
	}
	r.at = netip.AddrPortFrom(r.node.Addr(), port)
	mounts := []stage.Mount{{Target: "/redis", Kind: stage.Empty}}
	if !inSystem(program) {
		if program, err = origin(program); err != nil {
			return err
		}
	}
	if !inSystem(program) {
		mounts = append(mounts, stage.Mount{Target: "/redis-server", Kind: stage.ReadOnly, Lowers: []string{filepath.Dir(program)}})
		program = path.Join("/redis-server", filepath.Base(program))
	}
	// In a file, so that no list of processes shows the password.
	config := fmt.Sprintf("bind %s\nport %d\nprotected-mode no\nsave \"\"\nappendonly no\ndaemonize no\ndir /tmp\n", bind, port)
	if r.password != "" {
		config += "requirepass " + strconv.Quote(r.password) + "\n"
	}
	r.process, err = s.Start(ctx, stage.Replica{
		Name: "redis", Node: r.node, Argv: []string{program, "redis.conf"}, Dir: "/redis", Env: host(),
		Mounts: mounts,
		Files:  []stage.File{{Path: "/redis/redis.conf", Data: []byte(config), Mode: 0o600}},
	})
	if err != nil {
		return err
	}
	if err := r.process.Ready(ctx, r.at.String()); err != nil {
		var dead *stage.EndedError
		if errors.As(err, &dead) {
			return ended("redis-server", r.process)
		}
		return errors.Join(err, r.process.Kill())
	}
	go func() {
		<-r.process.Done()
		r.finish(ended("redis-server", r.process))
	}()
	info, err := r.command(ctx, "INFO", "server")
	if err != nil {
		return errors.Join(err, r.process.Kill())
	}
	r.server = "Redis"
	if _, rest, ok := strings.Cut(info, "redis_version:"); ok {
		version, _, _ := strings.Cut(rest, "\r")
		r.server += " " + version
	}
	r.stop = func() error {
		err := r.process.Kill()
		<-r.done
		return err
	}
	return nil
}

// origin follows a program's links to the folder that it lies in. There it keeps
// its name where it has it: Redis is one program that does what it is called,
// and Debian's redis-server is a link to redis-check-rdb.
func origin(program string) (string, error) {
	real, err := filepath.EvalSymlinks(program)
	if err != nil {
		return "", err
	}
	if named := filepath.Join(filepath.Dir(real), filepath.Base(program)); named != real {
		if _, err := os.Stat(named); err == nil {
			return named, nil
		}
	}
	return real, nil
}

// miniVersion is the version of miniredis in go.mod.
const miniVersion = "2.40"

// tick is how often the embedded server is told that time passes: it does not
// notice by itself, and keys would never expire.
const tick = 100 * time.Millisecond

// embed serves the connections of a listener on the stage in this program.
func (r *Redis) embed(ctx context.Context) error {
	l, err := r.node.Listen(ctx, "tcp", netip.AddrPortFrom(r.node.Addr(), 6379).String())
	if err != nil {
		l, err = r.node.Listen(ctx, "tcp", netip.AddrPortFrom(r.node.Addr(), 0).String())
	}
	if err != nil {
		return err
	}
	r.at = l.Addr().(*net.TCPAddr).AddrPort()
	r.server = "miniredis " + miniVersion + " (embedded)"
	r.mini = miniredis.NewMiniRedis()
	if r.password != "" {
		r.mini.RequireAuth(r.password)
	}
	first, err := r.mini.Dial() // starts it without a port of the machine
	if err != nil {
		return errors.Join(err, l.Close())
	}
	first.Close()
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				r.finish(fmt.Errorf("redis: %w", err))
				return
			}
			r.mini.Server().ServeConn(conn)
		}
	})
	all.Go(func() {
		t := time.NewTicker(tick)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				r.mini.FastForward(tick)
			case <-r.done:
				return
			}
		}
	})
	r.stop = func() error {
		err := l.Close()
		all.Wait()
		r.mini.Close()
		return err
	}
	return nil
}

func (r *Redis) finish(err error) {
	r.once.Do(func() {
		r.err = err
		close(r.done)
	})
}

// Addr implements Service.
func (r *Redis) Addr() netip.AddrPort { return r.at }

// Server implements Service.
func (r *Redis) Server() string { return r.server }

// Done implements Service.
func (r *Redis) Done() <-chan struct{} { return r.done }

// Err implements Service.
func (r *Redis) Err() error {
	select {
	case <-r.done:
		return r.err
	default:
		return nil
	}
}

// Reset empties it.
func (r *Redis) Reset(ctx context.Context) error {
	if err := r.Err(); err != nil {
		return err
	}
	_, err := r.command(ctx, "FLUSHALL")
	return err
}

// Close implements Service.
func (r *Redis) Close() error { return errors.Join(r.stop(), r.node.Close()) }

// command sends one command and gives the simple or bulk string of the reply
// (Redis serialization protocol specification, RESP2).
func (r *Redis) command(ctx context.Context, words ...string) (string, error) {
	conn, err := r.node.Dial(ctx, "tcp", r.at.String())
	if err != nil {
		return "", err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	in := bufio.NewReader(conn)
	if r.password != "" {
		if _, err := roundTrip(conn, in, "AUTH", r.password); err != nil {
			return "", err
		}
	}
	return roundTrip(conn, in, words...)
}

func roundTrip(conn net.Conn, in *bufio.Reader, words ...string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := io.WriteString(conn, b.String()); err != nil {
		return "", err
	}
	line, err := in.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	switch {
	case strings.HasPrefix(line, "-"):
		return "", fmt.Errorf("%s: %s", words[0], line[1:])
	case strings.HasPrefix(line, "$"):
		n, err := strconv.Atoi(line[1:])
		if err != nil || n < 0 || n > 1<<20 {
			return "", fmt.Errorf("%s: malformed reply", words[0])
		}
		data := make([]byte, n)
		_, err = io.ReadFull(in, data)
		return string(data), err
	}
	return strings.TrimPrefix(line, "+"), nil
}

// freePort gives the port, or on a plain stage, where the machine may have it
// taken, any that is free.
func freePort(ctx context.Context, s *stage.Stage, n *stage.Node, port uint16) (uint16, error) {
	if !s.Plain() {
		return port, nil
	}
	l, err := n.Listen(ctx, "tcp", netip.AddrPortFrom(n.Addr(), 0).String())
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort().Port(), nil
}
