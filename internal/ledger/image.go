package ledger

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"sync"

	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/link"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Build is an image that a Dockerfile of the project builds, with what is
// known of how it is built. It is modelled when it is first asked for.
type Build struct {
	fact.BuildFrom
	Guessed bool       // nothing says which folder the context is: it was chosen by what the Dockerfile copies
	Uses    []Use      // who runs it; none where nothing in the tree does
	Owner   *Component // whose code is in it, as far as that is known

	definition *fact.Image
	onbuild    bool // images that are built on it bring more
	yard       *yard
	once       sync.Once
	modelled   *image.Image
}

// Use is a workload that runs an image.
type Use struct {
	Environment *fact.Environment
	Workload    *fact.Workload
	Run         *Run // nil where the workload is tied to no component
}

// Image returns the model of the image; nil where there is none: of a
// Dockerfile that is not in the tree, or that has no such stage.
func (b *Build) Image() *image.Image {
	b.once.Do(func() {
		context := b.yard.context(b.Context, b.Dockerfile)
		if b.definition == nil || context == nil {
			return
		}
		args := map[string]string{}
		for _, s := range b.Args {
			args[s.Name] = "${" + s.Name + "}" // it is given, and not known
			if s.Value.Origin == fact.Literal {
				args[s.Name] = s.Value.Reveal()
			}
		}
		if m, err := image.Model(*b.definition, b.Target, args, context); err == nil {
			b.modelled = m
		}
	})
	return b.modelled
}

// Source returns the path in the project of a file of the build's context.
func (b *Build) Source(file string) string { return path.Join(b.Context, file) }

// Read returns what stands in a file of the build's context. It is a file of
// the working tree that git does not ignore, and no larger than a megabyte.
func (b *Build) Read(file string) ([]byte, bool) {
	data, err := b.yard.read(path.Join(b.Context, file))
	return data, err == nil
}

// Files returns the files of the build's context, relative to it, sorted;
// those that git ignores are left out.
func (b *Build) Files() []string { return b.yard.below(b.Context) }

// Has reports whether the build's context has a file.
func (b *Build) Has(file string) bool {
	f := b.yard.project.File(path.Join(b.Context, file))
	return f != nil && f.Flags&project.Ignored == 0
}

// yard is where builds find their contexts: the project's files.
type yard struct {
	project *project.Project

	mu       sync.Mutex
	gaps     *project.Gaps
	contexts map[string]*image.Context // by folder and .dockerignore
	folders  map[string][]string
	contents map[string][]byte
	spent    int64
}

// The bounds of what is read for images.
const (
	maxRead  = 1 << 20  // bytes of one file
	maxSpent = 64 << 20 // bytes of all
)

func newYard(p *project.Project) *yard {
	return &yard{project: p, contexts: map[string]*image.Context{}, folders: map[string][]string{}, contents: map[string][]byte{}}
}

// context returns a build context; nil where it is no folder of the project.
func (y *yard) context(dir, dockerfile string) *image.Context {
	dir = path.Clean(dir)
	if strings.Contains(dir, "$") || dir == ".." || strings.HasPrefix(dir, "../") || path.IsAbs(dir) {
		return nil
	}
	var ignore source.File
	for _, name := range image.Ignores(dockerfile, dir) {
		if f := y.project.File(name); f != nil && ignore.Path == "" {
			data, err := y.project.Read(f)
			if err != nil {
				return nil
			}
			ignore = data
		}
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	key := dir + "\n" + ignore.Path
	if c, ok := y.contexts[key]; ok {
		return c
	}
	if y.gaps == nil {
		y.gaps = y.project.Gaps()
	}
	l := image.Listing{Ignore: ignore, Read: func(p string) ([]byte, error) { return y.read(path.Join(dir, p)) }}
	l.Unlisted = func(p string) string { return y.gaps.Of(path.Join(dir, p)) }
	for _, f := range y.project.Files {
		if p, ok := inside(dir, f.Path); ok {
			l.Files = append(l.Files, image.ContextFile{Path: p, Ignored: f.Flags&project.Ignored != 0, Link: f.Link != ""})
		}
	}
	c := image.NewContext(l)
	y.contexts[key] = c
	return c
}

// inside returns a path as seen from a folder that it is in.
func inside(dir, file string) (string, bool) {
	if dir == "." {
		return file, true
	}
	return strings.CutPrefix(file, dir+"/")
}

func (y *yard) below(dir string) []string {
	dir = path.Clean(dir)
	y.mu.Lock()
	defer y.mu.Unlock()
	if files, ok := y.folders[dir]; ok {
		return files
	}
	var files []string
	for _, f := range y.project.Files {
		if p, ok := inside(dir, f.Path); ok && f.Flags&project.Ignored == 0 {
			files = append(files, p)
		}
	}
	slices.Sort(files)
	y.folders[dir] = files
	return files
}

func (y *yard) read(file string) ([]byte, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if data, ok := y.contents[file]; ok && data != nil {
		return data, nil
	}
	f := y.project.File(path.Clean(file))
	if f == nil || f.Flags&project.Ignored != 0 || f.Size > maxRead || y.spent > maxSpent {
		return nil, project.ErrTooLarge
	}
	data, err := y.project.Read(f)
	if err != nil {
		return nil, err
	}
	y.spent += int64(len(data.Data))
	y.contents[file] = data.Data
	return data.Data, nil
}

// builds returns every image that the project builds: those that something
// runs or a pipeline makes, and those of the Dockerfiles that are left.
func builds(l *Ledger, p *project.Project, links *link.Linker) []*Build {
	y := newYard(p)
	var all []*Build
	index := map[string]*Build{}
	contexts := map[string]string{} // of Dockerfiles, as the first build says
	unfinished := map[string]bool{} // Dockerfiles with ONBUILD
	add := func(from fact.BuildFrom) *Build {
		from.Dockerfile = path.Clean(cmp.Or(from.Dockerfile, path.Join(from.Context, "Dockerfile")))
		definition := links.Image(from.Dockerfile)
		if definition == nil || strings.Contains(from.Context+from.Target, "$") {
			return nil
		}
		b := &Build{BuildFrom: from, definition: definition, yard: y, onbuild: unfinished[from.Dockerfile]}
		if b.Context == "" {
			b.Context = contexts[b.Dockerfile]
		}
		if b.Context == "" {
			b.Context, b.Guessed = y.guess(links, definition), true
		}
		b.Context = path.Clean(b.Context)
		key := strings.Join([]string{b.Dockerfile, b.Context, b.Target, given(from.Args)}, "\n")
		if known := index[key]; known != nil {
			return known
		}
		index[key] = b
		all = append(all, b)
		return b
	}
	for _, d := range l.Definitions {
		for i := range d.Workloads {
			if b := d.Workloads[i].Build; b != nil && b.Context != "" && !strings.Contains(b.Context, "$") {
				file := path.Clean(cmp.Or(b.Dockerfile, path.Join(b.Context, "Dockerfile")))
				if contexts[file] == "" {
					contexts[file] = b.Context
				}
			}
		}
	}
	for _, d := range l.Definitions {
		if slices.ContainsFunc(d.Unread, func(u source.Unread) bool { return strings.HasPrefix(u.Reason, "ONBUILD") }) {
			unfinished[d.File] = true
		}
	}
	runs := map[*fact.Workload]*Run{}
	owners := map[*Run]*Component{}
	for _, c := range l.Components {
		for _, r := range c.Runs {
			if r.Workload != nil {
				runs[r.Workload], owners[r] = r, c
			}
		}
	}
	for _, e := range l.Environments {
		for i := range e.Workloads {
			w := &e.Workloads[i]
			from := links.From(w)
			if from == nil {
				continue
			}
			b := add(*from)
			if b == nil {
				continue
			}
			if strings.HasPrefix(e.Name, "ci:") {
				continue
			}
			r := runs[w]
			b.Uses = append(b.Uses, Use{e, w, r})
			if r != nil {
				r.build, b.Owner = b, cmp.Or(b.Owner, owners[r])
			}
		}
	}
	used := map[string]bool{}
	for _, b := range all {
		used[b.Dockerfile] = true
	}
	for _, d := range l.Definitions {
		for i := range d.Images {
			if file := d.Images[i].Dockerfile; !used[file] {
				add(fact.BuildFrom{Dockerfile: file})
			}
		}
	}
	for _, b := range all {
		if b.Owner == nil {
			if tie, ok := links.Built(b.BuildFrom, path.Base(b.Context), ""); ok {
				b.Owner = l.of(tie.Component)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *Build) int { return cmp.Compare(a.Dockerfile, b.Dockerfile) })
	return all
}

// given tells two lists of build arguments apart.
func given(args []fact.Supply) string {
	var all []string
	for _, a := range args {
		if a.Value.Origin == fact.Literal {
			all = append(all, a.Name+"="+a.Value.Reveal())
		} else {
			all = append(all, a.Name)
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// guess returns the folder that a Dockerfile is most likely built in: the
// nearest to it, from its own folder up, in which most of what it copies is.
// One that copies whatever there is, and stands apart from the code, is built
// in the root of the project.
func (y *yard) guess(links *link.Linker, i *fact.Image) string {
	var sources []string
	for _, s := range i.Stages {
		for _, step := range s.Steps {
			if step.Kind == "run" || step.From != "" {
				continue
			}
			for _, src := range step.Sources {
				if !strings.Contains(src, "$") && !strings.Contains(src, "://") && !strings.HasPrefix(src, "<<") {
					sources = append(sources, strings.TrimPrefix(path.Clean("/"+src), "/"))
				}
			}
		}
	}
	own := path.Dir(i.Dockerfile)
	best, most := own, -1
	for dir := own; ; dir = path.Dir(dir) {
		if n := y.found(dir, sources); n > most {
			best, most = dir, n
		}
		if dir != "." {
			continue
		}
		if most == 0 && !links.Coded(own) {
			return "."
		}
		return best
	}
}

// found returns how many of the sources are in a folder.
func (y *yard) found(dir string, sources []string) int {
	files := y.below(dir)
	n := 0
	for _, src := range sources {
		if src == "" {
			continue
		}
		prefix := src
		if i := strings.IndexAny(src, "*?["); i >= 0 {
			prefix = src[:i]
		}
		i, _ := slices.BinarySearch(files, prefix)
		if i < len(files) && (files[i] == src || strings.HasPrefix(files[i], src+"/") || prefix != src && strings.HasPrefix(files[i], prefix)) {
			n++
			continue
		}
		if j, _ := slices.BinarySearch(files, src+"/"); j < len(files) && strings.HasPrefix(files[j], src+"/") {
			n++
		}
	}
	return n
}

// Build returns the image that the run runs; nil where it is not known which
// Dockerfile and stage make it.
func (r *Run) Build() *Build { return r.build }

// Image returns the model of the image that the run runs; nil where it is not
// known which Dockerfile and stage make it.
func (r *Run) Image() *image.Image {
	if r.build == nil {
		return nil
	}
	return r.build.Image()
}
