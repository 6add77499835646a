package packages

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
)

// LeftOut is what the installs of an image leave out of what a manifest asks for.
type LeftOut struct {
	Omission
	Manifest *manifest.Manifest
	groups   []string // the groups that are left out; none: all that are for development
}

// Leaves reports whether a dependency is left out.
func (o *LeftOut) Leaves(d manifest.Dependency) bool {
	if d.Group != manifest.Development {
		return false
	}
	return len(o.groups) == 0 || len(d.Groups) > 0 && !slices.ContainsFunc(d.Groups, func(g string) bool { return !slices.Contains(o.groups, g) })
}

// The groups that commands leave out (https://bundler.io/man/bundle-config.1.html,
// https://python-poetry.org/docs/cli/#install, https://docs.astral.sh/uv/reference/cli/#uv-sync).
var (
	bundleWithout = regexp.MustCompile(`(?:BUNDLE_WITHOUT[=\s]+|--without[=\s]+|\bwithout\s+)["']?([A-Za-z_][\w: ]*)`)
	poetryWithout = regexp.MustCompile(`--without[=\s]+["']?([\w,.-]+)`)
)

// LeavesOut returns what an image lacks of what a manifest of Ruby, Python or PHP
// asks for; false where some install in it takes everything, or where none is
// known.
func (ps *Packages) LeavesOut(b *ledger.Build, e manifest.Ecosystem) (LeftOut, bool) {
	var out LeftOut
	img := b.Image()
	if img == nil {
		return out, false
	}
	stages := map[string]bool{}
	env := ""
	for _, n := range img.Stages() {
		if n < 0 || n >= len(b.Stages()) {
			continue
		}
		s := b.Stages()[n]
		stages[s.Name], stages[strconv.Itoa(n)] = true, true
		for _, v := range s.Env {
			if v.Name == "BUNDLE_WITHOUT" {
				env += " BUNDLE_WITHOUT=" + v.Value.Reveal()
			}
		}
		for _, step := range s.Steps {
			if text := strings.Join(step.Command, " "); strings.Contains(text, "bundle") {
				env += " " + text
			}
		}
	}
	found := false
	for _, in := range ps.Installs() {
		if in.Build != b || in.Ecosystem() != e || in.Moment == ledger.Starting || in.Manager == "pip" || in.Manager == "gem" || len(in.Packages) > 0 || !stages[in.Stage] {
			continue
		}
		if !in.Production || in.Maybe || in.Manifest == nil {
			return out, false
		}
		groups := leftGroups(in, env)
		if found && (in.Manifest != out.Manifest || !slices.Equal(groups, out.groups)) {
			return out, false
		}
		found = true
		out = LeftOut{Omission{Install: in.Install, At: in.At, Text: in.Command}, in.Manifest, groups}
	}
	return out, found
}

func leftGroups(in Install, env string) []string {
	pattern, text := poetryWithout, in.Command
	switch in.Manager {
	case "bundle":
		pattern, text = bundleWithout, in.Command+env
	case "composer", "pipenv":
		return nil
	case "uv":
		if strings.Contains(in.Command, "--no-default-groups") || strings.Contains(in.Command, "--only-group") {
			return []string{"dev"}
		}
	case "poetry":
		if strings.Contains(in.Command, "--only") {
			return nil
		}
	}
	var groups []string
	for _, m := range pattern.FindAllStringSubmatch(text, 8) {
		for _, g := range strings.FieldsFunc(m[1], func(r rune) bool { return strings.ContainsRune(", :", r) }) {
			if !slices.Contains(groups, g) {
				groups = append(groups, g)
			}
		}
	}
	if len(groups) == 0 {
		groups = []string{"dev"} // --no-dev
	}
	slices.Sort(groups)
	return groups
}

// requirementsFlag is how pip is told of a file (https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-r).
var requirementsFlag = regexp.MustCompile(`(?:^|\s)(?:-r\s*|--requirement[=\s]\s*)["']?([\w./-]+)`)

// Requirements returns the files of requirements that the images of a component
// install with pip, and those that these name; false where that is not known.
func (ps *Packages) Requirements(b *ledger.Build) (files []*manifest.Manifest, at Omission, ok bool) {
	img := b.Image()
	if img == nil {
		return nil, at, false
	}
	take := func(file string) {
		if !ps.requirements(file, &files, 0) {
			ok = false
		}
	}
	ok = true
	for _, in := range ps.Installs() {
		if in.Build != b || in.Ecosystem() != manifest.Python || in.Moment == ledger.Starting {
			continue
		}
		if in.Manager != "pip" || in.Maybe {
			return nil, at, false
		}
		for _, m := range requirementsFlag.FindAllStringSubmatch(in.Command, 8) {
			take(ps.fileOf(b, in, m[1]))
			if at.At.IsZero() {
				at = Omission{Install: in.Install, At: in.At, Text: in.Command}
			}
		}
	}
	return files, at, ok && len(files) > 0
}

// requirements adds a file of requirements, and those that it names; false where
// one of them cannot be read.
func (ps *Packages) requirements(file string, files *[]*manifest.Manifest, depth int) bool {
	named := ps.file(file)
	if named == nil || depth > 8 {
		return false
	}
	if slices.Contains(*files, named) {
		return true
	}
	*files = append(*files, named)
	f := ps.project.File(named.File)
	if f == nil {
		return true
	}
	data, err := ps.project.Read(f)
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data.Data)) {
		if !strings.Contains(line, "-r") {
			continue // of a hash, or a requirement
		}
		if m := requirementsFlag.FindStringSubmatch(line); m != nil && !strings.HasPrefix(strings.TrimSpace(line), "#") && !ps.requirements(path.Join(named.Dir(), m[1]), files, depth+1) {
			return false
		}
	}
	return true
}

// fileOf returns the file of the tree that a path of an install means: the one
// that stands there in the image, else that of the context or the component.
func (ps *Packages) fileOf(b *ledger.Build, in Install, name string) string {
	if before := b.Image().Before(in.At); before != nil && in.Dir != "" {
		at := name
		if !path.IsAbs(at) {
			at = path.Join(in.Dir, name)
		}
		if a := before.Path(at); a.State == image.Present && a.From != "" {
			return b.Source(a.From)
		}
	}
	at := b.Source(strings.TrimPrefix(name, "/"))
	if b.Owner != nil && ps.file(at) == nil {
		at = path.Join(b.Owner.Dir, name)
	}
	return at
}
