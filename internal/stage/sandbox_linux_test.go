package stage

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rehearse/internal/stage/stagetest"
)

func TestMounts(t *testing.T) {
	s := open(t, Options{})
	awkward := write(t, filepath.Join(t.TempDir(), `a:b,c\d "e"`), map[string]string{"x": "lower", "only": "lower", "d/e/f": "deep"})
	upper := write(t, t.TempDir(), map[string]string{"x": "upper"})
	secret := write(t, t.TempDir(), map[string]string{"s": "secret"})
	if err := os.Symlink(secret, filepath.Join(upper, "out")); err != nil {
		t.Fatal(err)
	}
	app := Mount{Target: "/app", Lowers: []string{upper, awkward}}
	for _, c := range []struct {
		name    string
		replica Replica
		script  string
		out     string
	}{
		{"layers", Replica{Mounts: []Mount{app}, Dir: "/app"}, "cat x only d/e/f", "upperlowerdeep"},
		{"a copy", Replica{Mounts: []Mount{app}, Dir: "/app"}, "echo new > x; rm only; cat x; ls only 2>/dev/null", "new\n"},
		{"hidden file", Replica{Mounts: []Mount{app}, Dir: "/app", Hide: []string{"/app/x", "/app/not/there"}}, "ls", "d\nonly\nout\n"},
		{"hidden folder", Replica{Mounts: []Mount{app}, Dir: "/app", Hide: []string{"/app/d/e"}}, "ls d; ls", "d\nonly\nout\nx\n"},
		{"hidden, then made again", Replica{Mounts: []Mount{app}, Dir: "/app", Hide: []string{"/app/d"}}, "mkdir d; ls d", ""},
		{"hidden program", Replica{Hide: []string{"/bin/cat", "/usr/share"}}, "ls /usr/share 2>/dev/null; cat /etc/hosts 2>/dev/null || echo none", "none\n"},
		{"file", Replica{Mounts: []Mount{app}, Files: []File{{Path: "/app/n/x", Data: []byte("made"), Mode: 0o600}}}, "cat /app/n/x; stat -c %a /app/n/x", "made600\n"},
		{"a link out of the project leads nowhere", Replica{Mounts: []Mount{app}, Dir: "/app"}, "cat out/s 2>/dev/null || echo none", "none\n"},
		{"file instead of a hidden one", Replica{Mounts: []Mount{app}, Hide: []string{"/app/d"}, Files: []File{{Path: "/app/d/new", Data: []byte("n")}}}, "ls /app/d", "new\n"},
		{"files over the machine's", Replica{Files: []File{{Path: "/etc/passwd", Data: []byte("p")}, {Path: "/usr/bin/mine", Data: []byte("m")}, {Path: "/bin/ours", Data: []byte("o")}}}, "cat /etc/passwd /bin/mine /usr/bin/ours", "pmo"},
		{"below the machine's", Replica{Mounts: []Mount{{Target: "/usr/src/app/x", Lowers: []string{upper}}, {Target: "/opt/ro", Kind: ReadOnly, Lowers: []string{upper}}}, Dir: "/usr/src/app"}, "cat x/x /opt/ro/x; echo w > new", "upperupper"},
		{"a home below the machine's", Replica{Env: []string{paths, "HOME=/usr/share/home"}}, "touch ~/x; ls ~", "x\n"},
		{"a file under a mount", Replica{Mounts: []Mount{app, {Target: "/app/d", Kind: Empty}}, Files: []File{{Path: "/app/d/f", Data: []byte("f")}}}, "cat /app/d/f", "f"},
		{"read-only", Replica{Mounts: []Mount{{Target: "/ro", Kind: ReadOnly, Lowers: []string{upper}}}}, "cat /ro/x; echo 1 2>/dev/null > /ro/x || echo no", "upperno\n"},
		{"memory", Replica{Mounts: []Mount{{Target: "/app/data", Kind: Empty, Size: 1 << 20}}}, "head -c 4000000 /dev/zero 2>/dev/null > /app/data/x; stat -c %s /app/data/x", "1048576\n"},
		{"a mount in a mount", Replica{Mounts: []Mount{app, {Target: "/app/d", Lowers: []string{upper}}}}, "ls /app/d", "out\nx\n"},
		{"bounded disk", Replica{Limits: Limits{Disk: 1 << 20}}, "head -c 4000000 /dev/zero 2>/dev/null > /tmp/x; stat -c %s /tmp/x", ""},
		{"bounded file", Replica{Limits: Limits{FileSize: 1000}}, "head -c 4000 /dev/zero 2>/dev/null > /tmp/x; stat -c %s /tmp/x", "1000\n"},
		{"user", Replica{User: 1000}, "id -u; id -g; touch /tmp/a && echo ok", "1000\n1000\nok\n"},
		{"hosts", Replica{Hosts: []byte("10.0.0.1 db\n"), Resolv: []byte("nameserver 10.96.0.1\n")}, "cat /etc/hosts /etc/resolv.conf; getent hosts db", "10.0.0.1 db\nnameserver 10.96.0.1\n10.0.0.1        db\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, status := run(t, s, c.replica, c.script)
			if c.name == "bounded disk" {
				if n, err := strconv.Atoi(strings.TrimSpace(p.Stdout())); err != nil || n > 1<<20 {
					t.Errorf("wrote %q bytes, want at most 1 MiB", p.Stdout())
				}
				return
			}
			if p.Stdout() != c.out {
				t.Errorf("%v, printed %q, want %q (%s)", status, p.Stdout(), c.out, p.Stderr())
			}
		})
	}
	t.Run("writable", func(t *testing.T) {
		dir := t.TempDir()
		run(t, s, Replica{Mounts: []Mount{{Target: "/cache", Kind: Writable, Lowers: []string{dir}}}}, "echo kept > /cache/x")
		if data, err := os.ReadFile(filepath.Join(dir, "x")); err != nil || string(data) != "kept\n" {
			t.Errorf("%q, %v", data, err)
		}
	})
	for file, want := range map[string]string{filepath.Join(awkward, "only"): "lower", filepath.Join(upper, "x"): "upper"} {
		if data, err := os.ReadFile(file); err != nil || string(data) != want {
			t.Errorf("%s was changed: %q, %v", file, data, err)
		}
	}
}

// Nothing of the machine but its programs is in view.
func TestInvisible(t *testing.T) {
	s := open(t, Options{})
	dir := write(t, t.TempDir(), map[string]string{"secret": "x"})
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{dir, filepath.Join(home, "."), wd, "/proc/" + strconv.Itoa(os.Getpid()) + "/environ", "/proc/1/root" + dir} {
		script := fmt.Sprintf("ls -A %q 2>/dev/null | head -1; exit 0", p)
		if got, _ := run(t, s, Replica{}, script); got.Stdout() != "" {
			t.Errorf("%s is in view: %q", p, got.Stdout())
		}
	}
	p, _ := run(t, s, Replica{}, "ls -d /proc/[0-9]* | wc -l; cat /proc/1/cmdline | tr '\\0' ' '; ls /proc/1/fd")
	if lines := strings.Split(p.Stdout(), "\n"); len(lines) < 4 || !strings.HasPrefix(lines[1], "sh -c") || strings.Contains(p.Stdout(), "\n4\n") {
		t.Errorf("other processes or files are in view:\n%s", p.Stdout())
	}
}

func TestStartErrors(t *testing.T) {
	s := open(t, Options{})
	dir := write(t, t.TempDir(), map[string]string{"text": "not a program"})
	for _, c := range []struct {
		name    string
		replica Replica
		want    string
		program bool
	}{
		{"no such program", Replica{Argv: []string{"nothing-of-that-name"}}, "exec nothing-of-that-name: executable file not found in $PATH", true},
		{"no such path", Replica{Argv: []string{"/no/such"}}, "exec /no/such: no such file or directory", true},
		{"not executable", Replica{Argv: []string{"/a/text"}, Mounts: []Mount{{Target: "/a", Lowers: []string{dir}}}}, "exec /a/text: permission denied", true},
		{"no command", Replica{}, "no command", false},
		{"NUL", Replica{Argv: []string{"true"}, Env: []string{"A=\x00"}}, "NUL byte", false},
		{"no such folder", Replica{Argv: []string{"true"}, Mounts: []Mount{{Target: "/a", Lowers: []string{dir + "/none"}}}}, "mount /a: no such file or directory", false},
		{"relative target", Replica{Argv: []string{"true"}, Mounts: []Mount{{Target: "a", Lowers: []string{dir}}}}, "not absolute", false},
		{"hidden bind", Replica{Argv: []string{"true"}, Hide: []string{"/a/text"}, Mounts: []Mount{{Target: "/a", Kind: Writable, Lowers: []string{dir}}}}, "leave that mount out", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.replica.Node = s.Outside()
			if c.replica.Env == nil {
				c.replica.Env = []string{paths}
			}
			_, err := s.Start(t.Context(), c.replica)
			var start *StartError
			if !errors.As(err, &start) || !strings.Contains(err.Error(), c.want) || start.Program() != c.program {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestOutputIsBounded(t *testing.T) {
	s := open(t, Options{})
	var all bytes.Buffer
	p, status := run(t, s, Replica{Stdout: &all}, "seq 1 200000; echo last; echo oops >&2")
	got := p.Stdout()
	if len(got) > tailSize || len(got) < tailSize-20 || !strings.HasSuffix(got, "\n200000\nlast\n") {
		t.Errorf("kept %d bytes, ending in %q", len(got), got[max(0, len(got)-20):])
	}
	if first, _, _ := strings.Cut(got, "\n"); len(first) != 6 {
		t.Errorf("begins in the middle of a line: %q", first)
	}
	if lines := strings.Count(all.String(), "\n"); lines != 200001 {
		t.Errorf("the writer got %d lines of 200001", lines)
	}
	if p.Stderr() != "oops\n" || status.Code != 0 {
		t.Errorf("%v, %q", status, p.Stderr())
	}
}

func TestBounds(t *testing.T) {
	s := open(t, Options{})
	t.Run("processes", func(t *testing.T) {
		for _, limit := range s.Limits() {
			if strings.Contains(limit, "number of processes is not bounded") {
				t.Skip("needs Linux 6.14, or another user than root:", limit)
			}
		}
		p, _ := run(t, s, Replica{Limits: Limits{Processes: 400}}, `n=0; while [ $n -lt 2000 ]; do sleep 100 & n=$((n+1)); done 2>/dev/null; echo all`)
		if strings.Contains(p.Stdout(), "all") {
			t.Error("2000 processes were started where 400 are allowed")
		}
	})
	t.Run("memory", func(t *testing.T) {
		begin := time.Now()
		_, status := run(t, s, Replica{Limits: Limits{Memory: 64 << 20}}, "sh -c 'tail /dev/zero' & wait; echo over")
		if !status.Exceeded || status.Code != 137 {
			t.Errorf("%v, want 137 for too much memory", status)
		}
		t.Log("killed after", time.Since(begin))
	})
}

func TestEnds(t *testing.T) {
	s := open(t, Options{})
	start := func(script string) *Process {
		t.Helper()
		p, err := s.Start(t.Context(), Replica{Node: s.Outside(), Argv: []string{"sh", "-c", script}, Env: []string{paths}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	t.Run("killed", func(t *testing.T) {
		p := start("sleep 1000 & sleep 1000")
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		if status, err := p.Wait(t.Context()); err != nil || status.Signal != syscall.SIGKILL || status.Code != 137 {
			t.Errorf("%v, %v", status, err)
		}
		if err := p.Kill(); err != nil {
			t.Error("a second Kill:", err)
		}
	})
	t.Run("asked to end", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		ready, done := newLine()
		p, err := s.Start(ctx, Replica{Node: s.Outside(), Env: []string{paths}, Stdout: ready,
			Argv: []string{"sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done"}})
		if err != nil {
			t.Fatal(err)
		}
		<-done
		if status, err := p.Stop(ctx); err != nil || status.Code != 7 {
			t.Errorf("%v, %v", status, err)
		}
	})
	t.Run("ignores the request", func(t *testing.T) {
		p := start("sleep 1000") // process 1 without a handler does not hear it
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if status, err := p.Stop(ctx); err != nil || status.Code != 137 {
			t.Errorf("%v, %v", status, err)
		}
	})
	t.Run("ends before it is ready", func(t *testing.T) {
		p := start("exit 4")
		var ended *EndedError
		if err := p.Ready(t.Context(), "127.0.0.1:5000"); !errors.As(err, &ended) || ended.Status.Code != 4 {
			t.Errorf("%v, want that it ended with 4", err)
		}
	})
	t.Run("the stage is closed", func(t *testing.T) {
		other := open(t, Options{})
		p, err := other.Start(t.Context(), Replica{Node: other.Outside(), Argv: []string{"sleep", "1000"}, Env: []string{paths}})
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Wait(t.Context()); err == nil {
			t.Error("a process of a closed stage ended well")
		}
		if _, err := other.Node(t.Context(), "late"); err == nil {
			t.Error("a closed stage gave a node")
		}
	})
}

// Where the supervisor is killed, its processes end with it, and everyone hears of it.
func TestKilledSupervisor(t *testing.T) {
	s, err := Open(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Plain() {
		stagetest.Skip(t, "needs Linux namespaces:", s.Limits())
	}
	p, err := s.Start(t.Context(), Replica{Node: s.Outside(), Argv: []string{"sleep", "1000"}, Env: []string{paths}})
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		data, _ := os.ReadFile(task) // the thread may have ended
		for _, child := range strings.Fields(string(data)) {
			if pid, err := strconv.Atoi(child); err == nil {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
	if _, err := p.Wait(t.Context()); err == nil {
		t.Error("a process of a killed stage ended well")
	}
	<-s.Done()
	for _, err := range []error{p.Ready(t.Context(), "127.0.0.1:1"), func() error { _, err := s.Node(t.Context(), "a"); return err }()} {
		if err == nil {
			t.Error("a killed stage goes on")
		}
	}
	_ = s.Close() // there is nothing left to close
}

// line is a writer that tells of the first line.
type line struct{ first chan struct{} }

func newLine() (*line, <-chan struct{}) {
	l := &line{make(chan struct{})}
	return l, l.first
}

func (l *line) Write(p []byte) (int, error) {
	if l.first != nil && bytes.ContainsRune(p, '\n') {
		close(l.first)
		l.first = nil
	}
	return len(p), nil
}

// killed is set in a copy of the test that opens a stage, says so, and waits to be killed.
const killed = "STAGE_TEST_KILLED"

func TestKilledParentLeavesNothing(t *testing.T) {
	if os.Getenv(killed) != "" {
		s := open(t, Options{})
		n := node(t, s, "a")
		for range 3 {
			if _, err := s.Start(t.Context(), Replica{Node: n, Argv: []string{"sh", "-c", "sleep 98765 & exec sleep 98765"}, Env: []string{paths}}); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Println("on stage")
		select {}
	}
	open(t, Options{}) // skips where there is none
	before := left(t)
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledParentLeavesNothing$")
		temp := t.TempDir()
		cmd.Env = append(os.Environ(), killed+"=1", "TMPDIR="+temp)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for lines.Scan() && lines.Text() != "on stage" {
		}
		if n := len(left(t)); n <= len(before) {
			t.Fatalf("%d processes where some should run", n)
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		deadline := time.Now().Add(5 * time.Second)
		for len(left(t)) > len(before) {
			if time.Now().After(deadline) {
				t.Fatalf("after %v these go on: %v", sig, left(t))
			}
		}
		if entries, err := os.ReadDir(temp); err != nil || len(entries) > 0 {
			t.Errorf("after %v there is %v, %v", sig, entries, err)
		}
	}
}

// left lists the processes of the machine that the killed test started.
func left(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		data, _ := os.ReadFile(f) // it may have ended
		if text := strings.ReplaceAll(string(data), "\x00", " "); strings.HasPrefix(text, "sleep 98765") {
			out = append(out, filepath.Dir(f))
		}
	}
	return out
}

// The whole suite again as a user without any right, where this is root's.
func TestUnprivileged(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to run as another user; without root every other test is this one")
	}
	stagetest.Unprivileged(t, "^Test(Process|Reach|Service|Mounts|Invisible|StartErrors|Bounds|Ends)$")
}

func TestWritten(t *testing.T) {
	s := open(t, Options{})
	dir := write(t, t.TempDir(), map[string]string{"kept": "1", "gone": "2", "changed": "3"})
	p, _ := run(t, s, Replica{Dir: "/app", Mounts: []Mount{{Target: "/app", Lowers: []string{dir}}}},
		"rm gone; echo more >> changed; mkdir -p uploads/a; echo hello > uploads/a/x; echo no > /tmp/elsewhere")
	changes, err := p.Written(t.Context(), "/app")
	if err != nil {
		t.Fatal(err)
	}
	want := []Change{{Path: "/app/changed", Size: 6}, {Path: "/app/gone", Removed: true}, {Path: "/app/uploads/a/x", Size: 6}}
	if fmt.Sprint(changes) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", changes, want)
	}
}
