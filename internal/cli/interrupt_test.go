package cli

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// machine writes down what a run must leave as it was: mounts, namespaces'
// processes of ours, and the folder of temporary files.
type machine struct{ mounts, temporary string }

func look(t *testing.T, tmp string) machine {
	t.Helper()
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return machine{string(mounts), strings.Join(names, " ")}
}

// marked returns the processes that have a text in their environment, but this
// one: what a run has started and left.
func marked(text string) []string {
	var found []string
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		data, err := os.ReadFile(filepath.Join(dir, "environ"))
		if err == nil && bytes.Contains(data, []byte(text)) {
			line, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
			found = append(found, filepath.Base(dir)+" "+strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

// descendants returns the processes below one: they are gone when it is.
func descendants(pid int) []int {
	var all []int
	for next := []int{pid}; len(next) > 0; {
		var children []int
		for _, p := range next {
			files, _ := filepath.Glob("/proc/" + itoa(p) + "/task/*/children")
			for _, f := range files {
				data, _ := os.ReadFile(f)
				for _, word := range strings.Fields(string(data)) {
					children = append(children, atoi(word))
				}
			}
		}
		all = append(all, children...)
		next = children
	}
	return all
}

// identity tells a process from a later one of its number.
func identity(pid int) string {
	data, err := os.ReadFile("/proc/" + itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if fields[0] == "Z" {
		return ""
	}
	return fields[19] // starttime, proc(5)
}

// TestInterrupted ends the main job at moments of chance, softly and hard, and
// looks what is left: nothing.
func TestInterrupted(t *testing.T) {
	needs(t, "go", "node", "npm")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	dir := shop(t)
	for _, c := range []struct {
		name    string
		cache   string // where what is built and fetched is kept
		moments int
		span    time.Duration
	}{
		{"warm", "", 5, 5 * time.Second},
		{"cold", t.TempDir(), 4, 8 * time.Second},
	} {
		env := []string{}
		if c.cache == "" {
			rehearse(t, nil, dir) // now everything is in the user's cache
		} else {
			env = append(env, "XDG_CACHE_HOME="+c.cache)
		}
		for i := range c.moments {
			sig := []syscall.Signal{syscall.SIGINT, syscall.SIGKILL}[i%2]
			at := time.Duration(chance.Int64N(int64(c.span)))
			if i == 0 {
				at = 30 * time.Millisecond
			}
			t.Run(c.name+" "+sig.String()+" after "+at.Round(time.Millisecond).String(), func(t *testing.T) { interrupt(t, dir, env, at, sig) })
		}
		d, _ := played(t, Findings, env, dir)
		same(t, d.verdicts(), join(shopAPI, shopWeb, shopWorker))
	}
}

func interrupt(t *testing.T, dir string, env []string, at time.Duration, sig syscall.Signal) {
	tmp, mark := t.TempDir(), "REHEARSE_TEST_MARK="+t.Name()
	before := look(t, tmp)
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	cmd := command(ctx, dir)
	cmd.Env = append(append(os.Environ(), env...), "TMPDIR="+tmp, mark)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(at)
	born := map[int]string{}
	for _, pid := range descendants(cmd.Process.Pid) {
		born[pid] = identity(pid)
	}
	if err := cmd.Process.Signal(sig); errors.Is(err, os.ErrProcessDone) {
		t.Skip("it had ended already")
	}
	sent := time.Now()
	err := cmd.Wait()
	if took := time.Since(sent); took > 5*time.Second {
		t.Errorf("it took %v to end", took)
	}
	if sig == syscall.SIGINT {
		var exit *exec.ExitError
		switch {
		case errors.As(err, &exit) && exit.ExitCode() == Findings && stdout.Len() > 0: // it was at its end
		case errors.As(err, &exit) && exit.ExitCode() < 0 && len(born) == 0 && stdout.Len() == 0: // it had not begun to listen for signals, nor anything else
		case !errors.As(err, &exit) || exit.ExitCode() != Incomplete:
			t.Errorf("%v, want exit status %d", err, Incomplete)
		case !strings.Contains(stderr.String(), "interrupted") || stdout.Len() > 0:
			t.Errorf("it says %q and %q", stdout.String(), stderr.String())
		}
	}
	// The kernel takes a killed program's namespaces away by itself, in its own time.
	var left []string
	for range 100 {
		left = marked(mark)
		for pid, was := range born {
			if is := identity(pid); is != "" && is == was {
				left = append(left, itoa(pid))
			}
		}
		if len(left) == 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if len(left) > 0 {
		t.Errorf("processes are left: %v", left)
	}
	if after := look(t, tmp); after.mounts != before.mounts {
		t.Errorf("mounts were\n%s\nand are\n%s", before.mounts, after.mounts)
	} else if after.temporary != before.temporary {
		t.Errorf("in the folder of temporary files is %s", after.temporary)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
