package stage

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// Node is a place with a network of its own.
type Node struct {
	stage *Stage
	name  string
	id    int
	addr  netip.Addr
}

// Name is what the node was called when it was made.
func (n *Node) Name() string { return n.name }

// Addr is the address at which other nodes and the outside reach this one.
func (n *Node) Addr() netip.Addr { return n.addr }

// Dial connects from this node, as net.Dialer does; network is tcp or udp. The
// address is one of IP and port, or "localhost" and port: names are for the
// resolver of the environment, not of the machine. A refusal is
// syscall.ECONNREFUSED in the error.
func (n *Node) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	to, family, err := n.parse(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	d := net.Dialer{ControlContext: n.control(family)}
	d.SetMultipathTCP(false)
	return d.DialContext(ctx, family, to.String())
}

// Listen listens on this node, as net.Listen does; network is tcp. Port 0 takes any.
func (n *Node) Listen(ctx context.Context, network, address string) (net.Listener, error) {
	at, family, err := n.parse(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	l := net.ListenConfig{}
	if control := n.control(family); control != nil {
		l.Control = func(network, address string, c syscall.RawConn) error {
			return control(ctx, network, address, c)
		}
	}
	l.SetMultipathTCP(false)
	return l.Listen(ctx, family, at.String())
}

// ListenPacket listens for datagrams on this node; network is udp.
func (n *Node) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	at, family, err := n.parse(network, address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	l := net.ListenConfig{}
	if control := n.control(family); control != nil {
		l.Control = func(network, address string, c syscall.RawConn) error {
			return control(ctx, network, address, c)
		}
	}
	return l.ListenPacket(ctx, family, at.String())
}

// parse reads an address and gives the network with its family (tcp4, udp6).
func (n *Node) parse(network, address string) (netip.AddrPort, string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return netip.AddrPort{}, "", err
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if host == "" {
		host = "0.0.0.0"
	}
	to, err := netip.ParseAddrPort(net.JoinHostPort(host, port))
	if err != nil {
		return netip.AddrPort{}, "", fmt.Errorf("address %q: need an IP address and a port", address)
	}
	switch network {
	case "tcp", "udp":
		if to.Addr().Unmap().Is4() {
			return netip.AddrPortFrom(to.Addr().Unmap(), to.Port()), network + "4", nil
		}
		return to, network + "6", nil
	case "tcp4", "tcp6", "udp4", "udp6":
		return to, network, nil
	}
	return netip.AddrPort{}, "", net.UnknownNetworkError(network)
}

// Listening lists what the processes on this node listen on. A plain stage
// cannot tell them from the machine's and gives errors.ErrUnsupported.
func (n *Node) Listening(ctx context.Context) ([]Port, error) {
	if n.stage.box == nil {
		return nil, fmt.Errorf("listening ports on a plain stage: %w", errors.ErrUnsupported)
	}
	return n.stage.box.Ports(ctx, n.id)
}

// retry is how long Ready waits between two attempts.
const retry = 2 * time.Millisecond

// Ready waits until the address accepts connections from this node. The error is
// ctx's, with the last refusal in its text.
func (n *Node) Ready(ctx context.Context, address string) error {
	timer := time.NewTimer(retry)
	defer timer.Stop()
	for {
		conn, err := n.Dial(ctx, "tcp", address)
		if err == nil {
			return conn.Close()
		}
		if !errors.Is(err, syscall.ECONNREFUSED) && ctx.Err() == nil {
			return err
		}
		timer.Reset(retry)
		select {
		case <-timer.C:
		case <-ctx.Done():
			return fmt.Errorf("%w: %s on %s: %v", ctx.Err(), address, n.name, err)
		case <-n.stage.done:
			return errClosed
		}
	}
}

// Close takes the node's cable away. Its processes should have ended.
func (n *Node) Close() error {
	if n.stage.box == nil || n == n.stage.outside {
		return nil
	}
	return n.stage.box.CloseNode(n.id)
}
