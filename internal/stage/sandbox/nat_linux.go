package sandbox

import (
	"fmt"
	"net/netip"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"
)

// nat sends connections to a service on to its endpoints, in the kernel: the
// client then sees what the endpoint answers, and a refusal is a refusal. It is
// what kube-proxy does in its nftables mode.
type nat struct {
	conn     *nftables.Conn
	table    *nftables.Table
	services *nftables.Chain
	leaving  *nftables.Chain
	chains   map[string]*nftables.Chain
	hairpins map[netip.Addr]bool
}

func newNAT() (*nat, error) {
	conn, err := nftables.New(nftables.AsLasting())
	if err != nil {
		return nil, err
	}
	n := &nat{conn: conn, chains: map[string]*nftables.Chain{}, hairpins: map[netip.Addr]bool{}}
	n.table = conn.AddTable(&nftables.Table{Family: nftables.TableFamilyIPv4, Name: "rehearse"})
	n.services = conn.AddChain(&nftables.Chain{Name: "services", Table: n.table})
	for _, hook := range []struct {
		name string
		hook *nftables.ChainHook
	}{{"prerouting", nftables.ChainHookPrerouting}, {"output", nftables.ChainHookOutput}} {
		chain := conn.AddChain(&nftables.Chain{
			Name: hook.name, Table: n.table, Type: nftables.ChainTypeNAT,
			Hooknum: hook.hook, Priority: nftables.ChainPriorityNATDest,
		})
		conn.AddRule(&nftables.Rule{Table: n.table, Chain: chain, Exprs: []expr.Any{
			&expr.Verdict{Kind: expr.VerdictJump, Chain: n.services.Name},
		}})
	}
	n.leaving = conn.AddChain(&nftables.Chain{
		Name: "postrouting", Table: n.table, Type: nftables.ChainTypeNAT,
		Hooknum: nftables.ChainHookPostrouting, Priority: nftables.ChainPriorityNATSource,
	})
	if err := conn.Flush(); err != nil {
		return nil, fmt.Errorf("nftables: %w", err)
	}
	return n, nil
}

// hairpin lets a node reach itself through a service: the answer to its own
// address would not come back through the router, so the router's takes its place.
func (n *nat) hairpin(e netip.Addr) {
	if n.hairpins[e] {
		return
	}
	n.hairpins[e] = true
	addr, router := e.As4(), netip.MustParseAddr(Router.String()).As4()
	n.conn.AddRule(&nftables.Rule{Table: n.table, Chain: n.leaving, Exprs: []expr.Any{
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: 12, Len: 4}, // source
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: addr[:]},
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: 16, Len: 4}, // destination
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: addr[:]},
		&expr.Immediate{Register: 1, Data: router[:]},
		&expr.NAT{Type: expr.NATTypeSourceNAT, Family: unix.NFPROTO_IPV4, RegAddrMin: 1},
	}})
}

// set makes, changes or (without endpoints) removes a service.
func (n *nat) set(s Service) error {
	proto := byte(unix.IPPROTO_TCP)
	if s.Network == "udp" {
		proto = unix.IPPROTO_UDP
	}
	name := fmt.Sprintf("%s-%s-%d", s.Network, s.Addr.Addr(), s.Addr.Port())
	chain := n.chains[name]
	if chain == nil {
		if len(s.Endpoints) == 0 {
			return nil
		}
		chain = n.conn.AddChain(&nftables.Chain{Name: name, Table: n.table})
		n.conn.AddRule(&nftables.Rule{Table: n.table, Chain: n.services, Exprs: append(
			match(proto, s.Addr), &expr.Verdict{Kind: expr.VerdictJump, Chain: name})})
	} else {
		n.conn.FlushChain(chain)
	}
	for i, e := range s.Endpoints {
		var exprs []expr.Any
		if left := len(s.Endpoints) - i; left > 1 {
			exprs = append(exprs,
				&expr.Numgen{Register: 1, Modulus: uint32(left), Type: unix.NFT_NG_RANDOM},
				&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{0, 0, 0, 0}})
		}
		n.hairpin(e.Addr().Unmap())
		addr := e.Addr().Unmap().As4()
		exprs = append(exprs,
			&expr.Immediate{Register: 1, Data: addr[:]},
			&expr.Immediate{Register: 2, Data: port(e)},
			&expr.NAT{Type: expr.NATTypeDestNAT, Family: unix.NFPROTO_IPV4, RegAddrMin: 1, RegProtoMin: 2, Specified: true})
		n.conn.AddRule(&nftables.Rule{Table: n.table, Chain: chain, Exprs: exprs})
	}
	if err := n.conn.Flush(); err != nil {
		return fmt.Errorf("service %s: %w", s.Addr, err)
	}
	n.chains[name] = chain
	return nil
}

// match selects packets to an address and port.
func match(proto byte, to netip.AddrPort) []expr.Any {
	addr := to.Addr().Unmap().As4()
	return []expr.Any{
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: 16, Len: 4},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: addr[:]},
		&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{proto}},
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 2, Len: 2},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: port(to)},
	}
}

// port is a port in network byte order.
func port(a netip.AddrPort) []byte { return []byte{byte(a.Port() >> 8), byte(a.Port())} }
