package network

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/miekg/dns"
)

// ttl of every answer, in seconds: nothing is worth keeping on a stage.
const ttl = 1

// maxMissed bounds how many names are remembered that had no answer.
const maxMissed = 1000

// Resolver is a DNS server that knows the names of one environment and no other:
// any name that it does not have is NXDOMAIN at once, as in a cluster without a
// way out. It never answers SERVFAIL, which a client would try again.
type Resolver struct {
	servers []*dns.Server

	mu     sync.RWMutex
	names  map[string][]netip.Addr
	missed map[string]int
}

// NewResolver answers on udp, and on tcp where that is not nil, until Close.
// Names are as in Set.
func NewResolver(udp net.PacketConn, tcp net.Listener, names map[string][]netip.Addr) (*Resolver, error) {
	r := &Resolver{missed: map[string]int{}}
	r.Set(names)
	r.servers = append(r.servers, &dns.Server{PacketConn: udp, Handler: r})
	if tcp != nil {
		r.servers = append(r.servers, &dns.Server{Listener: tcp, Handler: r})
	}
	for _, s := range r.servers {
		started := make(chan error, 1)
		s.NotifyStartedFunc = func() { started <- nil }
		go func() {
			if err := s.ActivateAndServe(); err != nil {
				select {
				case started <- err:
				default:
				}
			}
		}()
		if err := <-started; err != nil {
			return nil, errors.Join(fmt.Errorf("resolver: %w", err), r.Close())
		}
	}
	return r, nil
}

// Set replaces the names. They are whole ("api.default.svc.cluster.local" or
// "api"), in any case, with or without the last dot. A name without addresses
// exists and has none.
func (r *Resolver) Set(names map[string][]netip.Addr) {
	known := make(map[string][]netip.Addr, len(names))
	for name, addrs := range names {
		known[canonical(name)] = slices.Clone(addrs)
	}
	r.mu.Lock()
	r.names = known
	r.mu.Unlock()
}

func canonical(name string) string { return strings.ToLower(dns.Fqdn(name)) }

// Missed lists, in order, the names that were asked for and do not exist,
// without the last dot.
func (r *Resolver) Missed() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Sorted(maps.Keys(r.missed))
}

// Close stops answering.
func (r *Resolver) Close() error {
	var err error
	for _, s := range r.servers {
		err = errors.Join(err, s.Shutdown())
	}
	return err
}

// ServeDNS implements dns.Handler.
func (r *Resolver) ServeDNS(w dns.ResponseWriter, query *dns.Msg) {
	answer := new(dns.Msg).SetReply(query)
	answer.Authoritative, answer.RecursionAvailable = true, true
	for _, q := range query.Question {
		r.mu.RLock()
		addrs, ok := r.names[canonical(q.Name)]
		r.mu.RUnlock()
		if !ok {
			answer.Rcode = dns.RcodeNameError
			r.miss(q.Name)
			continue
		}
		for _, a := range addrs {
			header := dns.RR_Header{Name: q.Name, Class: dns.ClassINET, Ttl: ttl}
			switch {
			case a.Is4() && q.Qtype == dns.TypeA:
				header.Rrtype = dns.TypeA
				answer.Answer = append(answer.Answer, &dns.A{Hdr: header, A: a.AsSlice()})
			case a.Is6() && q.Qtype == dns.TypeAAAA:
				header.Rrtype = dns.TypeAAAA
				answer.Answer = append(answer.Answer, &dns.AAAA{Hdr: header, AAAA: a.AsSlice()})
			}
		}
	}
	// A client that does not hear the answer asks again.
	_ = w.WriteMsg(answer)
}

func (r *Resolver) miss(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.missed) < maxMissed {
		r.missed[strings.TrimSuffix(canonical(name), ".")]++
	}
}

// ResolvConf is the /etc/resolv.conf of a process that asks server
// (resolv.conf(5)). ndots 0 leaves the system's default, 1.
func ResolvConf(server netip.Addr, search []string, ndots int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "nameserver %s\n", server)
	if len(search) > 0 {
		fmt.Fprintf(&b, "search %s\n", strings.Join(search, " "))
	}
	if ndots > 0 {
		fmt.Fprintf(&b, "options ndots:%d\n", ndots)
	}
	return []byte(b.String())
}

// Hosts is an /etc/hosts with localhost and the given names, in order.
func Hosts(names map[string]netip.Addr) []byte {
	var b strings.Builder
	b.WriteString("127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n")
	for _, name := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(&b, "%s %s\n", names[name], name)
	}
	return []byte(b.String())
}
