package stage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// control gives the hook that puts a socket of the node in the place of the one
// that package net has just made, before it is bound or connected. So deadlines,
// cancellation and errors are those of package net. It is nil on a plain stage.
func (n *Node) control(network string) func(context.Context, string, string, syscall.RawConn) error {
	if n.stage.box == nil {
		return nil
	}
	return func(ctx context.Context, _, _ string, c syscall.RawConn) error {
		family, kind := unix.AF_INET, unix.SOCK_STREAM
		if strings.HasSuffix(network, "6") {
			family = unix.AF_INET6
		}
		if strings.HasPrefix(network, "udp") {
			kind = unix.SOCK_DGRAM
		}
		socket, err := n.stage.box.Socket(ctx, n.id, family, kind)
		if err != nil {
			return err
		}
		defer socket.Close()
		var inner error
		err = c.Control(func(fd uintptr) {
			// What package net sets on its own sockets (net, sockopt_linux.go).
			from := int(socket.Fd())
			inner = errors.Join(
				unix.SetsockoptInt(from, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
				unix.Dup3(from, int(fd), unix.O_CLOEXEC),
				unix.SetNonblock(int(fd), true),
			)
			if inner == nil && kind == unix.SOCK_DGRAM {
				inner = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_BROADCAST, 1)
			}
			if inner == nil && family == unix.AF_INET6 {
				inner = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1)
			}
		})
		if err = errors.Join(err, inner); err != nil {
			return fmt.Errorf("socket on %s: %w", n.name, err)
		}
		return nil
	}
}
