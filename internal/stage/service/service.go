// Package service keeps the real servers that an application needs beside
// itself: PostgreSQL and Redis, on a stage, with data that dies with it.
//
// To add one: a type with the methods of Service, made by a function that takes
// the stage, and its tests with a server that dies half way.
package service

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"

	"rehearse/internal/stage"
)

// Service is a running server.
type Service interface {
	Addr() netip.AddrPort        // where every node of the stage reaches it
	Server() string              // what it is: "PostgreSQL 18.4", "miniredis 2.40 (embedded)"
	Reset(context.Context) error // back to how it was at the last Snapshot, or empty
	Done() <-chan struct{}       // closed when it has ended
	Err() error                  // why it ended, with the last lines it printed; nil while it runs
	Close() error                // ends it
}

// ErrMissing says that a server is neither on this machine nor to be had.
var ErrMissing = errors.New("no server")

// host is the environment of a server on the stage: programs, and nothing else.
func host(extra ...string) []string {
	path := os.Getenv("PATH")
	if path == "" {
		path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	}
	return append([]string{"PATH=" + path, "LANG=C.UTF-8", "TZ=UTC"}, extra...)
}

// cache is the user's folder for what is kept between runs.
func cache(dir string) (string, error) {
	if dir != "" {
		return filepath.Abs(dir)
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("cache folder: %w", err)
	}
	return filepath.Join(base, "rehearse"), nil
}

// publish makes the folder dir with fill, at once and whole: two programs that
// do so at the same time both find it whole, and one that is killed leaves only
// a folder beside it whose name begins with a dot, which the next one removes.
func publish(dir string, fill func(tmp string) error) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".new-")
	if err != nil {
		return err
	}
	unlock, err := lock(tmp)
	if err != nil {
		return errors.Join(err, os.RemoveAll(tmp))
	}
	defer unlock()
	sweep(filepath.Dir(dir), tmp)
	if err := fill(tmp); err != nil {
		return errors.Join(err, os.RemoveAll(tmp))
	}
	err = os.Rename(tmp, dir)
	if _, there := os.Stat(dir); err != nil && there == nil {
		err = nil // another program was faster
	}
	return errors.Join(err, os.RemoveAll(tmp))
}

// sweep removes what programs that were killed left half made.
func sweep(dir, ours string) {
	found, _ := filepath.Glob(filepath.Join(dir, ".new-*"))
	for _, f := range found {
		if f == ours {
			continue
		}
		if unlock, err := lock(f); err == nil { // nobody works in it
			_ = os.RemoveAll(f)
			unlock()
		}
	}
}

// ended is why a process of a service ended.
func ended(name string, p *stage.Process) error {
	status, err := p.Wait(context.Background())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return fmt.Errorf("%s ended: %v%s", name, status, lastLines(p.Stderr()))
}

// lastLines shortens what a server printed to what a person reads.
func lastLines(s string) string {
	const most = 600
	if len(s) > most {
		s = "…" + s[len(s)-most:]
	}
	if s == "" {
		return ""
	}
	return "\n" + s
}
