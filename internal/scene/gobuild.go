package scene

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"rehearse/internal/stage"
)

// goBuild builds the main package of a component, unless what it is made of was
// built before.
func (s *Scene) goBuild(r *Role) (*job, error) {
	if len(r.Component.Entry) == 0 {
		return nil, fmt.Errorf("no main package was found in %s", r.Component.Dir)
	}
	settings, err := goEnv()
	if err != nil {
		return nil, err
	}
	cache, err := cacheDir("bin")
	if err != nil {
		return nil, err
	}
	key := sha256.New()
	fmt.Fprintln(key, settings["GOVERSION"], r.Component.Entry[0])
	for _, f := range r.Component.Files {
		if ext := path.Ext(f.Path); ext == ".md" || strings.HasSuffix(f.Path, "_test.go") {
			continue
		}
		if file, err := s.project.Read(f); err == nil {
			fmt.Fprintln(key, f.Path, len(file.Data))
			key.Write(file.Data)
		}
	}
	for _, f := range s.project.Files {
		if base := path.Base(f.Path); base == "go.mod" || base == "go.sum" || base == "go.work" {
			if file, err := s.project.Read(f); err == nil {
				fmt.Fprintln(key, f.Path)
				key.Write(file.Data)
			}
		}
	}
	done := filepath.Join(cache, hex.EncodeToString(key.Sum(nil)[:16]))
	r.prepared.binary = filepath.Join(done, "program")
	if _, err := os.Stat(r.prepared.binary); err == nil {
		return nil, nil
	}
	scratch, err := os.MkdirTemp(cache, ".building-")
	if err != nil {
		return nil, err
	}
	j := &job{
		what: "go build", argv: []string{"go", "build", "-buildvcs=false", "-o", filepath.Join(scratch, "program"), "."},
		dir: path.Dir(r.Component.Entry[0]), scratch: scratch, done: done,
		env: []string{
			"GOMODCACHE=" + settings["GOMODCACHE"], "GOCACHE=" + settings["GOCACHE"], "GOPROXY=" + settings["GOPROXY"],
			"GOSUMDB=" + settings["GOSUMDB"], "GOPRIVATE=" + settings["GOPRIVATE"], "GONOSUMDB=" + settings["GONOSUMDB"],
			"GOTOOLCHAIN=" + settings["GOTOOLCHAIN"], "GOTELEMETRY=off",
		},
		mounts: []stage.Mount{{Target: scratch, Kind: stage.Writable, Lowers: []string{scratch}}},
	}
	for _, dir := range []string{settings["GOMODCACHE"], settings["GOCACHE"]} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		j.mounts = append(j.mounts, stage.Mount{Target: dir, Kind: stage.Writable, Lowers: []string{dir}})
	}
	j.use("go")
	return j, nil
}

// goEnv asks the go command of the machine for its settings. It is run outside
// of the project, so that nothing in there has a say.
func goEnv() (map[string]string, error) {
	names := []string{"GOVERSION", "GOMODCACHE", "GOCACHE", "GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOSUMDB", "GOTOOLCHAIN"}
	cmd := exec.Command("go", append([]string{"env"}, names...)...)
	cmd.Dir = os.TempDir()
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	settings := map[string]string{}
	for i, line := range strings.Split(strings.TrimRight(string(out), "\n"), "\n") {
		if i < len(names) {
			settings[names[i]] = line
		}
	}
	return settings, nil
}
