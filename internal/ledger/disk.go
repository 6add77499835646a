package ledger

import (
	"path"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/source"
)

// WorkDir returns the folder in which the process of the run starts; "" where
// that is not known.
func (r *Run) WorkDir() string {
	if r.Workload != nil && r.Workload.WorkDir != "" {
		return r.Workload.WorkDir
	}
	if calls := r.calls(); len(calls) > 0 {
		return calls[len(calls)-1].Dir
	}
	if i := r.Image(); i != nil {
		return i.WorkDir()
	}
	if r.Stage != nil {
		return r.Stage.WorkDir
	}
	return ""
}

// Written returns where in the container of the run a path is that its code
// reads or writes; "" where that cannot be told. A path that a variable supplies
// is that of the run.
func (r *Run) Written(n fact.Need) string {
	name, relative := n.Name, n.Beside
	if n.Variable != "" {
		supply, _, state := r.Variable(n.Variable)
		switch {
		case state == Unknown, state == Supplied && supply.Value.Origin != fact.Literal:
			return ""
		case state == Supplied:
			given, ok := filePath(supply.Value.Reveal(), n.Sort == "database")
			if !ok {
				return ""
			}
			name, relative = given, false
		}
	}
	switch {
	case name == "":
		return ""
	case path.IsAbs(name):
		return path.Clean(name)
	case relative:
		return placeBeside(r.Image(), r.build, n.At.File, name)
	}
	if dir := r.WorkDir(); path.IsAbs(dir) {
		return path.Join(dir, name)
	}
	return ""
}

// filePath reads the value of a variable as a path. An address is none, save
// that of a file, in which databases of one file are named
// (https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#connect-strings,
// https://www.prisma.io/docs/orm/overview/databases/sqlite).
func filePath(value string, database bool) (string, bool) {
	scheme, rest, addressed := strings.Cut(value, ":")
	if addressed {
		if !database {
			return "", false
		}
		scheme, _, _ = strings.Cut(scheme, "+")
		rest, _, _ = strings.Cut(rest, "?")
		switch scheme {
		case "sqlite", "sqlite3":
			rest = strings.TrimPrefix(strings.TrimPrefix(rest, "//"), "/")
		case "file":
			rest = strings.TrimPrefix(rest, "//")
		default:
			return "", false
		}
		value = rest
	}
	return value, value != "" && !strings.ContainsAny(value, "${}<>\n ") && value != ":memory:"
}

// placeBeside returns the path in the image of what is named relative to the
// folder of a file of code; "" where the file is not in the image as it is.
func placeBeside(i *image.Image, b *Build, file, name string) string {
	if i == nil || b == nil {
		return ""
	}
	inside, ok := inside(b.Context, file)
	if !ok {
		return ""
	}
	dir := i.WorkDir()
	if !path.IsAbs(dir) {
		dir = "/"
	}
	for tail := inside; ; {
		for _, base := range []string{dir, "/"} {
			if at := path.Join(base, tail); i.Path(at).From == inside {
				return path.Join(path.Dir(at), name)
			}
		}
		_, rest, more := strings.Cut(tail, "/")
		if !more {
			return ""
		}
		tail = rest
	}
}

// Disk says what is under a path of a run.
type Disk struct {
	Mount   *fact.Mount  // the innermost mount that the path is in; nil where it is the container's own
	Volume  *fact.Volume // that the mount is of, where the tree declares it
	Within  bool         // something is mounted below the path: a part of what is written there is elsewhere
	Declare string       // the VOLUME of the image that the path is in; "" where it is in none
}

// Lasts reports whether what is written there outlives the container.
func (d Disk) Lasts() bool { return d.Mount != nil && d.Mount.Persistent }

// Disk tells what is under an absolute path.
func (r *Run) Disk(p string) Disk {
	var d Disk
	for i := range r.Workload.Mounts {
		m := &r.Workload.Mounts[i]
		switch at := path.Clean(m.Path); {
		case !path.IsAbs(m.Path) || strings.Contains(m.Path, "$"):
			d.Within = true // it may be anywhere
		case source.Under(at, p):
			if d.Mount == nil || len(path.Clean(d.Mount.Path)) < len(at) {
				d.Mount = m
			}
		case source.Under(p, at):
			d.Within = true
		}
	}
	if d.Mount != nil {
		d.Volume = r.Environment.Volume(d.Mount, r.Workload)
	}
	for _, v := range r.volumes() {
		if source.Under(path.Clean(v), p) {
			d.Declare = v
		}
	}
	return d
}

// volumes returns the VOLUMEs of the image.
func (r *Run) volumes() []string {
	if i := r.Image(); i != nil {
		return i.Definition().Volumes
	}
	if r.Stage != nil {
		return r.Stage.Volumes
	}
	return nil
}
