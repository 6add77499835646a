package network

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"reflect"
	"syscall"
	"testing"

	"github.com/miekg/dns"
)

func TestResolver(t *testing.T) {
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v4, v6 := netip.MustParseAddr("10.77.0.2"), netip.MustParseAddr("fd00::2")
	r, err := NewResolver(udp, tcp, map[string][]netip.Addr{
		"api.default.svc.cluster.local": {v4, v6}, "DB.": {v4}, "headless": nil,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, c := range []struct {
		name  string
		kind  uint16
		rcode int
		want  []string
	}{
		{"api.default.svc.cluster.local.", dns.TypeA, dns.RcodeSuccess, []string{"10.77.0.2"}},
		{"API.Default.svc.cluster.local.", dns.TypeA, dns.RcodeSuccess, []string{"10.77.0.2"}},
		{"api.default.svc.cluster.local.", dns.TypeAAAA, dns.RcodeSuccess, []string{"fd00::2"}},
		{"db.", dns.TypeA, dns.RcodeSuccess, []string{"10.77.0.2"}},
		{"db.", dns.TypeAAAA, dns.RcodeSuccess, nil}, // the name exists
		{"db.", dns.TypeSRV, dns.RcodeSuccess, nil},
		{"headless.", dns.TypeA, dns.RcodeSuccess, nil},
		{"api.", dns.TypeA, dns.RcodeNameError, nil},
		{"example.com.", dns.TypeA, dns.RcodeNameError, nil},
	} {
		for _, network := range []struct{ name, addr string }{{"udp", udp.LocalAddr().String()}, {"tcp", tcp.Addr().String()}} {
			client := dns.Client{Net: network.name}
			answer, _, err := client.Exchange(new(dns.Msg).SetQuestion(c.name, c.kind), network.addr)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, rr := range answer.Answer {
				switch rr := rr.(type) {
				case *dns.A:
					got = append(got, rr.A.String())
				case *dns.AAAA:
					got = append(got, rr.AAAA.String())
				}
			}
			if answer.Rcode != c.rcode || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s %s over %s: %s %v, want %s %v", dns.TypeToString[c.kind], c.name, network.name,
					dns.RcodeToString[answer.Rcode], got, dns.RcodeToString[c.rcode], c.want)
			}
		}
	}
	if got, want := r.Missed(), []string{"api", "example.com"}; !reflect.DeepEqual(got, want) {
		t.Errorf("missed %v, want %v", got, want)
	}
}

func TestFiles(t *testing.T) {
	server := netip.MustParseAddr("10.96.0.1")
	for _, c := range []struct {
		search []string
		ndots  int
		want   string
	}{
		{nil, 0, "nameserver 10.96.0.1\n"},
		{[]string{"a.svc", "svc"}, 5, "nameserver 10.96.0.1\nsearch a.svc svc\noptions ndots:5\n"},
	} {
		if got := string(ResolvConf(server, c.search, c.ndots)); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	want := "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n10.96.0.1 api\n10.96.0.1 db\n"
	if got := string(Hosts(map[string]netip.Addr{"db": server, "api": server})); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestForward(t *testing.T) {
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer echo.Close()
	go func() {
		for {
			c, err := echo.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fail := make(chan error, 1)
	f := NewForward(l, func(ctx context.Context) (net.Conn, error) {
		select {
		case err := <-fail:
			return nil, err
		default:
			return net.Dial("tcp", echo.Addr().String())
		}
	})
	client := func(t *testing.T) *net.TCPConn {
		t.Helper()
		c, err := net.Dial("tcp", f.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return c.(*net.TCPConn)
	}
	t.Run("half-closed", func(t *testing.T) {
		c := client(t)
		defer c.Close()
		if _, err := io.WriteString(c, "hello"); err != nil {
			t.Fatal(err)
		}
		if err := c.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(c); err != nil || string(got) != "hello" {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("nothing behind it", func(t *testing.T) {
		fail <- errors.New("nothing there")
		c, err := net.Dial("tcp", f.Addr().String())
		if err == nil { // the reset may be there before the connection is seen
			defer c.Close()
			_, err = c.Read(make([]byte, 1))
		}
		if !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%v, want a reset", err)
		}
	})
	t.Run("closed", func(t *testing.T) {
		c := client(t)
		defer c.Close()
		if _, err := io.WriteString(c, "x"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Error("a connection goes on after Close")
		}
		if _, err := net.Dial("tcp", f.Addr().String()); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%v, want refused", err)
		}
	})
}
