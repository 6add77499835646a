package scene

import (
	"cmp"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"rehearse/internal/project"
	"rehearse/internal/source"
)

// launch is how a role is started.
type launch struct {
	Text string   // for a person, and to tell two apart
	Argv []string // nil: Text is for a shell
	Dir  string   // relative to the project's root
	At   source.Span
}

// programs are what a language's components need on the machine.
var programs = map[string][]string{
	"javascript": {"node"},
	"typescript": {"node"},
	"python":     {"python3"},
	"go":         {"go"},
}

// launches finds how a role is started locally and in production; it returns
// the reason why it cannot be.
func (s *Scene) launches(r *Role) string {
	c := r.Component
	needs, known := programs[c.Language]
	if !known {
		return "components in " + cmp.Or(c.Language, "an unknown language") + " are not rehearsed"
	}
	for _, program := range needs {
		if _, err := lookPath(program); err != nil {
			return program + " is not on the PATH"
		}
	}
	local, production := c.Start.Local, project.Command{}
	if c.Start.Production.At.File == project.ConfigFile {
		production = c.Start.Production
	}
	if local.IsZero() {
		local = c.Start.Production
	}
	if !local.IsZero() {
		r.local = launch{local.Text, local.Argv, cmp.Or(local.Dir, c.Dir), local.At}
	}
	r.production = r.local
	switch {
	case !production.IsZero():
		r.production = launch{production.Text, production.Argv, production.Dir, production.At}
	default:
		if l, ok := s.imageLaunch(r); ok {
			r.production = l
			if local.IsZero() {
				r.local = l
			}
		}
	}
	if r.local.Text == "" {
		return "nothing tells how it is started"
	}
	r.local, r.production = here(r.local), here(r.production)
	return ""
}

// here is a launch as this machine has its program: many have Python only as
// python3 (PEP 394), where an image has python too.
func here(l launch) launch {
	words := l.Argv
	if words == nil {
		words = strings.SplitN(l.Text, " ", 2)
	}
	if len(words) == 0 || words[0] != "python" {
		return l
	}
	if _, bin, ok := toolchain("python3"); ok {
		if _, err := os.Stat(filepath.Join(bin, "python")); err == nil {
			return l // beside the other, where the stage looks for it too
		}
	}
	words = append([]string{"python3"}, words[1:]...)
	if l.Argv != nil {
		l.Argv = words
	} else {
		l.Text = strings.Join(words, " ")
	}
	return l
}

// imageLaunch returns what production's definitions start, where the working
// tree can start it too: a program that only the image holds cannot be.
func (s *Scene) imageLaunch(r *Role) (launch, bool) {
	argv, at := r.Run.Command()
	if len(argv) == 0 {
		return launch{}, false
	}
	l := launch{Text: strings.Join(argv, " "), Argv: argv, Dir: r.Component.Dir, At: at}
	if r.Component.Language == "go" {
		// The binary is built here, from the same package; only its arguments are the image's.
		l.Text, l.At = r.local.Text, r.local.At
		l.Argv = argv[1:]
		if path.Base(argv[0]) == "sh" {
			l.Argv = nil
		}
		return l, r.local.Text != ""
	}
	if len(argv) == 3 && argv[1] == "-c" {
		l.Text, l.Argv = argv[2], nil
	}
	words := strings.Fields(l.Text)
	if _, err := exec.LookPath(words[0]); err != nil && !strings.HasPrefix(words[0], ".") {
		return launch{}, false
	}
	// The script that it names must be in the tree, below the component or the build context.
	script := slices.IndexFunc(words, func(w string) bool {
		return slices.Contains([]string{".js", ".mjs", ".cjs", ".ts", ".py", ".sh"}, path.Ext(w)) && !strings.HasPrefix(w, "-")
	})
	if script < 0 {
		return l, true
	}
	dirs := []string{r.Component.Dir}
	if b := r.Run.Workload.Build; b != nil {
		dirs = append(dirs, b.Context)
	}
	name := words[script]
	if r.Run.Stage != nil {
		name = strings.TrimPrefix(name, strings.TrimSuffix(r.Run.Stage.WorkDir, "/")+"/")
	}
	for _, dir := range dirs {
		if !path.IsAbs(name) && s.project.File(path.Join(dir, name)) != nil {
			l.Dir = dir
			return l, true
		}
	}
	return launch{}, false
}

// toolchain returns the folders of the machine that hold a program and are not
// shown on every stage, and the folder in which it is found.
func toolchain(program string) (roots []string, bin string, ok bool) {
	found, err := lookPath(program)
	if err != nil {
		return nil, "", false
	}
	real, err := filepath.EvalSymlinks(found)
	if err != nil {
		return nil, "", false
	}
	for _, file := range []string{found, real} {
		if !slices.ContainsFunc(shown, func(dir string) bool { return strings.HasPrefix(file, dir) }) {
			root := filepath.Dir(file)
			if filepath.Base(root) == "bin" {
				root = filepath.Dir(root)
			}
			roots = append(roots, root)
		}
	}
	return slices.Compact(roots), filepath.Dir(found), true
}

// lookPath is exec.LookPath without the shims of version managers (pyenv, asdf,
// rbenv), which look for the real program in a home that no stage shows.
func lookPath(program string) (string, error) {
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if filepath.Base(dir) == "shims" || !filepath.IsAbs(dir) {
			continue
		}
		if found, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return found, nil
		}
	}
	return exec.LookPath(program)
}

// shown are the folders of the machine that every stage shows.
var shown = []string{"/usr/", "/opt/", "/bin/", "/lib/"}

func at(file string) source.Span { return source.Span{File: file} }
