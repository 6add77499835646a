package stage

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// plainLimits says in words what a plain stage cannot rehearse.
func plainLimits(reason string) []string {
	return []string{
		"no namespaces (" + reason + ")",
		"every node is this machine's loopback: names of services, unreachable addresses and two replicas on one port cannot be rehearsed",
		"a process sees this machine's files: a missing file or program cannot be rehearsed",
		"the bounds on processes, memory and disk are not in force",
		"when this program is killed with SIGKILL, what it started may go on",
	}
}

// startPlain starts the replica as an ordinary process with a clean
// environment, in a copy of the directories that are laid over its own.
func (p *Process) startPlain() error {
	r := p.Replica
	if len(r.Argv) == 0 {
		return &StartError{Step: "exec", Text: "no command"}
	}
	s := p.stage
	s.mu.Lock()
	s.number++
	root := filepath.Join(s.folder, fmt.Sprint(s.number))
	s.mu.Unlock()
	view, err := plainView(root, r)
	if err != nil {
		return err
	}
	program, err := view.program(r)
	if err != nil {
		return err
	}
	p.cmd = &exec.Cmd{Path: program, Args: r.Argv, Env: r.Env, Dir: view.real(r.Dir)}
	if p.cmd.Env == nil {
		p.cmd.Env = []string{}
	}
	p.cmd.Stdout = writer{&p.out, r.Stdout}
	p.cmd.Stderr = writer{&p.errout, r.Stderr}
	// A grandchild may keep the pipes open after the process has ended.
	p.cmd.WaitDelay = 100 * time.Millisecond
	setGroup(p.cmd)
	started := time.Now()
	s.mu.Lock()
	if s.closed {
		err = errClosed
	} else if err = p.cmd.Start(); err != nil {
		err = &StartError{Step: "exec " + r.Argv[0], Text: err.Error()}
	} else {
		s.running[p] = struct{}{}
	}
	s.mu.Unlock()
	if err != nil {
		return errors.Join(err, os.RemoveAll(root))
	}
	go func() {
		err := p.cmd.Wait()
		killGroup(p.cmd)
		status := plainStatus(p.cmd)
		status.Duration = time.Since(started)
		var exit *exec.ExitError
		if errors.As(err, &exit) || errors.Is(err, exec.ErrWaitDelay) {
			err = nil
		}
		_ = os.RemoveAll(root)
		p.finish(status, err)
	}()
	return nil
}

// writer sends a stream of a plain process to its tail and the caller's writer.
type writer struct {
	tail  *tail
	extra interface{ Write([]byte) (int, error) }
}

func (w writer) Write(b []byte) (int, error) {
	w.tail.write(b)
	if w.extra != nil {
		_, _ = w.extra.Write(b) // a failing copy must not stop the process
	}
	return len(b), nil
}

// view maps paths as the replica names them to paths of the machine.
type view struct {
	targets []string
	dirs    []string
}

// plainView copies what is overlaid, so that the project is not written to.
func plainView(root string, r Replica) (*view, error) {
	v := &view{}
	for i, m := range r.Mounts {
		switch m.Kind {
		case ReadOnly, Writable:
			if len(m.Lowers) == 1 {
				v.targets, v.dirs = append(v.targets, path.Clean(m.Target)), append(v.dirs, m.Lowers[0])
			}
			continue
		}
		dir := filepath.Join(root, fmt.Sprint(i))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for _, lower := range m.Lowers { // the topmost first: what is there stays
			if err := copyTree(dir, lower, seen); err != nil {
				return nil, &StartError{Step: "mount " + m.Target, Text: err.Error()}
			}
		}
		v.targets, v.dirs = append(v.targets, path.Clean(m.Target)), append(v.dirs, dir)
	}
	for _, h := range r.Hide {
		if real := v.real(h); strings.HasPrefix(real, root+string(filepath.Separator)) {
			if err := os.RemoveAll(real); err != nil {
				return nil, err
			}
		}
	}
	for _, f := range r.Files {
		real := v.real(f.Path)
		if !strings.HasPrefix(real, root+string(filepath.Separator)) {
			continue // it would be the machine's own
		}
		if err := os.MkdirAll(filepath.Dir(real), 0o755); err != nil {
			return nil, err
		}
		mode := os.FileMode(f.Mode)
		if mode == 0 {
			mode = 0o644
		}
		if err := os.WriteFile(real, f.Data, mode); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// real gives the machine's path of a path that the replica names.
func (v *view) real(p string) string {
	if p == "" {
		p = "/"
	}
	p = path.Clean(filepath.ToSlash(p))
	for i := len(v.targets) - 1; i >= 0; i-- {
		if t := v.targets[i]; p == t || strings.HasPrefix(p, strings.TrimSuffix(t, "/")+"/") {
			return filepath.Join(v.dirs[i], filepath.FromSlash(strings.TrimPrefix(p, t)))
		}
	}
	return filepath.FromSlash(p)
}

// program finds the program in the PATH of the replica.
func (v *view) program(r Replica) (string, error) {
	name := r.Argv[0]
	if strings.ContainsAny(name, `/\`) {
		if !filepath.IsAbs(name) && !path.IsAbs(name) {
			name = path.Join(r.Dir, name)
		}
		return v.real(name), nil
	}
	search := ""
	for _, e := range r.Env {
		if k, value, ok := strings.Cut(e, "="); ok && (k == "PATH" || runtime.GOOS == "windows" && strings.EqualFold(k, "PATH")) {
			search = value
		}
	}
	for _, dir := range filepath.SplitList(search) {
		if found, err := exec.LookPath(filepath.Join(v.real(dir), name)); err == nil {
			return found, nil
		}
	}
	return "", &StartError{Step: "exec " + name, Text: exec.ErrNotFound.Error()}
}

// copyTree copies the files of a directory that are not there yet.
func copyTree(to, from string, seen map[string]bool) error {
	return filepath.WalkDir(from, func(name string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case entry.IsDir():
			if seen[rel] {
				return nil
			}
			seen[rel] = true
			info, err := entry.Info()
			if err != nil {
				return err
			}
			if err := os.MkdirAll(target, 0o755); err != nil {
				return err
			}
			return os.Chmod(target, info.Mode().Perm()|0o700)
		case seen[rel]:
			return nil
		}
		seen[rel] = true
		if entry.Type()&os.ModeSymlink != 0 {
			link, err := os.Readlink(name)
			if err != nil {
				return err
			}
			return os.Symlink(link, target)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return copyFile(target, name, info.Mode().Perm())
	})
}

func copyFile(to, from string, mode os.FileMode) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	_, err = io.Copy(target, source)
	return err
}
