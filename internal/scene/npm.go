package scene

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"rehearse/internal/project"
	"rehearse/internal/stage"
)

// npmInstall installs the packages of a component whose developer has not
// installed them.
func (s *Scene) npmInstall(r *Role) (*job, error) {
	manifest := s.project.File(path.Join(r.Component.Dir, "package.json"))
	if manifest == nil {
		return nil, nil
	}
	for dir := r.Component.Dir; ; dir = path.Dir(dir) {
		if info, err := os.Stat(filepath.Join(s.Dir, filepath.FromSlash(dir), "node_modules")); err == nil && info.IsDir() {
			return nil, nil // the developer has installed them
		}
		if dir == "." {
			break
		}
	}
	data, err := s.project.Read(manifest)
	if err != nil {
		return nil, err
	}
	if !bytes.Contains(data.Data, []byte(`ependencies"`)) {
		return nil, nil
	}
	if name := s.workspace(manifest.Path, data.Data); name != "" {
		return nil, fmt.Errorf("its packages are not installed, and %s of them is in this tree: install the workspace first", name)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return nil, fmt.Errorf("its packages are not installed, and npm is not on the PATH")
	}
	cache, err := cacheDir("npm")
	if err != nil {
		return nil, err
	}
	key := sha256.New()
	key.Write(data.Data)
	files := []stage.File{{Path: "package.json", Data: data.Data}}
	argv := []string{"npm", "install", "--no-audit", "--no-fund", "--no-package-lock"}
	for _, name := range []string{"package-lock.json", "npm-shrinkwrap.json"} {
		if f := s.project.File(path.Join(r.Component.Dir, name)); f != nil {
			lock, err := s.project.Read(f)
			if err != nil {
				return nil, err
			}
			key.Write(lock.Data)
			files = append(files, stage.File{Path: name, Data: lock.Data})
			argv = []string{"npm", "ci", "--no-audit", "--no-fund"}
			break
		}
	}
	done := filepath.Join(cache, hex.EncodeToString(key.Sum(nil)[:16]))
	r.prepared.modules, r.prepared.modDir = filepath.Join(done, "node_modules"), r.Component.Dir
	if _, err := os.Stat(r.prepared.modules); err == nil {
		return nil, nil
	}
	scratch, err := os.MkdirTemp(cache, ".installing-")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(scratch, path.Base(f.Path)), f.Data, 0o600); err != nil {
			return nil, err
		}
	}
	j := &job{
		what: strings.Join(argv[:2], " "), argv: argv, dir: scratch, scratch: scratch, done: done,
		mounts: []stage.Mount{{Target: scratch, Kind: stage.Writable, Lowers: []string{scratch}}},
	}
	if home, err := os.UserHomeDir(); err == nil {
		if rc, err := os.ReadFile(filepath.Join(home, ".npmrc")); err == nil {
			j.files = append(j.files, stage.File{Path: "/root/.npmrc", Data: rc, Mode: 0o600})
		}
	}
	j.use("node")
	j.use("npm")
	return j, nil
}

// workspace returns the name of a package that a manifest of npm depends on and
// that is in the project itself, or "". Installed by itself, the manifest would
// get what anybody has published under that name.
func (s *Scene) workspace(manifest string, data []byte) string {
	depends := dependencies{}
	if err := json.Unmarshal(data, &depends); err != nil {
		return "" // npm says so better
	}
	for _, f := range s.project.Files {
		if path.Base(f.Path) != "package.json" || f.Path == manifest || f.Flags&project.Vendored != 0 {
			continue
		}
		file, err := s.project.Read(f)
		if err != nil {
			continue
		}
		var other dependencies
		if err := json.Unmarshal(file.Data, &other); err != nil || other.Name == "" {
			continue
		}
		for _, in := range []map[string]any{depends.Dependencies, depends.Dev, depends.Optional} {
			if _, ok := in[other.Name]; ok {
				return other.Name
			}
		}
	}
	return ""
}

// dependencies are what a package.json says of its packages.
type dependencies struct {
	Name         string         `json:"name"`
	Dependencies map[string]any `json:"dependencies"`
	Dev          map[string]any `json:"devDependencies"`
	Optional     map[string]any `json:"optionalDependencies"`
}
