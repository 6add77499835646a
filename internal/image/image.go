// Package image models the image that a Dockerfile builds: from the steps of
// its stages, the files of its build context and tables of what well-known
// base images and packages contain, it tells which paths, programs, packages
// and users the image has. Nothing is executed and nothing is opened: the same
// input gives the same answers.
//
// An answer is Absent only where everything that could have put the thing
// there is understood, and Unknown, with the line that is not, everywhere
// else. The rules of the steps are those of the Dockerfile reference
// (https://docs.docker.com/reference/dockerfile/).
package image

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// State says whether an image has something.
type State int

// The states.
const (
	Unknown State = iota
	Present
	Absent
)

func (s State) String() string { return [...]string{"unknown", "present", "absent"}[s] }

// Kind says what stands at a path, as far as it is known.
type Kind int

// The kinds.
const (
	Any Kind = iota
	File
	Folder
)

// Answer is the answer to a question about an image.
type Answer struct {
	State State
	Kind  Kind        // of a path that is Present
	Why   string      // the reason: half a sentence, without values that may be secret
	At    source.Span // the line that decides
	From  string      // the file of the context that stands there unchanged, relative to it; "" where that is not known
}

// Image is a stage of a Dockerfile as it is at its end, or before one of its
// steps.
type Image struct {
	model *model
	stage *stage
	upto  int // how many of the stage's layers are there
}

// Model returns the image of the target stage, which is named as `docker build
// --target` names it; "" is the last one. args are the build arguments that
// are given, by name. It fails where there is no such stage.
func Model(img fact.Image, target string, args map[string]string, context *Context) (*Image, error) {
	if context == nil {
		context = NewContext(Listing{Unlisted: func(string) string { return "the build context is not known" }})
	}
	m := &model{context: context, commands: programs(), args: args, spent: maxCommands, asked: maxAsked}
	for i := range img.Stages {
		m.add(img, i)
	}
	m.closed()
	if len(m.stages) == 0 {
		return nil, fmt.Errorf("%s has no stage", img.Dockerfile)
	}
	s := m.stages[len(m.stages)-1]
	if target != "" {
		if s = m.named(target, len(m.stages)); s == nil {
			return nil, fmt.Errorf("%s has no stage %q", img.Dockerfile, target)
		}
	}
	return s.end(), nil
}

// programs are the programs of which it is known what they do, for all models.
var programs = sync.OnceValue(commands)

// Stage returns another stage of the same Dockerfile, by name or number, as it
// is at its end; nil where there is none.
func (i *Image) Stage(name string) *Image {
	if s := i.model.named(name, len(i.model.stages)); s != nil {
		return s.end()
	}
	return nil
}

// Before returns the image as the step at a place finds it, of whichever
// stage; nil where no step that is modelled stands there.
func (i *Image) Before(at source.Span) *Image {
	for _, s := range i.model.stages {
		for n, step := range s.Steps {
			if step.At.File == at.File && step.At.Line == at.Line {
				return &Image{i.model, s, s.begins[n]}
			}
		}
	}
	return nil
}

// Name returns what the stage is called: its name, else its number.
func (i *Image) Name() string { return i.stage.title() }

// Stages returns the numbers of the stages that the image is made of: its own,
// those that it is FROM, and those that it copies from, in the order of the
// file.
func (i *Image) Stages() []int {
	used := map[int]bool{}
	var use func(s *stage)
	use = func(s *stage) {
		if s == nil || s.number < 0 || used[s.number] {
			return
		}
		used[s.number] = true
		use(s.parent)
		for _, from := range s.uses {
			use(from)
		}
	}
	if use(i.stage); i.stage.running {
		use(i.stage.parent)
	}
	var all []int
	for n := range i.model.stages {
		if used[n] {
			all = append(all, n)
		}
	}
	return all
}

// Path tells whether the image has a file or folder. A relative path is meant
// from the working directory.
func (i *Image) Path(name string) Answer {
	if !path.IsAbs(name) {
		dir := i.WorkDir()
		if dir == "" {
			return Answer{Why: "the working directory is set by the base image", At: i.stage.At}
		}
		name = path.Join(dir, name)
	}
	name = path.Clean(name)
	v := i.view()
	answer := v.find(name)
	if answer.State == Absent {
		// /bin is /usr/bin on some systems, and a folder of its own on others.
		for _, twin := range twins(name) {
			if other := v.find(twin); other.State != Absent {
				return other
			}
		}
		answer.Why += i.elsewhere(func(s *stage) bool {
			return view{stage: s, upto: len(s.layers), looks: v.looks}.find(name).State == Present
		})
	}
	return answer
}

// elsewhere says which other stage has what the image lacks.
func (i *Image) elsewhere(has func(*stage) bool) string {
	for _, n := range i.Stages() {
		if s := i.model.stages[n]; !i.stage.derives(s) && has(s) {
			return "; only stage " + s.title() + " has it"
		}
	}
	return ""
}

// Program tells whether a program is found on the PATH of the image. A name
// with a slash is a path.
func (i *Image) Program(name string) Answer {
	if name == "" || strings.Contains(name, "/") {
		return i.Path(name)
	}
	if strings.HasSuffix(name, ".wasm") {
		return i.Path(name) // its runtime looks for it in the working directory
	}
	return i.program(name, i.view())
}

// Own answers as Program does, of a program that the project builds itself: no
// package brings it, and no base image has it.
func (i *Image) Own(name string) Answer {
	v := i.view()
	v.own = true
	return i.program(name, v)
}

// Makes reports whether the image has a program that another stage of its
// Dockerfile makes, of a name that is no other program's as far as is known.
func (i *Image) Makes(name string) bool {
	if watched()[name] != "" {
		return false
	}
	a := i.Own(name)
	return a.State == Present && strings.HasPrefix(a.Why, copiedFrom) && a.Why != copiedFrom && a.From == ""
}

func (i *Image) program(name string, v view) Answer {
	result, best := Answer{State: Absent}, -1
	for _, dir := range i.paths() {
		a := Answer{Why: "PATH has a folder that is not known", At: i.stage.At}
		if path.IsAbs(dir) && !strings.Contains(dir, "$") {
			a = v.find(path.Join(dir, name))
		}
		if a.State == Present && a.Kind != Folder {
			return a
		}
		// What is not known goes before what is missing; of the reasons why it is
		// missing, that of a step before that of the base image.
		rank := 0
		switch {
		case a.State == Unknown:
			rank = 3
		case programDir(dir) && a.At != i.stage.root().At:
			rank = 2
		case programDir(dir):
			rank = 1
		}
		if rank > best {
			result, best = a, rank
		}
	}
	if result.State == Present {
		result = Answer{Why: "a folder of that name is there", At: result.At}
	}
	if result.State == Absent {
		result.Why += i.elsewhere(func(s *stage) bool {
			return slices.ContainsFunc(s.end().paths(), func(dir string) bool {
				return view{stage: s, upto: len(s.layers), looks: v.looks}.find(path.Join(dir, name)).State == Present
			})
		})
	}
	return result
}

// Package tells whether a package of the distribution is installed by a step.
// What the base image has installed is not known by name, so it is never
// Absent but in an image from scratch.
func (i *Image) Package(name string) Answer { return i.view().pkg(name) }

// User tells whether the image has a user of that name. A number needs none.
func (i *Image) User(name string) Answer {
	name, _, _ = strings.Cut(name, ":")
	if _, err := strconv.Atoi(name); err == nil {
		return Answer{State: Present, Why: "a number needs no entry in /etc/passwd", At: i.stage.At}
	}
	return i.view().user(name)
}

// Problems returns the steps of the image, and of the stages that it is made
// of, that cannot work: each is certain, save those of kind Unlisted.
func (i *Image) Problems() []Problem {
	var all []Problem
	for _, n := range i.Stages() {
		all = append(all, i.model.stages[n].problems...)
	}
	return append(all, i.model.context.problems...)
}

// Installs returns how the dependencies are installed, in the image and in the
// stages that it is made of, in the order of the file.
func (i *Image) Installs() []Install {
	var all []Install
	for _, n := range i.Stages() {
		all = append(all, i.model.stages[n].installs...)
	}
	return all
}

func (i *Image) view() view {
	spent := maxLooks
	return view{stage: i.stage, upto: i.upto, looks: &spent}
}

// twins returns where a program may be found as well, on systems where /bin is
// /usr/bin.
func twins(name string) []string {
	dir, base := path.Split(name)
	switch dir {
	case "/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/":
	default:
		return nil
	}
	var all []string
	for _, d := range systemDirs {
		if d+"/" != dir {
			all = append(all, d+"/"+base)
		}
	}
	return all
}
