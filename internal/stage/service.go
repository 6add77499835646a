package stage

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"

	"rehearse/internal/stage/network"
	"rehearse/internal/stage/sandbox"
)

// Service is an address of the stage whose connections go to one of its
// endpoints, picked at random for each connection. A connection is refused when
// there is no endpoint, or when nothing listens at the one that was picked.
type Service struct {
	stage *Stage
	at    netip.AddrPort

	mu        sync.Mutex
	endpoints []netip.AddrPort
	forward   *network.Forward // where the kernel cannot do it
}

// Service makes a TCP service at the address, which is one of Address, and at a port.
func (s *Stage) Service(ctx context.Context, at netip.AddrPort, endpoints ...netip.AddrPort) (*Service, error) {
	v := &Service{stage: s, at: at}
	return v, v.Set(ctx, endpoints...)
}

// Addr is where the service is reached.
func (v *Service) Addr() netip.AddrPort { return v.at }

// Set replaces the endpoints. Connections that stand are not touched.
func (v *Service) Set(ctx context.Context, endpoints ...netip.AddrPort) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.endpoints = append([]netip.AddrPort(nil), endpoints...)
	if v.stage.box != nil && v.stage.box.NAT {
		return v.stage.box.Service(ctx, sandbox.Service{Network: "tcp", Addr: v.at, Endpoints: endpoints})
	}
	if len(endpoints) == 0 {
		return v.stop()
	}
	if v.forward != nil {
		return nil
	}
	l, err := v.stage.outside.Listen(ctx, "tcp", v.at.String())
	if err != nil {
		return err
	}
	v.forward = network.NewForward(l, v.dial)
	return nil
}

// stop ends the forwarder; a connection is then refused.
func (v *Service) stop() error {
	if v.forward == nil {
		return nil
	}
	err := v.forward.Close()
	v.forward = nil
	return err
}

func (v *Service) dial(ctx context.Context) (net.Conn, error) {
	v.mu.Lock()
	endpoints := v.endpoints
	v.mu.Unlock()
	if len(endpoints) == 0 {
		return nil, errors.New("no endpoints")
	}
	return v.stage.outside.Dial(ctx, "tcp", network.Pick(endpoints).String())
}

// Close takes the service away.
func (v *Service) Close() error {
	err := v.Set(context.Background())
	if v.stage.ended() {
		return nil
	}
	return err
}

// ended reports whether the stage is closed.
func (s *Stage) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}
