package scene

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rehearse/internal/stage"
)

// prepared is what was built of a role before it is played.
type prepared struct {
	binary  string // of the machine, of a Go component
	modules string // of the machine: a node_modules that the working tree does not have
	modDir  string // where these belong, relative to the project's root
}

// projectRoot is where the project lies on the stage.
const projectRoot = "/project"

// Prepare builds what the roles need and the working tree does not hold: Go
// binaries, and packages from npm. It runs in a sandbox that sees the project
// and the caches of these tools and nothing else, but has the machine's network
// to fetch packages by. What it makes is kept in the cache. A role that cannot
// be prepared is skipped, with the reason.
func (s *Scene) Prepare(ctx context.Context, progress func(string)) error {
	var ready []*Role
	var workshop *stage.Stage
	defer func() {
		if workshop != nil {
			_ = workshop.Close() // nothing of it is left to lose
		}
	}()
	for _, r := range s.Roles {
		job, err := s.job(r)
		if err != nil {
			s.skip(r.Name(), err.Error())
			continue
		}
		if job != nil {
			progress("preparing " + r.Name() + ": " + job.what)
			if workshop == nil {
				if workshop, err = stage.Open(ctx, stage.Options{HostNetwork: true, Plain: s.Plain}); err != nil {
					return err
				}
			}
			if err := job.run(ctx, workshop, s.Dir); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				s.skip(r.Name(), s.Redact(err.Error())) // of what all the roles have: soon this is none
				continue
			}
		}
		ready = append(ready, r)
	}
	if len(ready) < len(s.Roles) {
		s.Roles = ready
		s.withoutSkipped()
	}
	return nil
}

// withoutSkipped forgets what belongs to roles that are not played.
func (s *Scene) withoutSkipped() {
	s.Requests = slices.DeleteFunc(s.Requests, func(q Request) bool { return !slices.Contains(s.Roles, q.Role) })
	for _, r := range s.Roles {
		r.loopbacks = slices.DeleteFunc(r.loopbacks, func(l loopback) bool { return l.role != nil && !slices.Contains(s.Roles, l.role) })
	}
	s.Differences = nil
	s.findDifferences() // what led to one of them leads nowhere now
}

func (s *Scene) job(r *Role) (*job, error) {
	switch r.Component.Language {
	case "go":
		return s.goBuild(r)
	case "javascript", "typescript":
		return s.npmInstall(r)
	}
	return nil, nil
}

// cacheDir returns the folder of the machine's cache for what is prepared.
func cacheDir(kind string) (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w", err)
	}
	dir := filepath.Join(base, "rehearse", kind)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	return dir, sweep(dir)
}

// abandoned is the age at which a folder that is still being filled is taken
// for one of a run that was killed: longer than any run takes.
const abandoned = 24 * time.Hour

// sweep removes what runs that were killed have left half made.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), ".") && time.Since(info.ModTime()) > abandoned {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// lastLines returns the last n lines of text that say something, on one line.
func lastLines(text string, n int) string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-n):], " | ")
}
