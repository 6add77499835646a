package stage

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"rehearse/internal/stage/network"
)

// node makes a node that is closed after the test.
func node(t testing.TB, s *Stage, name string) *Node {
	t.Helper()
	n, err := s.Node(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

// greet answers every connection to the address with a line.
func greet(t testing.TB, n *Node, address, line string) net.Listener {
	t.Helper()
	l, err := n.Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, line)
			c.Close()
		}
	}()
	return l
}

// hear connects and reads to the end; an error comes as its kind.
func hear(t testing.TB, n *Node, address string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	c, err := n.Dial(ctx, "tcp", address)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return "refused"
	}
	if err != nil {
		return err.Error()
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	data, err := io.ReadAll(c)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func TestReach(t *testing.T) {
	s := open(t, Options{})
	a, b := node(t, s, "a"), node(t, s, "b")
	greet(t, a, "0.0.0.0:80", "a on all")
	greet(t, a, "127.0.0.1:81", "a on loopback")
	greet(t, b, "[::1]:82", "b on ::1")
	at := func(n *Node, port string) string { return n.Addr().String() + ":" + port }
	for _, c := range []struct {
		name string
		from *Node
		to   string
		want string
	}{
		{"another node", b, at(a, "80"), "a on all"},
		{"itself", a, at(a, "80"), "a on all"},
		{"loopback", a, "localhost:80", "a on all"},
		{"from outside", s.Outside(), at(a, "80"), "a on all"},
		{"loopback only, from itself", a, "127.0.0.1:81", "a on loopback"},
		{"loopback only, from another", b, at(a, "81"), "refused"},
		{"loopback only, from outside", s.Outside(), at(a, "81"), "refused"},
		{"another's loopback", b, "127.0.0.1:81", "refused"},
		{"IPv6 loopback", b, "[::1]:82", "b on ::1"},
		{"nobody listens", b, at(a, "9"), "refused"},
		{"an address of the outside nobody serves", b, s.Address().String() + ":80", "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := hear(t, c.from, c.to); got != c.want {
				t.Errorf("%s → %s: %q, want %q", c.from.Name(), c.to, got, c.want)
			}
		})
	}
	t.Run("the machine is not there", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if got := hear(t, a, l.Addr().String()); got != "refused" {
			t.Errorf("a service of the machine is reached: %q", got)
		}
		if got := hear(t, a, "192.0.2.1:80"); !strings.Contains(got, "unreachable") {
			t.Errorf("an address of the internet: %q, want unreachable", got)
		}
	})
	t.Run("listening", func(t *testing.T) {
		ports, err := a.Listening(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{"tcp 0.0.0.0:80": true, "tcp 127.0.0.1:81": true}
		for _, p := range ports {
			delete(want, p.Network+" "+p.Addr.String())
		}
		if len(want) > 0 || len(ports) != 2 {
			t.Errorf("%v lacks %v", ports, want)
		}
	})
}

func TestService(t *testing.T) {
	s := open(t, Options{})
	a, b, c := node(t, s, "a"), node(t, s, "b"), node(t, s, "c")
	greet(t, a, "0.0.0.0:5000", "a")
	greet(t, b, "0.0.0.0:5000", "b")
	port := func(n *Node, p uint16) netip.AddrPort { return netip.AddrPortFrom(n.Addr(), p) }
	service, err := s.Service(t.Context(), netip.AddrPortFrom(s.Address(), 80), port(a, 5000), port(b, 5000))
	if err != nil {
		t.Fatal(err)
	}
	at := service.Addr().String()
	for _, from := range []*Node{s.Outside(), a, b, c} { // a and b reach themselves through it, too
		heard := map[string]int{}
		for range 60 {
			heard[hear(t, from, at)]++
		}
		if heard["a"] < 10 || heard["b"] < 10 || heard["a"]+heard["b"] != 60 {
			t.Errorf("from %s: %v, want both about as often", from.Name(), heard)
		}
	}
	for _, set := range []struct {
		name      string
		endpoints []netip.AddrPort
		want      string
	}{
		{"a port nobody listens on", []netip.AddrPort{port(a, 80)}, "refused"},
		{"no endpoints", nil, "refused"},
		{"one again", []netip.AddrPort{port(b, 5000)}, "b"},
	} {
		t.Run(set.name, func(t *testing.T) {
			if err := service.Set(t.Context(), set.endpoints...); err != nil {
				t.Fatal(err)
			}
			for _, from := range []*Node{s.Outside(), c} {
				if got := hear(t, from, at); got != set.want {
					t.Errorf("from %s: %q, want %q", from.Name(), got, set.want)
				}
			}
		})
	}
	if got := hear(t, c, service.Addr().Addr().String()+":81"); got != "refused" {
		t.Errorf("another port of the service: %q", got)
	}
	if err := service.Close(); err != nil {
		t.Fatal(err)
	}
	if got := hear(t, c, at); got != "refused" {
		t.Errorf("after Close: %q", got)
	}
}

// A process finds the names of its environment with its own resolver, and no others.
func TestNames(t *testing.T) {
	s := open(t, Options{})
	n := node(t, s, "a")
	at := s.Address()
	udp, err := s.Outside().ListenPacket(t.Context(), "udp", netip.AddrPortFrom(at, 53).String())
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := s.Outside().Listen(t.Context(), "tcp", netip.AddrPortFrom(at, 53).String())
	if err != nil {
		t.Fatal(err)
	}
	r, err := network.NewResolver(udp, tcp, map[string][]netip.Addr{"api.default.svc.cluster.local": {n.Addr()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	p, _ := run(t, s, Replica{Node: n, Resolv: network.ResolvConf(at, []string{"default.svc.cluster.local"}, 5)},
		"getent ahostsv4 api | head -1 | cut -d' ' -f1; getent hosts web || echo none")
	if want := n.Addr().String() + "\nnone\n"; p.Stdout() != want {
		t.Errorf("%q, want %q (%s)", p.Stdout(), want, p.Stderr())
	}
	if missed := strings.Join(r.Missed(), " "); !strings.Contains(missed, "web.default.svc.cluster.local") {
		t.Errorf("missed %s", missed)
	}
}
