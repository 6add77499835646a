//go:build !linux

package sandbox

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"syscall"
)

// Enter returns at once: this system has no namespaces.
func Enter() {}

// Client is never made on this system; see Open.
type Client struct {
	Limits []string
	NAT    bool
}

// Open says that this system has no namespaces.
func Open(context.Context, bool) (*Client, error) {
	return nil, fmt.Errorf("%w on %s", ErrUnavailable, runtime.GOOS)
}

// The methods are those of the Linux client; without a client none is called.

func (c *Client) Done() <-chan struct{} { return nil }
func (c *Client) Close() error          { return ErrUnavailable }
func (c *Client) Node(context.Context) (int, netip.Addr, error) {
	return 0, netip.Addr{}, ErrUnavailable
}
func (c *Client) CloseNode(int) error                                     { return ErrUnavailable }
func (c *Client) Socket(context.Context, int, int, int) (*os.File, error) { return nil, ErrUnavailable }
func (c *Client) Ports(context.Context, int) ([]Port, error)              { return nil, ErrUnavailable }
func (c *Client) Service(context.Context, Service) error                  { return ErrUnavailable }
func (c *Client) Start(context.Context, int, Box, [3]*os.File) (int, error) {
	return 0, ErrUnavailable
}
func (c *Client) Wait(context.Context, int) (Status, error) { return Status{}, ErrUnavailable }
func (c *Client) Signal(int, syscall.Signal) error          { return ErrUnavailable }
func (c *Client) Layers(context.Context, int) (map[string]*os.File, error) {
	return nil, ErrUnavailable
}
func (c *Client) Forget(int) error { return ErrUnavailable }
