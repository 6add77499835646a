package stage

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// Below /etc of a container and below many a working tree something is mounted.
func TestMountsBelow(t *testing.T) {
	const inside = "REHEARSE_TEST_MOUNTS"
	if os.Getenv(inside) == "" {
		s := open(t, Options{}) // or there are no namespaces to do this in
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0], "-test.run", "^TestMountsBelow$", "-test.v")
		cmd.Env = append(os.Environ(), inside+"="+t.TempDir())
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
		}
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	dir := os.Getenv(inside)
	project := write(t, filepath.Join(dir, "project"), map[string]string{
		"main.sh": "top", "src/a": "a", "src/deep/b": "b", "modules/c": "covered", "large": strings.Repeat("x", 100_000),
	})
	if err := os.Symlink("main.sh", filepath.Join(project, "link")); err != nil {
		t.Fatal(err)
	}
	hosts := filepath.Join(write(t, filepath.Join(dir, "other"), map[string]string{"hosts": "10.0.0.1 machine\n"}), "hosts")
	mount := func(source, target, kind string, flags uintptr) {
		t.Helper()
		if err := unix.Mount(source, target, kind, flags, ""); err != nil {
			t.Fatalf("mount %s: %v", target, err)
		}
	}
	mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE)
	mount(hosts, "/etc/hosts", "", unix.MS_BIND)
	mount("none", filepath.Join(project, "modules"), "tmpfs", 0)
	write(t, filepath.Join(project, "modules"), map[string]string{"c": "mounted"})

	s := open(t, Options{})
	p, status := run(t, s, Replica{Dir: "/project", Mounts: []Mount{{Target: "/project", Lowers: []string{project}}}, Hide: []string{"/project/src/a"}},
		`set -e
		cat main.sh link src/deep/b modules/c; wc -c <large; test ! -e src/a; grep -c machine /etc/hosts || true
		echo new >main.sh; echo new >src/deep/b; echo new >modules/c; echo new >/etc/new; cat main.sh src/deep/b modules/c /etc/new`)
	if want := "toptopbmounted100000\n0\nnew\nnew\nnew\nnew\n"; p.Stdout() != want || status.Code != 0 {
		t.Errorf("%v: %q, want %q\n%s", status, p.Stdout(), want, p.Stderr())
	}
	for name, want := range map[string]string{"main.sh": "top", "src/a": "a", "src/deep/b": "b", "modules/c": "mounted"} {
		if got, err := os.ReadFile(filepath.Join(project, name)); err != nil || string(got) != want {
			t.Errorf("%s of the machine: %q, %v, want %q", name, got, err, want)
		}
	}
}
