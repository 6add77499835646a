package cli

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rehearse/internal/stage/stagetest"
)

// harmful are the system calls by which a program starts another, speaks with
// the world, or changes a file (Linux manual, syscalls(2)).
var harmful = []string{
	"execve", "execveat", "fork", "vfork", "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "io_uring_setup",
	"open", "openat", "openat2", "creat", "mkdir", "mkdirat", "mknod", "mknodat", "unlink", "unlinkat", "rmdir", "rename", "renameat", "renameat2",
	"link", "linkat", "symlink", "symlinkat", "truncate", "ftruncate", "fallocate", "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown",
	"fchownat", "utimensat", "setxattr", "fsetxattr", "memfd_create", "mount", "umount2", "unshare", "setns", "ptrace", "chroot",
}

// TestCheckHarmless holds rehearse check to its promise: it executes nothing,
// opens no socket and writes nothing.
func TestCheckHarmless(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		stagetest.Skip(t, "needs strace, to see the system calls")
	}
	dir, log := shop(t), filepath.Join(t.TempDir(), "log")
	if out, err := exec.Command(strace, "-o", log, "true").CombinedOutput(); err != nil {
		stagetest.Skip(t, "needs to trace a process, which is not allowed here: ", string(out))
	}
	before := tree(t, dir)
	for _, format := range []string{"text", "json"} {
		cmd := exec.Command(strace, "-f", "-o", log, "-e", "trace="+strings.Join(harmful, ","), "rehearse", "check", "--format", format, dir)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		var exit *exec.ExitError
		if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != Findings {
			t.Fatalf("%v, want exit status %d: %s", err, Findings, &stderr)
		}
		calls, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		executed := 0
		for line := range strings.Lines(string(calls)) {
			call := syscallName.FindStringSubmatch(line)
			switch {
			case call == nil || call[1] == "": // a signal, an exit, the end of a call that was interrupted
			case call[1] == "execve":
				executed++
			case strings.HasPrefix(call[1], "open"):
				if writes.MatchString(line) && !strings.Contains(line, `"/dev/null"`) {
					t.Errorf("it opens a file to write: %s", line)
				}
			default:
				t.Errorf("it does harm: %s", line)
			}
		}
		if executed != 1 {
			t.Errorf("%d programs were executed, want only itself", executed)
		}
	}
	if after := tree(t, dir); after != before {
		t.Errorf("the project was\n%s\nand is\n%s", before, after)
	}
}

var (
	syscallName = regexp.MustCompile(`^\d+ +(\w+)\(`)
	writes      = regexp.MustCompile(`O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE`)
)

// tree writes down what is in a folder: names, modes, sizes and times.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var list strings.Builder
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		list.WriteString(name + " " + info.Mode().String() + " " + info.ModTime().String() + "\n")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list.String()
}
