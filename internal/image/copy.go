package image

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// copy reads a COPY or ADD
// (https://docs.docker.com/reference/dockerfile/#copy, #add).
func (s *stage) copy(step fact.Step) {
	c := copying{stage: s, step: step, folder: strings.HasSuffix(step.Target, "/") || len(step.Sources) > 1}
	target, _ := s.model.fill(step.Target, nil)
	if strings.Contains(target, "${") {
		c.open(folderOf(target), "the folder that it copies to is known only when the image is built")
		return
	}
	c.target = absolute(target)
	if step.Partial {
		c.open(c.target, "what it copies depends on --parents or --exclude, which are not followed")
		s.layer(made{path: c.target, kind: Any, why: "it is copied"}, step.At, false)
		return
	}
	if step.From != "" {
		c.from = s.model.named(step.From, max(s.number, 0))
		if c.from == nil {
			c.from = s.model.image(step.From)
		}
		s.uses = append(s.uses, c.from)
	}
	for _, src := range step.Sources {
		src, _ = s.model.fill(src, nil)
		c.source(src)
	}
}

// folderOf returns the folder that a path lies in as far as it is known.
func folderOf(p string) string {
	p, _, _ = strings.Cut(p, "${")
	return absolute(p[:strings.LastIndex(p, "/")+1])
}

// copying is a COPY or ADD while it is read.
type copying struct {
	stage  *stage
	step   fact.Step
	target string
	folder bool   // the target is a folder, whatever stands there
	from   *stage // nil: the context
}

func (c *copying) open(dir, why string) {
	c.stage.layer(opened{dir: dir, programs: every, why: why}, c.step.At, false)
}

func (c *copying) problem(kind ProblemKind, src, why string, line source.Span) {
	from := ""
	if c.from != nil {
		from = c.from.title()
	}
	c.stage.problems = append(c.stage.problems, Problem{Kind: kind, Source: src, From: from, Why: why, At: c.step.At, Line: line})
}

func (c *copying) source(src string) {
	doc, heredoc := strings.CutPrefix(src, "<<")
	switch {
	case heredoc:
		c.file(doc, made{kind: File, why: "it is written there"})
	case strings.Contains(src, "${"):
		c.open(c.target, "what it copies is known only when the image is built")
	case c.from != nil:
		c.handed(src)
	case c.step.Kind == "add" && remote(src):
		c.remote(src)
	case strings.ContainsAny(src, "*?["):
		c.glob(src)
	default:
		c.local(src)
	}
}

// local copies a file or folder of the context.
func (c *copying) local(src string) {
	p := relative(src)
	s := c.stage.model.context.look(p)
	kinds := map[fate]ProblemKind{nowhere: Missing, kept: Excluded, ignored: Ignored, unseen: Unlisted}
	if kind, wrong := kinds[s.fate]; wrong {
		c.problem(kind, src, s.why, s.at)
		c.absent(p, s)
		return
	}
	c.add(p, s.kind)
}

// absent is the copy of something that is not there.
func (c *copying) absent(p string, s sight) {
	why := s.why
	if s.fate == unseen {
		if !c.folder {
			c.stage.layer(made{path: c.target, kind: Any, why: "it is copied"}, c.step.At, true)
		}
	} else {
		why = "the step that copies " + p + " fails: " + why
		if path.Ext(p) != "" && c.folder {
			c.open(path.Join(c.target, path.Base(p)), why) // a file, by its name
			return
		}
	}
	c.open(c.target, why)
}

// add copies what is there: of a folder what is in it, not the folder itself.
func (c *copying) add(p string, kind Kind) {
	switch {
	case kind == Folder:
		c.stage.layer(copied{src: p, dst: c.target}, c.step.At, false)
	case c.step.Kind == "add" && archive(p):
		c.stage.layer(made{path: c.target, kind: Folder, why: "an archive is unpacked there"}, c.step.At, false)
		c.open(c.target, "an archive is unpacked there, which is not read")
	default:
		c.file(path.Base(p), made{kind: File, why: "it is copied", from: p})
	}
}

// file puts a file of that name where the target says: into it where it is a
// folder.
func (c *copying) file(name string, e made) {
	e.path = c.target
	switch a := c.stage.now().find(c.target); {
	case c.folder || a.State == Present && a.Kind == Folder:
		e.path = path.Join(c.target, name)
	case a.State == Unknown || a.State == Present && a.Kind == Any:
		if path.Base(c.target) == name {
			break // COPY start.sh /start.sh
		}
		// Whether it is a folder by now is not known.
		c.open(c.target, "whether the target is a folder is not known")
		if path.Ext(c.target) == "" {
			e.kind, e.from = Any, ""
		}
	}
	c.stage.layer(e, c.step.At, false)
}

func (c *copying) glob(src string) {
	context := c.stage.model.context
	matches, why := context.glob(relative(src))
	if len(matches) == 0 && why == "" {
		c.problem(Unused, src, "nothing in the build context matches it", source.Span{})
	}
	if why != "" {
		if len(matches) == 0 {
			c.problem(Unlisted, src, why, source.Span{})
		}
		c.open(c.target, why)
	}
	c.folder = c.folder || len(matches) > 1
	for _, p := range matches {
		c.add(p, context.look(p).kind)
	}
}

// copiedFrom is why something is there that is copied out of a stage, whose name
// stands behind it.
const copiedFrom = "it is copied from "

// handed copies from another stage or image.
func (c *copying) handed(src string) {
	from := view{stage: c.from, upto: len(c.from.layers), looks: &c.stage.model.asked}
	if strings.ContainsAny(src, "*?[") {
		c.handedGlob(from, absolute(src))
		return
	}
	p := absolute(src)
	a := from.find(p)
	e := handed{from: from, src: p, dst: c.target, kind: a.Kind, why: copiedFrom + c.from.title()}
	switch {
	case a.State == Absent:
		c.problem(Missing, src, a.Why, a.At)
		c.open(c.target, "the step that copies "+p+" fails: "+a.Why)
		return
	case a.State == Present && a.Kind == File:
		c.file(path.Base(p), made{kind: File, why: e.why, from: a.From})
		return
	case programDir(c.target) && !strings.HasSuffix(src, "/") && !slices.Contains(crates, path.Base(p)):
		c.file(path.Base(p), made{kind: File, why: e.why, from: a.From}) // a program, by where it goes and what it is called
		return
	case a.State == Unknown || a.Kind == Any:
		// A file goes into a folder, a folder's contents do.
		e.kind = Any
		if dst := c.stage.now().find(c.target); c.folder || dst.State != Absent {
			c.open(path.Join(c.target, path.Base(p)), "whether what is copied is a folder is not known")
		}
	}
	c.stage.layer(e, c.step.At, false)
}

// crates are what folders are called from which programs are copied.
var crates = []string{"/", "bin", "sbin", ".bin", "local", "usr", "dist", "build", "out", "output", "release", "target", "scripts", "tools", "programs", "binaries"}

// handedGlob copies what a wildcard matches in another stage: that it matches
// something is certain, since the build goes on.
func (c *copying) handedGlob(from view, pattern string) {
	why := "what " + path.Base(pattern) + " matches is not known"
	c.open(c.target, why)
	c.stage.layer(made{path: c.target, kind: Any, why: copiedFrom + c.from.title()}, c.step.At, false)
	dir := path.Dir(pattern)
	if strings.ContainsAny(dir, "*?[") || !c.folder {
		return
	}
	c.stage.layer(picked{handed{from: from, src: dir, dst: c.target, why: copiedFrom + c.from.title()}, path.Base(pattern)}, c.step.At, false)
}

// picked is a handed of what a pattern matches alone.
type picked struct {
	handed
	pattern string
}

func (e picked) see(v view, p string) verdict {
	if p == e.dst || !under(e.dst, p) {
		return verdict{}
	}
	name, _, _ := strings.Cut(rest(e.dst, p), "/")
	if ok, err := path.Match(e.pattern, name); err != nil || !ok {
		return verdict{}
	}
	if said := e.handed.see(v, p); said.says == has {
		return said
	}
	return verdict{}
}

// copied is a folder of the context whose contents stand below dst.
type copied struct{ src, dst string }

func (e copied) see(v view, p string) verdict {
	if under(p, e.dst) {
		return verdict{says: has, kind: Folder, why: "it is copied"}
	}
	if !under(e.dst, p) {
		return verdict{}
	}
	name := path.Join(e.src, rest(e.dst, p))
	switch s := v.stage.model.context.look(name); s.fate {
	case sent:
		from := ""
		if s.kind == File {
			from = name
		}
		return verdict{says: has, kind: s.kind, why: "it is copied", from: from}
	case unseen:
		return verdict{says: adds, why: s.why}
	case kept, ignored:
		return verdict{why: s.why, at: s.at}
	}
	return verdict{}
}

// remote reports whether a source of an ADD is fetched.
func remote(src string) bool {
	return strings.HasPrefix(src, "http://") || strings.HasPrefix(src, "https://") || strings.HasPrefix(src, "git@") ||
		strings.HasPrefix(src, "git://") || strings.HasPrefix(src, "ssh://")
}

// remote adds a URL: a file, or what a repository of git holds.
func (c *copying) remote(src string) {
	u, err := url.Parse(src)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || strings.HasSuffix(u.Path, ".git") {
		c.stage.layer(made{path: c.target, kind: Folder, why: "a repository is fetched into it"}, c.step.At, false)
		c.open(c.target, "what the repository holds is not known")
		return
	}
	if strings.Trim(u.Path, "/") == "" {
		c.open(c.target, "the name of what is fetched is not known")
		return
	}
	if c.step.Unpack {
		c.open(c.target, "an archive is unpacked there, which is not read")
		return
	}
	c.file(path.Base(u.Path), made{kind: File, why: "it is fetched"})
}

// archives are the endings of the archives that ADD unpacks. It looks at what
// is in a file; its name is what can be seen here
// (https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives).
var archives = []string{".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".gz", ".bz2", ".xz"}

func archive(name string) bool {
	return slices.ContainsFunc(archives, func(end string) bool { return strings.HasSuffix(name, end) })
}
