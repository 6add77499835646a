package scene

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rehearse/internal/project"
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

// job is a build that is to be done in the workshop.
type job struct {
	what    string
	argv    []string
	dir     string // relative to the project's root
	env     []string
	path    []string // folders that are searched for programs first
	mounts  []stage.Mount
	files   []stage.File
	scratch string // on the machine: a folder that is renamed to done when the build was good
	done    string
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

// use shows a program of the machine to the job.
func (j *job) use(program string) {
	if roots, bin, ok := toolchain(program); ok {
		j.mounts = append(j.mounts, readOnly(roots)...)
		if !slices.Contains(standardPath, bin) {
			j.path = append(j.path, bin)
		}
	}
}

// readOnly shows folders of the machine where they are.
func readOnly(dirs []string) []stage.Mount {
	var mounts []stage.Mount
	for _, dir := range dirs {
		mounts = append(mounts, stage.Mount{Target: dir, Kind: stage.ReadOnly, Lowers: []string{dir}})
	}
	return mounts
}

// standardPath is where a stage looks for programs.
var standardPath = []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}

// searchPath returns the PATH of a stage, with some folders before it.
func searchPath(first []string) string {
	return strings.Join(append(slices.Clone(first), standardPath...), ":")
}

// passed are the variables of this machine that a build needs to reach the
// package registries.
var passed = []string{
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
	"SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "npm_config_registry", "NPM_CONFIG_REGISTRY", "npm_config_cafile",
}

func (j *job) run(ctx context.Context, workshop *stage.Stage, project string) error {
	defer os.RemoveAll(j.scratch)
	home := "/root"
	if workshop.Plain() { // there is no other
		var err error
		if home, err = os.UserHomeDir(); err != nil {
			return err
		}
	}
	env := append([]string{"HOME=" + home, "LANG=C.UTF-8", "PATH=" + searchPath(j.path)}, j.env...)
	for _, name := range passed {
		if value := os.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	dir := j.dir
	if !path.IsAbs(dir) {
		dir = path.Join(projectRoot, dir)
	}
	process, err := workshop.Start(ctx, stage.Replica{
		Name: "build", Node: workshop.Outside(), Argv: j.argv, Dir: dir, Env: env, Files: j.files,
		Mounts: append([]stage.Mount{{Target: projectRoot, Kind: stage.Overlay, Lowers: []string{project}}}, j.mounts...),
	})
	if err != nil {
		return fmt.Errorf("%s: %w", j.what, err)
	}
	status, err := process.Wait(ctx)
	if err != nil {
		_ = process.Kill()
		return fmt.Errorf("%s: %w", j.what, err)
	}
	if status.Code != 0 {
		return fmt.Errorf("%s: %s: %s", j.what, status, lastLines(cmp.Or(process.Stderr(), process.Stdout()), 3))
	}
	if err := os.Rename(j.scratch, j.done); err != nil {
		if _, there := os.Stat(j.done); there != nil {
			return err
		} // another run was first
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
