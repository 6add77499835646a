package scene

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"rehearse/internal/stage"
)

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
