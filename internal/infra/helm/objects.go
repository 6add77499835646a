package helm

import (
	"encoding/base64"
	"path"
	"strings"
)

// folder is .Files: the files of the chart, and nothing else
// (https://helm.sh/docs/chart_template_guide/accessing_files/).
type folder struct{ chart *chart }

func (f folder) read(name string) string {
	name = path.Clean(name)
	if path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") {
		return ""
	}
	file, err := f.chart.tree.Read(path.Join(f.chart.dir, name))
	if err != nil || len(file.Data) > maxText {
		return ""
	}
	return string(file.Data)
}

// Get returns a file, "" where there is none.
func (f folder) Get(name string) string { return f.read(name) }

// GetBytes returns a file.
func (f folder) GetBytes(name string) []byte { return []byte(f.read(name)) }

// Lines returns the lines of a file.
func (f folder) Lines(name string) []string {
	return strings.Split(strings.TrimSuffix(f.read(name), "\n"), "\n")
}

// names returns the files as templates range over them.
func (f folder) names() []string {
	var all []string
	for _, name := range f.chart.tree.Under(f.chart.dir) {
		inside := below(f.chart.dir, name)
		if !strings.HasPrefix(inside, "templates/") && !strings.HasPrefix(inside, "charts/") {
			all = append(all, inside)
		}
	}
	return all
}

// files are those of a Glob, by name.
type files map[string][]byte

// Get returns one of the files.
func (f files) Get(name string) string { return string(f[name]) }

// AsConfig returns the files as the data of a ConfigMap.
func (f files) AsConfig() string {
	m := map[string]any{}
	for name, data := range f {
		m[path.Base(name)] = string(data)
	}
	return data(m)
}

// AsSecrets returns the files as the data of a Secret.
func (f files) AsSecrets() string {
	m := map[string]any{}
	for name, data := range f {
		m[path.Base(name)] = base64.StdEncoding.EncodeToString(data)
	}
	return data(m)
}

func data(m map[string]any) string {
	if len(m) == 0 {
		return ""
	}
	return toYAML(m)
}

// Glob returns the files that match a pattern, in which ** stands for folders.
func (f folder) Glob(pattern string) files {
	found := files{}
	left := maxText
	for _, name := range f.names() {
		if !matches(pattern, name) {
			continue
		}
		text := f.read(name)
		if left -= len(text); left < 0 {
			break
		}
		found[name] = []byte(text)
	}
	return found
}

func matches(pattern, name string) bool {
	before, after, deep := strings.Cut(pattern, "**")
	if !deep {
		ok, err := path.Match(pattern, name)
		return ok && err == nil
	}
	rest, inside := strings.CutPrefix(name, before)
	if !inside {
		return false
	}
	after = strings.TrimPrefix(after, "/")
	if after == "" {
		return true
	}
	ok, err := path.Match(after, path.Base(rest))
	return ok && err == nil
}

// versions is .Capabilities.APIVersions.
type versions struct{}

// Has reports whether the cluster knows an API: every one that a chart asks for
// by the name of a stable version of Kubernetes itself.
func (versions) Has(name string) bool {
	group, _, _ := strings.Cut(name, "/")
	for _, known := range []string{"v1", "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"} {
		if group == known {
			return !strings.Contains(name, "alpha") && !strings.Contains(name, "beta")
		}
	}
	return false
}

// version is .Capabilities.KubeVersion.
type version struct{ Version, GitVersion, Major, Minor string }

// String returns the version.
func (v version) String() string { return v.Version }

// The versions that templates are told: those that were current when this was
// written (https://kubernetes.io/releases/, https://github.com/helm/helm/releases).
const (
	kubernetesMinor = "33"
	helmVersion     = "v3.18.0"
)

func capabilities() map[string]any {
	full := "v1." + kubernetesMinor + ".0"
	return map[string]any{
		"APIVersions": versions{},
		"KubeVersion": version{Version: full, GitVersion: full, Major: "1", Minor: kubernetesMinor},
		"HelmVersion": map[string]any{"Version": helmVersion, "GitCommit": "", "GitTreeState": "clean", "GoVersion": "go1.26"},
	}
}
