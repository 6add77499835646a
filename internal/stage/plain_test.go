package stage

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestPlain(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a POSIX shell")
	}
	t.Setenv("SECRET_OF_THE_MACHINE", "x")
	s := open(t, Options{Plain: true})
	if !s.Plain() || len(s.Limits()) == 0 {
		t.Errorf("plain %v, limits %v", s.Plain(), s.Limits())
	}
	dir := write(t, t.TempDir(), map[string]string{"x": "lower", "y": "lower"})
	upper := write(t, t.TempDir(), map[string]string{"x": "upper"})
	app := Replica{Dir: "/app", Mounts: []Mount{{Target: "/app", Lowers: []string{upper, dir}}}}
	for _, c := range []struct {
		name, script, out string
		code              int
	}{
		{"environment", "env | grep -v -E '^(PATH|PWD|OLDPWD|SHLVL|_)='", "", 1},
		{"a copy", "cat x y; echo new > x; rm y", "upperlower", 0},
		{"again", "cat x y", "upperlower", 0},
		{"killed", "kill -9 $$", "", 137},
		{"children end with it", "sleep 1000 & exit 5", "", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, status := run(t, s, app, c.script)
			if p.Stdout() != c.out || status.Code != c.code {
				t.Errorf("%v, %q, want %d and %q", status, p.Stdout(), c.code, c.out)
			}
		})
	}
	t.Run("start errors", func(t *testing.T) {
		_, err := s.Start(t.Context(), Replica{Node: s.Outside(), Argv: []string{"nothing-of-that-name"}, Env: []string{paths}})
		var start *StartError
		if !errors.As(err, &start) || !start.Program() {
			t.Errorf("%v, want a program that is not there", err)
		}
	})
	t.Run("service", func(t *testing.T) {
		n := node(t, s, "a")
		l := greet(t, n, "127.0.0.1:0", "a")
		free, err := n.Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		at := netip.MustParseAddrPort(free.Addr().String())
		free.Close()
		service, err := s.Service(t.Context(), at, netip.MustParseAddrPort(l.Addr().String()))
		if err != nil {
			t.Fatal(err)
		}
		if got := hear(t, n, at.String()); got != "a" {
			t.Errorf("heard %q", got)
		}
		if err := service.Set(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := hear(t, n, at.String()); got != "refused" {
			t.Errorf("without endpoints heard %q", got)
		}
	})
	t.Run("closed while running", func(t *testing.T) {
		other := open(t, Options{Plain: true})
		p, err := other.Start(t.Context(), Replica{Node: other.Outside(), Argv: []string{"sh", "-c", "sleep 1000 & sleep 1000"}, Env: []string{paths}})
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if status, err := p.Wait(ctx); err != nil || status.Code != 137 {
			t.Errorf("%v, %v", status, err)
		}
		if _, err := os.Stat(other.folder); !os.IsNotExist(err) {
			t.Errorf("the folder is still there: %v", err)
		}
	})
}

// The machine's own network, as a package manager needs it, and nothing else of the machine.
func TestHostNetwork(t *testing.T) {
	s := open(t, Options{HostNetwork: true})
	l := greet(t, &Node{stage: &Stage{}}, "127.0.0.1:0", "the machine")
	if got := hear(t, s.Outside(), l.Addr().String()); got != "the machine" {
		t.Errorf("heard %q", got)
	}
	p, _ := run(t, s, Replica{}, "cat /etc/resolv.conf; ls -A /root")
	want, err := os.ReadFile("/etc/resolv.conf")
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if p.Stdout() != string(want) {
		t.Errorf("resolv.conf and home are %q, want the machine's %q and nothing", p.Stdout(), want)
	}
	if _, err := s.Node(t.Context(), "a"); err == nil || !strings.Contains(err.Error(), "no nodes") {
		t.Errorf("a node: %v", err)
	}
}
