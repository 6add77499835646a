package image

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// Pin says how firmly a reference names an image.
type Pin int

// The pins, the weakest first.
const (
	NoTag   Pin = iota // none: latest
	Moving             // a tag that says no version: latest, stable, alpine
	Version            // a tag with a version
	Digest             // a digest
)

// Base is the image that a stage is built on.
type Base struct {
	Reference  string // as written, build arguments filled in
	Repository string // without the registry of Docker Hub: node, bitnami/redis, ghcr.io/a/b
	Tag        string
	Digest     string
	Pin        Pin
	System     string // alpine, debian, ubuntu, …; "" where it is not known
	Known      bool   // the tables know what it contains
	At         source.Span
}

// Base returns the image that the stage is built on, through the stages that
// it is FROM.
func (i *Image) Base() Base {
	root := i.stage.root()
	b := Base{Reference: root.base.reference, Known: root.base.system != nil, At: root.At}
	b.Repository, b.Tag, b.Digest = split(b.Reference)
	switch {
	case b.Digest != "":
		b.Pin = Digest
	case b.Tag == "":
		b.Pin = NoTag
	case strings.ContainsFunc(b.Tag, unicode.IsDigit) || strings.Contains(b.Tag, "$"):
		b.Pin = Version
	default:
		b.Pin = Moving
	}
	if b.Known {
		b.System = root.base.system.name
		b.Known = !root.base.system.blind
	}
	return b
}

// split takes a reference to pieces
// (https://github.com/distribution/reference: what is before the first slash
// is a registry where it has a dot or a colon, or is localhost).
func split(reference string) (repository, tag, digest string) {
	reference, digest, _ = strings.Cut(reference, "@")
	repository = reference
	if i := strings.LastIndex(reference, ":"); i > strings.LastIndex(reference, "/") {
		repository, tag = reference[:i], reference[i+1:]
	}
	for _, hub := range hubs {
		if rest, ok := strings.CutPrefix(repository, hub); ok {
			repository = rest
			break
		}
	}
	return strings.TrimPrefix(repository, "library/"), tag, digest
}

// hubs are the registries that serve the official images of Docker Hub.
var hubs = []string{"docker.io/", "index.docker.io/", "registry.hub.docker.com/", "public.ecr.aws/docker/", "mirror.gcr.io/"}

// system is a distribution as its smallest image has it.
type system struct {
	name     string
	manager  string
	open     []string // what lies there is not known
	there    []string // folders that are there and empty
	path     []string
	users    map[string]certainty
	programs map[string]certainty
	exact    bool // it has no other programs
	blind    bool // which programs it has is not known
}

// base is what is known of an image that stages are built on.
type base struct {
	reference string
	system    *system // nil: nothing is known
	image     *record // what the image adds to the system; may be nil
	programs  map[string]certainty
	exact     bool
	packages  installed
	open      []place  // what lies there is not known
	there     []string // folders that are there and empty
}

// place is a folder, or a pattern of path.Match over its parts.
type place struct {
	dir   string
	parts []string // of a pattern
}

// settle takes together what the tables say of the system and of the image.
func (b *base) settle() *base {
	if b.system == nil {
		return b
	}
	for _, dir := range slices.Concat(b.system.open, b.field("open")) {
		one := place{dir: dir}
		if strings.Contains(dir, "*") {
			one.parts = strings.Split(dir, "/")
		}
		b.open = append(b.open, one)
	}
	b.there = slices.Concat(b.system.there, b.field("there"))
	return b
}

// defaultPath is the PATH of a container where its image sets none, and of
// almost every image.
var defaultPath = []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}

var systemDirs = []string{"/usr/bin", "/bin", "/usr/sbin", "/sbin"}

// programDir reports whether programs are looked for in a folder by default.
func programDir(dir string) bool { return slices.Contains(defaultPath, dir) }

var systems = sync.OnceValue(func() map[string]*system {
	all := map[string]*system{}
	for _, r := range records(systemsText) {
		s := &system{name: r.head[0], users: listed(r.fields["users"]), programs: listed(r.fields["programs"]), path: r.fields["path"]}
		s.open, s.there, s.exact, s.blind = r.fields["open"], r.fields["there"], r.fields["more"] == nil, r.fields["blind"] != nil
		if m := r.fields["manager"]; m != nil {
			s.manager = m[0]
		}
		if like := all[strings.Join(r.fields["like"], "")]; like != nil {
			s.open, s.there = append(slices.Clip(like.open), s.open...), append(slices.Clip(like.there), s.there...)
			for name, c := range like.users {
				s.users[name] = max(c, s.users[name])
			}
		}
		if s.path == nil {
			s.path = defaultPath
		}
		all[s.name] = s
	}
	return all
})

// images are the records of the known images, by repository.
var images = sync.OnceValue(func() map[string][]record {
	all := map[string][]record{}
	for _, r := range records(imagesText) {
		for _, name := range strings.Split(r.head[0], ",") {
			all[name] = append(all[name], r)
		}
	}
	return all
})

// known returns what the tables know of an image.
func known(reference string) *base {
	repository, tag, digest := split(reference)
	if tag == "" && digest != "" {
		return &base{reference: reference} // the digest alone does not tell the variant
	}
	return tagged(reference, repository, cmp.Or(tag, "latest"))
}

// managed returns what the tables know of an image that a digest alone names, by
// the manager that the steps on top of it install packages with: those of Debian
// have apt-get, the variants called alpine have apk.
func managed(reference string, steps []fact.Step) *base {
	repository, tag, digest := split(reference)
	if tag != "" || digest == "" {
		return known(reference)
	}
	for _, step := range steps {
		text := strings.Join(step.Command, " ")
		switch {
		case step.Kind != "run":
		case strings.Contains(text, "apt-get "):
			return tagged(reference, repository, "latest")
		case strings.Contains(text, "apk "):
			return tagged(reference, repository, "alpine")
		}
	}
	return known(reference)
}

// tagged returns what the tables know of a repository's image of that tag.
func tagged(reference, repository, tag string) *base {
	b := &base{reference: reference}
	if reference == "scratch" {
		b.system, b.exact = systems()["scratch"], true
		return b.settle()
	}
	if _, after, found := strings.Cut(tag, "$"); found {
		// Of ${VERSION}-alpine the variant is known, of ${TAG} it is not.
		i := strings.Index(after, "}-")
		if i < 0 {
			return b
		}
		tag = "${" + after[i+1:]
	}
	for _, r := range images()[repository] {
		if !slices.ContainsFunc(r.head[1:], func(pattern string) bool { ok, _ := path.Match(pattern, tag); return ok }) {
			continue
		}
		name := strings.Join(r.fields["system"], "")
		if b.system = systems()[name]; b.system == nil {
			return b
		}
		b.image = &r
		b.programs = listed(r.fields["programs"])
		b.exact = b.system.exact && r.fields["more"] == nil && r.fields["packages"] == nil
		b.packages = installed{manager: b.system.manager, names: r.fields["packages"], why: reference + " has it"}
		return b.settle()
	}
	return b
}

func (b *base) field(name string) []string {
	if b.image == nil {
		return nil
	}
	return b.image.fields[name]
}

// find answers of a path in the image.
func (b *base) find(p string, at source.Span) Answer {
	a := Answer{At: at}
	switch {
	case p == "/":
		a.State, a.Kind, a.Why = Present, Folder, "it is the root"
	case b.system == nil:
		a.Why = "what " + b.reference + " contains is not known"
	case programDir(path.Dir(p)):
		return b.program(p, a)
	case b.has(p):
		a.State, a.Kind, a.Why = Present, File, b.reference+" has it"
	default:
		return b.place(p, a)
	}
	return a
}

// has reports whether the table names the path.
func (b *base) has(p string) bool {
	return b.programs[p] == yes || slices.Contains(b.field("files"), p)
}

// place answers by where a path is.
func (b *base) place(p string, a Answer) Answer {
	for i := range b.open {
		dir := b.open[i].dir
		covered := b.open[i].covers(p)
		if covered && dir != p && !b.system.blind && path.Base(path.Dir(p)) == "bin" && packaged(path.Base(p)) {
			continue // programs of the distribution are in its own folders
		}
		if covered {
			a.Why = "what " + b.reference + " has in " + strings.TrimSuffix(dir, "/*") + " is not known"
			if p == dir {
				a.State, a.Kind, a.Why = Present, Folder, b.reference+" has it"
			}
			return a
		}
		if under(p, dir) {
			a.State, a.Kind, a.Why = Present, Folder, b.reference+" has it"
			return a
		}
	}
	for _, dir := range b.there {
		if under(p, dir) {
			a.State, a.Kind, a.Why = Present, Folder, b.reference+" has it"
			return a
		}
	}
	a.State, a.Why = Absent, "nothing puts it there"
	return a
}

// covers reports whether p is at or below a place.
func (l *place) covers(p string) bool {
	if l.parts == nil {
		return under(l.dir, p)
	}
	have := strings.Split(p, "/")
	if len(have) < len(l.parts) {
		return false
	}
	for i, part := range l.parts {
		if ok, err := path.Match(part, have[i]); err != nil || !ok {
			return false
		}
	}
	return true
}

// program answers of a file in a folder of programs.
func (b *base) program(p string, a Answer) Answer {
	dir, name := path.Split(p)
	local := strings.HasPrefix(dir, "/usr/local/")
	here := b.programs[p]
	if here == no && local {
		here = b.programs[name]
	}
	if here == no && !local {
		here = max(b.system.programs[name], b.packages.brings(name))
	}
	switch {
	case here == yes:
		a.State, a.Kind, a.Why = Present, File, b.reference+" has it"
	case here == perhaps:
		a.Why = "some versions of " + b.reference + " have it"
	case !local && b.programs[name] != no:
		a.Why = "where " + b.reference + " has it is not known"
	case b.system.blind:
		a.Why = "whether " + b.reference + " has it is not known"
	case b.exact || packaged(name) || watched()[name] != "" && b.field("more") == nil:
		a.State, a.Why = Absent, b.reference+" does not have it, and nothing installs it"
	default:
		a.Why = "whether " + b.reference + " has it is not known"
	}
	return a
}

// user answers of a user of the image.
func (b *base) user(name string, at source.Span) Answer {
	a := Answer{At: at}
	if b.system == nil {
		a.Why = "which users " + b.reference + " has is not known"
		return a
	}
	here := b.system.users[name]
	for user, c := range listed(b.field("users")) {
		if user == name {
			here = max(here, c)
		}
	}
	switch {
	case here == yes:
		a.State, a.Why = Present, b.reference+" has it"
	case here == perhaps || b.packages.names != nil:
		a.Why = "some versions of " + b.reference + " have it"
	default:
		a.State, a.Why = Absent, b.reference+" does not have it, and nothing adds it"
	}
	return a
}
