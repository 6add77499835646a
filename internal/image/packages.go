package image

import (
	"path"
	"slices"
	"strings"
)

// installed is packages of a distribution that a step installs.
type installed struct {
	manager   string
	names     []string
	group     string // the name under which they are removed together
	more      bool   // there are others, whose names are not known
	foreign   bool   // they may come from sources that the tables do not know
	recommend bool   // what they recommend is installed, too
	why       string

	*removal // nil: they stay
}

// removal is the step that takes packages away again.
type removal struct {
	from  int // the layers before it still have them
	names map[string]bool
	sure  bool // with all that came along
	why   string
}

// shared is where distributions put files of packages, besides programs
// (Filesystem Hierarchy Standard 3.0, sections 3 and 4). People put their
// applications into folders of their own below /usr, and below /usr/src.
var shared = []string{
	"/etc", "/var", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/run", "/boot", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32",
	"/usr/libexec", "/usr/include", "/usr/share", "/usr/games", "/usr/etc", "/usr/local", "/usr/src/linux", "/usr/X11R6", "/usr/glibc-compat", "/usr/libdata",
}

func (e installed) see(v view, p string) verdict {
	dir, name := path.Split(p)
	dir = strings.TrimSuffix(dir, "/")
	if !slices.Contains(systemDirs, dir) {
		switch {
		case e.foreign || e.more:
			if under("/opt", p) || under("/usr", p) {
				return verdict{says: adds, why: "a package may bring it"}
			}
		case under("/usr/local", p):
			return verdict{}
		}
		if slices.ContainsFunc(shared, func(dir string) bool { return under(dir, p) }) {
			return verdict{says: adds, why: "a package may bring it"}
		}
		return verdict{}
	}
	said := verdict{why: e.why}
	switch e.brings(name) {
	case yes:
		said.says, said.kind = has, File
	case perhaps:
		said = verdict{says: adds, why: e.unsure(name)}
	default:
		return verdict{}
	}
	if e.removal == nil || v.until < e.removal.from {
		return said
	}
	return e.gone(name, said)
}

// gone is what is left of packages that were removed.
func (e installed) gone(name string, said verdict) verdict {
	r := e.removal
	rest := e
	rest.removal, rest.names = nil, nil
	for _, n := range e.names {
		if !r.names[n] {
			rest.names = append(rest.names, n)
		}
	}
	if rest.brings(name) == e.brings(name) {
		return said
	}
	if r.sure {
		return verdict{why: r.why}
	}
	return verdict{says: adds, why: r.why}
}

// brings reports whether the packages bring a program.
func (e installed) brings(name string) certainty {
	result := no
	known := table(e.manager)
	for _, p := range e.names {
		c, ok := known[p]
		switch {
		case !ok:
			if e.manager != "apt" || rare()[name].may(p, e.recommend) {
				result = max(result, perhaps)
			}
			continue
		case c.programs[name] == yes:
			return yes
		case c.programs[name] == perhaps || e.recommend && c.recommend[name] != no:
			result = perhaps
		}
	}
	if len(e.names) > 0 && watched()[name] == "" || e.more || e.foreign {
		result = max(result, perhaps)
	}
	return result
}

func (e installed) unsure(name string) string {
	for _, p := range e.names {
		if c, ok := table(e.manager)[p]; !ok && (e.manager != "apt" || rare()[name].may(p, e.recommend)) || c.programs[name] == perhaps || c.recommend[name] != no {
			return "the package " + p + " may bring it"
		}
	}
	if e.more {
		return "a package whose name is known only when the image is built may bring it"
	}
	return "a package may bring it"
}

// maxNamed is how many names one step may install.
const maxNamed = 2_000

// install adds packages of the distribution.
func (s *stage) install(sh *shell, e installed) {
	if len(e.names) > maxNamed {
		e.names, e.more = nil, true
	}
	if len(e.names) == 0 && !e.more {
		return
	}
	e.foreign = e.foreign || s.alien()
	e.why = "it is installed with " + e.manager
	e.removal = &removal{from: maxLayers + 1}
	sh.add(e)
	sh.add(account{maybe: true, why: "a package may add it"})
}

// alien reports whether the package manager knows sources that are not the
// distribution's.
func (s *stage) alien() bool {
	for ; s != nil; s = s.parent {
		if s.foreign {
			return true
		}
	}
	return false
}

// purged is packages that a step takes away, which a stage below has, or which
// are not known by name.
type purged struct {
	installed
	all bool // which ones is not known
}

func (e purged) see(v view, p string) verdict {
	dir, name := path.Split(p)
	if !slices.Contains(systemDirs, strings.TrimSuffix(dir, "/")) {
		return verdict{}
	}
	if b := v.stage.root().base; b.system != nil && b.system.programs[name] == yes || !e.all && e.brings(name) == no {
		return verdict{}
	}
	return verdict{says: drops, why: "a package that may have it is removed"}
}

// uninstall takes packages away, of this stage and of those that it is FROM.
// Without names it is not known which.
func (s *stage) uninstall(sh *shell, manager string, names []string, sure bool) {
	if len(names) == 0 {
		sh.add(purged{installed{manager: manager}, true})
		return
	}
	gone := map[string]bool{}
	for _, n := range names {
		gone[n] = true
	}
	here := 0
	// What was called before in the same step still finds them: what follows is of
	// another layer.
	s.layer(nothing{}, sh.at, false)
	for i := range s.layers {
		e, ok := s.layers[i].effect.(installed)
		if !ok || e.group != "?" && !gone[e.group] && !slices.ContainsFunc(e.names, func(n string) bool { return gone[n] }) {
			continue
		}
		here++
		r := e.removal
		if r.names == nil {
			*r = removal{from: len(s.layers), names: map[string]bool{}, sure: sure, why: "it is installed and removed again"}
		}
		r.sure = r.sure && sure && !sh.maybe && e.group != "?"
		for _, n := range e.names {
			r.names[n] = r.names[n] || gone[n] || gone[e.group] || e.group == "?"
		}
	}
	if here < len(names) {
		sh.add(purged{installed: installed{manager: manager, names: names}})
	}
}

// pkg answers of a package by name.
func (v view) pkg(name string) Answer {
	var maybe *Answer
	for s := v.stage; ; s = s.parent {
		n := len(s.layers)
		if s == v.stage {
			n = min(n, v.upto)
		}
		for i := n - 1; i >= 0; i-- {
			l := &s.layers[i]
			e, ok := l.effect.(installed)
			if !ok {
				continue
			}
			switch {
			case slices.Contains(e.names, name):
				if e.removal.names[name] && n >= e.removal.from {
					return Answer{Why: e.removal.why, At: l.at}
				}
				if l.maybe {
					return Answer{Why: "the step that installs it may be left out", At: l.at}
				}
				return Answer{State: Present, Why: e.why, At: l.at}
			case e.more && maybe == nil:
				maybe = &Answer{Why: "packages are installed whose names are not known", At: l.at}
			}
		}
		if s.parent == nil {
			break
		}
	}
	base := v.stage.root()
	switch {
	case maybe != nil:
		return *maybe
	case base.base.system != nil && base.base.system.name == "scratch":
		return Answer{State: Absent, Why: "the image has no packages", At: base.At}
	case slices.Contains(base.base.packages.names, name):
		return Answer{State: Present, Why: base.base.reference + " has it", At: base.At}
	}
	return Answer{Why: "no step names it; the base image, or another package, may bring it", At: base.At}
}
