// Package demand tells what a call asks of the image that it finds: programs,
// files and folders. It knows what well-known programs take their arguments
// for, and answers by the model of the image alone.
package demand

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/image"
)

// Demand is something that a call asks of the image.
type Demand struct {
	Call    image.Call
	Name    string   // as the call has it
	Program string   // a program that is looked for on the PATH; "" where it is a path
	Paths   []string // absolute; any one of them meets it
	Folder  bool
	What    string // what the call does with it: "node runs it"
}

// Of returns what a call asks for.
func Of(c image.Call) []Demand {
	if len(c.Args) == 0 || !c.Args[0].Whole || c.Args[0].Text == "" {
		return nil
	}
	var all []Demand
	name := path.Base(c.Args[0].Text)
	if d, ok := started(c); ok {
		all = append(all, d)
	}
	if strings.HasPrefix(name, "python") || strings.HasPrefix(name, "pypy") || strings.HasPrefix(name, "php") || strings.HasPrefix(name, "ruby") {
		name = strings.TrimRight(name, "0123456789.-fpmcgi")
		if name == "" || path.Base(c.Args[0].Text) == "php-fpm" {
			return all
		}
	}
	if u, ok := uses[name]; ok {
		all = append(all, u.of(c)...)
	}
	return all
}

// started is the program itself.
func started(c image.Call) (Demand, bool) {
	text := c.Args[0].Text
	if strings.Contains(text, "/") {
		p, ok := absolute(c, text)
		return Demand{Call: c, Name: text, Paths: []string{p}, What: "it is started"}, ok
	}
	if c.Moved || c.Shell && builtin(text) || !plain(text) {
		return Demand{}, false
	}
	return Demand{Call: c, Name: text, Program: text, What: "it is started"}, true
}

// plain reports whether a word may be the name of a program.
func plain(text string) bool {
	return !strings.ContainsAny(text, "<>{}()[]$*?!=@%&|;\"'` \t\n") && !strings.HasPrefix(text, "-") && !strings.HasPrefix(text, "#") && text != "." && text != ":"
}

// absolute returns where a path of a call leads.
func absolute(c image.Call, p string) (string, bool) {
	if strings.ContainsAny(p, "*?[$`{") || strings.HasPrefix(p, "~") || p == "" || p == "-" {
		return "", false
	}
	if path.IsAbs(p) {
		return path.Clean(p), true
	}
	if c.Dir == "" || strings.Contains(c.Dir, "$") {
		return "", false
	}
	return path.Join(c.Dir, p), true
}

// Answer returns what the image says of the demand: the first that is Present,
// else the first that is Unknown, else that the first path is Absent.
func (d Demand) Answer() image.Answer {
	if d.Program != "" {
		return d.program()
	}
	var unknown, absent *image.Answer
	for _, p := range d.Paths {
		a := d.Call.Looks(p)
		switch {
		case a.State == image.Present && d.Folder && a.Kind == image.File:
			a.Why, a.State = "a file is there, and no folder", image.Absent
		case a.State == image.Present:
			return a
		case a.State == image.Unknown && unknown == nil:
			unknown = &a
		}
		if a.State == image.Absent && absent == nil {
			absent = &a
		}
	}
	switch {
	case unknown != nil:
		return *unknown
	case absent != nil:
		return *absent
	}
	return image.Answer{Why: "it is not known which file is meant"}
}

func (d Demand) program() image.Answer {
	a := d.Call.Image().Program(d.Program)
	if a.State != image.Absent || !d.Call.Script {
		return a
	}
	if d.Call.Dir == "" {
		return image.Answer{Why: "the working directory is not known", At: d.Call.At}
	}
	for dir := d.Call.Dir; ; dir = path.Dir(dir) {
		if in := d.Call.Looks(path.Join(dir, "node_modules/.bin", d.Program)); in.State != image.Absent {
			return in
		}
		if dir == "/" {
			return a
		}
	}
}

// builtins are the commands of the shells themselves
// (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_15,
// https://www.gnu.org/software/bash/manual/html_node/Bash-Builtins.html), and
// those that every shell of the tables has built in.
var builtins = strings.Fields(`: . source [ [[ < break cd continue eval exec exit export readonly return set shift times trap unset alias bg command
	false fc fg getopts hash jobs kill read test true type ulimit umask unalias wait echo printf pwd local declare typeset let builtin caller
	shopt enable help logout mapfile readarray bind complete compgen compopt dirs disown history popd pushd suspend time coproc function select`)

func builtin(name string) bool { return slices.Contains(builtins, name) }
