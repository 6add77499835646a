package missingfile

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// member is what is read of the package.json of a package of a workspace.
type member struct {
	dir                           string // of the context
	Name, Main, Module            string
	Dependencies, DevDependencies map[string]string
	Exports, Bin                  json.RawMessage
}

// maxMembers is how many packages of a workspace are looked at.
const maxMembers = 400

// members returns the packages of the workspace in a folder of the context, by
// their names (https://docs.npmjs.com/cli/using-npm/workspaces,
// https://pnpm.io/pnpm-workspace_yaml).
func (p place) members() map[string]*member {
	var root struct{ Workspaces json.RawMessage }
	data, ok := p.read("package.json")
	if !ok || json.Unmarshal(data, &root) != nil {
		return nil
	}
	var patterns []string
	var yarn struct{ Packages []string }
	if json.Unmarshal(root.Workspaces, &patterns) != nil && json.Unmarshal(root.Workspaces, &yarn) == nil {
		patterns = yarn.Packages
	}
	if w := p.pnpm(); w.ok {
		patterns = append(patterns, w.packages...)
	}
	if len(patterns) == 0 {
		return nil
	}
	prefix := p.dir + "/"
	if p.dir == "." {
		prefix = ""
	}
	all := map[string]*member{}
	files := p.build.Files()
	for i, _ := slices.BinarySearch(files, prefix); i < len(files) && strings.HasPrefix(files[i], prefix) && len(all) < maxMembers; i++ {
		dir, ok := strings.CutSuffix(files[i][len(prefix):], "/package.json")
		if !ok || strings.Contains(dir, "node_modules") || !matched(patterns, dir) {
			continue
		}
		m := &member{dir: path.Join(p.dir, dir)}
		if data, ok := p.build.Read(files[i]); ok && json.Unmarshal(data, m) == nil && m.Name != "" {
			all[m.Name] = m
		}
	}
	return all
}

// matched reports whether the last of the patterns that match a folder takes it
// in.
func matched(patterns []string, dir string) bool {
	in := false
	for _, pattern := range patterns {
		pattern, out := strings.CutPrefix(pattern, "!")
		if ok, err := doublestar.Match(strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/"), dir); err == nil && ok {
			in = !out
		}
	}
	return in
}

// pnpmWorkspace is what is read of a pnpm-workspace.yaml.
type pnpmWorkspace struct {
	ok       bool
	packages []string
	patches  []string // the files of patchedDependencies
}

func (p place) pnpm() pnpmWorkspace {
	data, ok := p.read("pnpm-workspace.yaml")
	if !ok {
		return pnpmWorkspace{}
	}
	docs, err := yaml.Parse(source.File{Path: p.source("pnpm-workspace.yaml"), Data: data})
	if err != nil || len(docs) == 0 {
		return pnpmWorkspace{}
	}
	w := pnpmWorkspace{ok: true, packages: docs[0].Root.Get("packages").Texts()}
	for _, pair := range docs[0].Root.Get("patchedDependencies").Pairs() {
		w.patches = append(w.patches, pair.Value.Text())
	}
	return w
}

// workspace finds the packages of a workspace that an install links to, and
// that are copied later or not at all.
func (w *work) workspace() {
	if w.flag("--filter", "-F", "--filter-prod", "--ignore-workspace", "-w", "--workspace") {
		return
	}
	if w.name == "pnpm" {
		p := w.pnpm()
		for _, file := range p.patches {
			w.lacks(file, finding.Error, "pnpm-workspace.yaml", broken)
		}
		all := w.members()
		copied := slices.ContainsFunc(sortedKeys(all), func(name string) bool { return w.inside(all[name].dir).State == image.Present })
		if p.ok && copied && w.lacks("pnpm-workspace.yaml", finding.Warning, "", "pnpm installs the root alone, and not as the lockfile says") {
			return
		}
	}
	all := w.members()
	// What a lockfile says is linked without being looked at, save by yarn, which
	// asks the registry for it or stops: workspace not found. npm leaves out its
	// programs and scripts.
	severity, effect := finding.Error, "the install stops there, or leaves out what %s needs"
	if w.name != "yarn" && (w.flag("--frozen-lockfile", "--immutable") || w.verb("ci")) {
		severity, effect = finding.Info, "the lockfile has it linked all the same, without the programs and the scripts of %s"
		listed := 0
		for _, m := range all {
			if w.inside(m.dir).State == image.Present {
				listed++
			}
		}
		if w.name != "npm" || listed < 3 {
			return
		}
	}
	production := w.flag("--prod", "-P", "--production", "--omit=dev")
	for _, name := range sortedKeys(all) {
		m := all[name]
		if w.inside(m.dir).State != image.Present {
			continue
		}
		for _, group := range []map[string]string{m.Dependencies, m.DevDependencies} {
			for _, to := range sorted(group) {
				needed := all[to]
				protocol, _, other := strings.Cut(group[to], ":")
				if needed == nil || other && !slices.Contains([]string{"workspace", "file", "link", "portal"}, protocol) {
					continue
				}
				inside, ok := within(w.dir, path.Join(needed.dir, "package.json"))
				if ok {
					w.lacks(inside, severity, strings.TrimPrefix(path.Join(m.dir, "package.json"), prefixed(w.dir)), fmt.Sprintf(effect, to))
				}
			}
			if production {
				break
			}
		}
	}
}

// bins finds the packages of a workspace whose programs a script starts, and that
// are not there when they are linked
// (https://docs.npmjs.com/cli/configuring-npm/package-json#bin).
func (w *work) bins() {
	if !w.call.Script {
		return
	}
	var root struct{ Dependencies, DevDependencies map[string]string }
	if data, ok := w.read("package.json"); !ok || json.Unmarshal(data, &root) != nil {
		return
	}
	key := w.build.Context + "\n" + w.dir
	all, known := w.workspaces[key]
	if !known {
		all = w.members()
		w.workspaces[key] = all
	}
	for _, name := range sortedKeys(all) {
		m := all[name]
		if root.Dependencies[name]+root.DevDependencies[name] != "" || !m.brings(w.name) {
			continue // the registry may have it, too
		}
		if inside, ok := within(w.dir, path.Join(m.dir, "package.json")); ok {
			w.lacks(inside, finding.Error, "", "the script stops there: "+w.name+" is not found")
		}
	}
}

// brings reports whether a package has a program of that name.
func (m *member) brings(program string) bool {
	var one string
	if json.Unmarshal(m.Bin, &one) == nil && one != "" {
		return path.Base(m.Name) == program
	}
	var many map[string]string
	return json.Unmarshal(m.Bin, &many) == nil && many[program] != ""
}

func prefixed(dir string) string {
	if dir == "." {
		return ""
	}
	return dir + "/"
}

// inside returns what the call finds of the package.json of a folder of the
// context.
func (w *work) inside(dir string) image.Answer {
	file, ok := within(w.dir, path.Join(dir, "package.json"))
	if !ok {
		return image.Answer{}
	}
	return w.looks(file)
}

func sortedKeys(all map[string]*member) []string {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// entry returns the file that the package is loaded by, as far as one is named.
func (m *member) entry() string {
	if m.Main != "" {
		return path.Clean(m.Main)
	}
	var exports any
	if json.Unmarshal(m.Exports, &exports) == nil {
		if file := first(exports, 0); file != "" {
			return path.Clean(file)
		}
	}
	return path.Clean(m.Module)
}

// first returns the file that exports name for the package itself
// (https://nodejs.org/api/packages.html#exports).
func first(v any, depth int) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		for _, key := range []string{".", "node", "import", "require", "default"} {
			if inner, ok := v[key]; ok && depth < 8 {
				if file := first(inner, depth+1); file != "" {
					return file
				}
			}
		}
	}
	return ""
}
