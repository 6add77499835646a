package packages

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest"
	"rehearse/internal/source"
)

// Install is a command that installs packages, with where it is run.
type Install struct {
	image.Install
	ledger.Moment
	Build    *ledger.Build      // of Building and Starting
	Run      *ledger.Run        // of Starting, where a workload says it
	Pipeline *manifest.Pipeline // of InPipeline
	Manifest *manifest.Manifest // that it installs; nil where that is not known, or where it names its packages itself
}

// Installs returns the commands that install packages: of the images that the
// project builds, of what starts in them, and of its pipelines.
func (ps *Packages) Installs() []Install { return ps.installs() }

func (ps *Packages) findInstalls() []Install {
	var all []Install
	seen := map[source.Span]bool{}
	for _, b := range ps.ledger.Builds {
		i := b.Image()
		if i == nil || b.ForTests() {
			continue
		}
		for _, found := range i.Installs() {
			at := found.At
			at.Column = len(found.Command) // of several on a line
			if seen[at] {
				continue // another target of the same Dockerfile
			}
			seen[at] = true
			all = append(all, Install{Install: found, Moment: ledger.Building, Build: b, Manifest: ps.installed(b, i, found)})
		}
	}
	all = append(all, ps.starts()...)
	for _, p := range ps.Pipelines {
		all = append(all, ps.piped(p)...)
	}
	return all
}

// ecosystems says whose packages a manager installs.
var ecosystems = map[string]manifest.Ecosystem{
	"npm": manifest.Node, "yarn": manifest.Node, "pnpm": manifest.Node, "bun": manifest.Node,
	"pip": manifest.Python, "uv": manifest.Python, "poetry": manifest.Python, "pipenv": manifest.Python, "pdm": manifest.Python,
	"bundle": manifest.Ruby, "gem": manifest.Ruby, "composer": manifest.PHP, "go": manifest.Go, "cargo": manifest.Rust,
}

// Ecosystem returns whose packages the command installs.
func (i *Install) Ecosystem() manifest.Ecosystem { return ecosystems[i.Manager] }

// manifestNames are the manifests that commands install from.
var manifestNames = map[manifest.Ecosystem][]string{
	manifest.Node: {"package.json"}, manifest.Python: {"pyproject.toml", "Pipfile", "requirements.txt"}, manifest.Ruby: {"Gemfile"},
	manifest.PHP: {"composer.json"}, manifest.Go: {"go.mod"}, manifest.Rust: {"Cargo.toml"},
}

// installed returns the manifest that a step of an image installs: the one that
// stands in its folder; where that cannot be told, that of the only component
// that is built.
func (ps *Packages) installed(b *ledger.Build, i *image.Image, in image.Install) *manifest.Manifest {
	if len(in.Packages) > 0 || in.Global {
		return nil
	}
	e := ecosystems[in.Manager]
	if before := i.Before(in.At); before != nil && in.Dir != "" {
		for _, name := range manifestNames[e] {
			if a := before.Path(path.Join(in.Dir, name)); a.State == image.Present && a.From != "" {
				return ps.file(b.Source(a.From))
			}
		}
	}
	if b.Owner != nil {
		for _, m := range ps.In(b.Owner.Dir, e) {
			return m
		}
	}
	if found := ps.In(b.Context, e); len(found) > 0 {
		return found[0]
	}
	return nil
}

func (ps *Packages) file(name string) *manifest.Manifest {
	for _, m := range ps.byDir[path.Dir(name)] {
		if m.File == name {
			return m
		}
	}
	return nil
}

// starts returns what is installed each time a container starts.
func (ps *Packages) starts() []Install {
	var all []Install
	seen := map[source.Span]bool{}
	ask := func(b *ledger.Build, r *ledger.Run, argv []string, at source.Span, dir string) {
		if len(argv) == 0 || seen[at] || at.IsZero() || b == nil {
			return
		}
		seen[at] = true
		i := b.With(fact.Step{Kind: "run", At: at, Command: argv, WorkDir: dir})
		if i == nil {
			return
		}
		for _, found := range i.Installs() {
			if found.At == at {
				all = append(all, Install{Install: found, Moment: ledger.Starting, Build: b, Run: r, Manifest: ps.installed(b, i, found)})
			}
		}
	}
	for _, c := range ps.ledger.Components {
		for _, r := range c.Production() {
			argv, at := r.Command()
			dir := r.Workload.WorkDir
			if b := r.Build(); b != nil && b.Image() != nil {
				ask(b, r, argv, at, cmp.Or(dir, b.Image().WorkDir()))
			}
		}
	}
	for _, b := range ps.ledger.Builds {
		if i := b.Image(); i != nil && !b.ForTests() {
			own := i.Definition() // what a base image puts before it only passes it on
			ask(b, nil, slices.Concat(own.Entrypoint, own.Cmd), own.StartAt, i.WorkDir())
		}
	}
	return all
}

// checkout is where a pipeline is thought to have the tree.
const checkout = "/checkout"

// piped returns what a pipeline installs. Its commands are read as those of an
// image are that has the whole tree.
func (ps *Packages) piped(p *manifest.Pipeline) []Install {
	context := ps.whole()
	if context == nil {
		return nil
	}
	stage := fact.Stage{Base: "ubuntu", Steps: []fact.Step{{Kind: "copy", Sources: []string{"."}, Target: checkout, At: source.Span{File: p.File}}}}
	// https://docs.github.com/en/actions/reference/workflows-and-actions/variables,
	// https://docs.gitlab.com/ci/variables/predefined_variables/: all of them set CI.
	env := []fact.Supply{{Kind: fact.Variable, Name: "CI", Phase: fact.Build, Value: fact.Text("true")}}
	for _, c := range p.Commands {
		if c.Name == "" || !speaksOfInstalls(c.Text) {
			continue
		}
		for n, line := range strings.Split(c.Text, "\n") {
			// Line by line, so that each has its place; what goes over several is
			// read with the first.
			if !speaksOfInstalls(line) || len(stage.Steps) > 200 {
				continue
			}
			at := c.At
			at.Line += n
			stage.Steps = append(stage.Steps, fact.Step{
				Kind: "run", At: at, WorkDir: path.Join(checkout, c.Name), Env: env, Command: []string{"/bin/sh", "-c", moved(c.Text, n) + line},
			})
		}
	}
	if len(stage.Steps) == 1 {
		return nil
	}
	i, err := image.Model(fact.Image{Dockerfile: p.File, Stages: []fact.Stage{stage}}, "", nil, context)
	if err != nil {
		return nil
	}
	var all []Install
	for _, found := range i.Installs() {
		m := Install{Install: found, Moment: ledger.InPipeline, Pipeline: p}
		if len(found.Packages) == 0 && found.Dir != "" {
			dir := strings.TrimPrefix(strings.TrimPrefix(found.Dir, checkout), "/")
			for _, name := range manifestNames[ecosystems[found.Manager]] {
				if m.Manifest == nil {
					m.Manifest = ps.file(path.Join(cmp.Or(dir, "."), name))
				}
			}
		}
		all = append(all, m)
	}
	return all
}

// moved returns the plain changes of the folder that stand before a line of a
// script.
func moved(text string, n int) string {
	var all strings.Builder
	for _, line := range strings.Split(text, "\n")[:n] {
		if words := strings.Fields(line); len(words) == 2 && words[0] == "cd" {
			all.WriteString(strings.TrimSpace(line) + " && ")
		}
	}
	return all.String()
}

func speaksOfInstalls(text string) bool {
	for manager := range ecosystems {
		if strings.Contains(text, manager) {
			return true
		}
	}
	return false
}

// Where returns the names of the component and of the environment that the
// command is of.
func (i *Install) Where(l *ledger.Ledger) (component, environment string) {
	switch {
	case i.Run != nil:
		environment = i.Run.Environment.Name
	case i.Build != nil:
		environment = i.Build.Environment()
	default:
		environment = l.Pipeline(i.Pipeline.File)
	}
	if i.Build != nil && i.Build.Owner != nil {
		return i.Build.Owner.Name, environment
	}
	if i.Manifest != nil {
		return l.Around(i.Manifest.File), environment
	}
	return l.Around(i.At.File), environment
}

// Lockless reports whether the command finds no lockfile: none is there, or none
// but one that a well-known base image would have to bring along.
func (i *Install) Lockless() bool {
	switch {
	case i.Lockfile.State == image.Absent:
		return true
	case i.Lockfile.State == image.Present, i.Build == nil:
		return false
	}
	for _, s := range i.Build.Stages() {
		if s.At.File == i.Lockfile.At.File && s.At.Line == i.Lockfile.At.Line {
			return manifest.RuntimeImage(s.Base)
		}
	}
	return false
}
