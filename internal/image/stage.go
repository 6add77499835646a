package image

import (
	"path"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// The bounds of one model and of one question; those that people write stay
// far below them.
const (
	maxCommands = 20_000    // shell commands that are interpreted
	maxLayers   = 10_000    // changes of a stage
	maxLooks    = 200_000   // changes that a question looks at
	maxAsked    = 5_000_000 // changes that are looked at while the steps are read
	maxScripts  = 6         // scripts in scripts
)

// model is a Dockerfile.
type model struct {
	context  *Context
	commands map[string]command
	args     map[string]string
	stages   []*stage
	bare     []*stage // images that are copied from
	spent    int      // commands that may still be interpreted
	asked    int      // changes that may still be looked at while the steps are read
}

// stage is a stage and what its steps change. A stage without a number is an
// image that another one copies from.
type stage struct {
	fact.Stage
	model    *model
	number   int // -1: an image
	parent   *stage
	base     *base // of a stage without a parent
	layers   []layer
	begins   []int // for each step, how many layers there were before it
	uses     []*stage
	problems []Problem
	installs []Install
	foreign  bool            // its package manager knows sources that the tables do not
	frozen   map[string]bool // what is set for the installs that follow
	open     bool            // it has more layers than are kept
	calls    []Call
	running  bool // it is no stage of the Dockerfile but a container that starts
	loose    bool // of one that starts: programs ran of which nothing is known
	known    answers
}

// layer is one change of the files of a stage.
type layer struct {
	effect
	at    source.Span
	maybe bool // it may be that it does not happen
}

// An effect is a change of files.
type effect interface {
	// see tells what the change says of a path; v is the stage before it.
	see(v view, p string) verdict
}

// nothing is a change that changes no path: it parts what comes before from what
// comes after.
type nothing struct{}

func (nothing) see(view, string) verdict { return verdict{} }

// now is the stage as far as it was read.
func (s *stage) now() view { return view{stage: s, upto: len(s.layers), looks: &s.model.asked} }

func (s *stage) end() *Image { return &Image{s.model, s, len(s.layers)} }

func (s *stage) title() string {
	if s.Name != "" || s.number < 0 {
		return s.Name
	}
	return strconv.Itoa(s.number)
}

// derives reports whether s is FROM other.
func (s *stage) derives(other *stage) bool {
	for ; s != nil; s = s.parent {
		if s == other {
			return true
		}
	}
	return false
}

// root returns the stage that is FROM an image.
func (s *stage) root() *stage {
	for s.parent != nil {
		s = s.parent
	}
	return s
}

// named returns one of the first n stages, the last of that name, or that of
// that number.
func (m *model) named(name string, n int) *stage {
	for i := min(n, len(m.stages)) - 1; i >= 0; i-- {
		if s := m.stages[i]; s.Name != "" && strings.EqualFold(s.Name, name) {
			return s
		}
	}
	if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < n && i < len(m.stages) {
		return m.stages[i]
	}
	return nil
}

// add reads a stage on top of the ones before it.
func (m *model) add(img fact.Image, n int) {
	s := &stage{Stage: img.Stages[n], model: m, number: n}
	from, overridden := m.fill(s.Base, img.Args)
	if s.parent = m.named(from, n); s.parent == nil {
		s.base = managed(from, s.Steps)
		if overridden {
			s.base = &base{reference: from}
		}
	}
	m.stages = append(m.stages, s)
	for _, step := range s.Steps {
		s.begins = append(s.begins, len(s.layers))
		s.step(step)
	}
}

func (s *stage) step(step fact.Step) {
	declared := s.Args
	for _, text := range append([]string{step.Target, step.WorkDir}, step.Sources...) {
		if _, overridden := s.model.fill(text, declared); overridden {
			s.layer(opened{dir: "/", programs: every, why: "a build argument changes what this step does"}, step.At, false)
			return
		}
	}
	if dir := step.WorkDir; dir != "" && dir != "/" && !strings.Contains(dir, "$") {
		// The step runs in it, so it is there.
		s.layer(made{path: dir, kind: Folder, why: workingDir}, step.At, false)
	}
	switch step.Kind {
	case "copy", "add":
		s.copy(step)
	case "run":
		for _, m := range step.Mounts {
			if dir := path.Dir(m.Path); m.Kind == "bind" && path.IsAbs(m.Path) && dir != "/" {
				// What is mounted leaves the folder that it lay in.
				s.layer(made{path: dir, kind: Folder, why: "something is mounted there for a step"}, step.At, false)
			}
		}
		s.run(step)
	}
}

// image returns an image as a stage without steps.
func (m *model) image(reference string) *stage {
	for _, s := range m.bare {
		if s.Name == reference {
			return s
		}
	}
	s := &stage{Stage: fact.Stage{Name: reference}, model: m, number: -1, base: known(reference)}
	m.bare = append(m.bare, s)
	return s
}

func (s *stage) layer(e effect, at source.Span, maybe bool) {
	if len(s.layers) >= maxLayers {
		if !s.open {
			s.open = true
			s.layers = append(s.layers, layer{opened{dir: "/", programs: every, why: "the stage has more steps than are modelled"}, at, false})
		}
		return
	}
	s.layers = append(s.layers, layer{e, at, maybe})
}

// fill puts the given build arguments where the reader of the Dockerfile left
// a name. It reports whether the text depends on a default that is overridden,
// so that what it would be is not known.
func (m *model) fill(text string, declared []fact.Supply) (string, bool) {
	if len(m.args) == 0 {
		return text, false
	}
	overridden := false
	for _, arg := range declared {
		given, ok := m.args[arg.Name]
		if !ok || arg.Value.Origin != fact.Literal {
			continue
		}
		if was := arg.Value.Reveal(); was != "" && was != given && strings.Contains(text, was) {
			overridden = true
		}
	}
	if !strings.Contains(text, "${") {
		return text, overridden
	}
	for name, value := range m.args {
		text = strings.ReplaceAll(text, "${"+name+"}", value)
	}
	return text, overridden
}

// absolute returns a clean absolute path; what leads out of the root stays in
// it.
func absolute(p string) string { return path.Clean("/" + p) }

// under reports whether p is dir or below it.
func under(dir, p string) bool {
	if dir == "/" {
		return true
	}
	return strings.HasPrefix(p, dir) && (len(p) == len(dir) || p[len(dir)] == '/')
}

// rest returns p from dir on, "" for dir itself.
func rest(dir, p string) string {
	return strings.TrimPrefix(strings.TrimPrefix(p, dir), "/")
}
