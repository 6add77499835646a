// Package network holds what a network of a stage needs beside its wires: a
// resolver, and forwarders. It works on listeners and connections that are
// handed in, and so on any network.
package network

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
)

// Forward sends each connection of a listener on to another.
type Forward struct {
	listener net.Listener
	dial     func(context.Context) (net.Conn, error)
	ctx      context.Context
	cancel   context.CancelFunc

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	all   sync.WaitGroup
}

// NewForward accepts connections on l until Close, and joins each with one that
// dial gives. Where dial fails, the accepted connection is reset: that is not
// quite a refusal, so close the Forward when there is nothing behind it.
func NewForward(l net.Listener, dial func(context.Context) (net.Conn, error)) *Forward {
	f := &Forward{listener: l, dial: dial, conns: map[net.Conn]struct{}{}}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	f.all.Go(f.accept)
	return f
}

// Addr is where the forwarder listens.
func (f *Forward) Addr() net.Addr { return f.listener.Addr() }

// Close stops listening and cuts every connection.
func (f *Forward) Close() error {
	f.cancel()
	err := f.listener.Close()
	f.mu.Lock()
	for c := range f.conns {
		c.Close()
	}
	f.mu.Unlock()
	f.all.Wait()
	return err
}

func (f *Forward) accept() {
	for {
		conn, err := f.listener.Accept()
		if err != nil {
			if f.ctx.Err() != nil {
				return
			}
			if ne, ok := err.(net.Error); ok && ne.Timeout() {
				continue
			}
			return
		}
		f.all.Go(func() { f.join(conn) })
	}
}

// hold remembers a connection, so that Close can cut it; it reports false when
// the forwarder is closed already.
func (f *Forward) hold(c net.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ctx.Err() != nil {
		c.Close()
		return false
	}
	f.conns[c] = struct{}{}
	return true
}

func (f *Forward) drop(c net.Conn) {
	c.Close()
	f.mu.Lock()
	delete(f.conns, c)
	f.mu.Unlock()
}

func (f *Forward) join(client net.Conn) {
	if !f.hold(client) {
		return
	}
	defer f.drop(client)
	server, err := f.dial(f.ctx)
	if err != nil {
		if t, ok := client.(*net.TCPConn); ok {
			_ = t.SetLinger(0) // a reset is nearer to a refusal than an end of file
		}
		return
	}
	if !f.hold(server) {
		return
	}
	defer f.drop(server)
	var both sync.WaitGroup
	both.Go(func() { pipe(server, client) })
	both.Go(func() { pipe(client, server) })
	both.Wait()
}

// pipe copies one direction and passes the end of it on.
func pipe(to, from net.Conn) {
	_, err := io.Copy(to, from)
	if half, ok := to.(interface{ CloseWrite() error }); ok && err == nil {
		_ = half.CloseWrite()
		return
	}
	to.Close()
	from.Close()
}

// Pick gives one of the endpoints at random, as kube-proxy does for each connection.
func Pick(endpoints []netip.AddrPort) netip.AddrPort {
	return endpoints[rand.IntN(len(endpoints))]
}
