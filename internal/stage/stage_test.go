package stage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rehearse/internal/stage/stagetest"
)

func TestMain(m *testing.M) {
	Enter()
	os.Exit(m.Run())
}

// open opens a stage for a test, and skips where the machine has none.
func open(t testing.TB, o Options) *Stage {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if !o.Plain && s.Plain() {
		stagetest.Skip(t, "needs Linux namespaces:", s.Limits())
	}
	return s
}

// paths is where the programs of a test are.
const paths = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// run runs a shell command to its end.
func run(t testing.TB, s *Stage, r Replica, script string) (*Process, Status) {
	t.Helper()
	r.Argv = []string{"sh", "-c", script}
	if r.Env == nil {
		r.Env = []string{paths}
	}
	if r.Node == nil {
		r.Node = s.Outside()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	p, err := s.Start(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	status, err := p.Wait(ctx)
	if err != nil {
		t.Fatal(errors.Join(err, p.Kill()))
	}
	return p, status
}

// write makes files below dir.
func write(t testing.TB, dir string, files map[string]string) string {
	t.Helper()
	for name, data := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestProcess(t *testing.T) {
	s := open(t, Options{})
	t.Setenv("SECRET_OF_THE_MACHINE", "x")
	for _, c := range []struct {
		name, script, out string
		code              int
	}{
		{"exit status", "exit 3", "", 3},
		{"process 1", "echo $$", "1\n", 0},
		{"environment", "env | sort", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nPWD=/\n", 0},
		{"host name", "hostname; cat /etc/hostname", "api\napi\n", 0},
		{"root", "ls -A / | grep -v -E '^(bin|sbin|lib.*|opt|nix|gnu)$' | tr '\\n' ' '", "dev etc proc root run tmp usr var ", 0},
		{"homes are empty", "ls -A /root /run", "/root:\n\n/run:\n", 0},
		{"writes succeed", "echo a > /usr/new && rm /etc/passwd && ls /etc/passwd 2>/dev/null; cat /usr/new", "a\n", 0},
		{"no write outlives its process", "test -e /etc/passwd && ! test -e /usr/new", "", 0},
		{"kernel settings", "echo 1 2>/dev/null > /proc/sys/kernel/pid_max || echo no", "no\n", 0},
		{"no mounts", "mount -t tmpfs x /tmp 2>/dev/null || echo no", "no\n", 0},
		{"orphans end with process 1", "sleep 1000 & exit 0", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, status := run(t, s, Replica{Name: "api"}, c.script)
			if status.Code != c.code || p.Stdout() != c.out {
				t.Errorf("%v, printed %q, want status %d and %q (%s)", status, p.Stdout(), c.code, c.out, p.Stderr())
			}
		})
	}
}
