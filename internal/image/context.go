package image

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"rehearse/internal/source"
)

// Listing is what a build context holds. Its paths are relative to the
// context.
type Listing struct {
	Files  []ContextFile
	Ignore source.File // the .dockerignore that counts (see Ignores); its Path is for spans; zero where there is none

	// Unlisted returns why Files may lack what is at a path or below it: git
	// ignores it, it lies in a folder that is not listed, behind a link or in a
	// submodule. "" says that what Files does not have is not there. It may be
	// nil.
	Unlisted func(path string) string

	// Read returns what stands in a file; it may be nil. Of the files that it
	// is asked for (package.json, tsconfig.json, requirements.txt, shell
	// scripts) only how they install and build is taken.
	Read func(path string) ([]byte, error)
}

// ContextFile is a file of a build context.
type ContextFile struct {
	Path    string
	Ignored bool // git ignores it: the working tree has it, a clean clone has not
	Link    bool // it is a symbolic link
}

// Ignores returns where the file stands that says what is left out of a
// context, the one that counts first: the Dockerfile's own goes before the
// context's
// (https://docs.docker.com/build/concepts/context/#filename-and-location).
func Ignores(dockerfile, context string) []string {
	return []string{dockerfile + ".dockerignore", path.Join(context, ".dockerignore")}
}

// Context is a build context, ready to be asked.
type Context struct {
	files    []ContextFile
	byPath   map[string]int
	unlisted func(string) string
	reading  func(string) ([]byte, error)
	matcher  *patternmatcher.PatternMatcher
	patterns []pattern
	mu       sync.Mutex // of the matchers, which remember, and of the sights
	sights   map[string]sight
	problems []Problem
}

// pattern is a line of a .dockerignore.
type pattern struct {
	at      source.Span
	negated bool
	text    string // without the mark of negation
	matcher *patternmatcher.PatternMatcher
}

// maxIgnore is the size in bytes of the largest .dockerignore that is read,
// maxPatterns how many patterns it may have.
const (
	maxIgnore   = 256 << 10
	maxPatterns = 5_000
)

// NewContext returns the context of a listing, for any number of images.
func NewContext(l Listing) *Context {
	c := &Context{
		files: slices.Clone(l.Files), byPath: make(map[string]int, len(l.Files)), unlisted: l.Unlisted, reading: l.Read,
		sights: map[string]sight{},
	}
	slices.SortFunc(c.files, func(a, b ContextFile) int { return strings.Compare(a.Path, b.Path) })
	for i, f := range c.files {
		c.byPath[f.Path] = i
	}
	c.ignore(l.Ignore)
	return c
}

// ignore reads a .dockerignore.
func (c *Context) ignore(file source.File) {
	whole := source.Span{File: file.Path}
	if len(file.Data) > maxIgnore {
		c.unlisted = func(string) string { return file.Path + " is too large to be read" }
		return
	}
	all, err := ignorefile.ReadAll(bytes.NewReader(file.Data))
	if err == nil && len(all) <= maxPatterns {
		c.matcher, err = patternmatcher.New(all)
	}
	switch {
	case len(all) > maxPatterns:
		c.unlisted = func(string) string { return file.Path + " has too many patterns to be read" }
		return
	case err != nil:
		c.problems = append(c.problems, Problem{Kind: Broken, Why: "it has a pattern that is not one", At: whole})
		return
	}
	for i, line := range bytes.Split(bytes.TrimPrefix(file.Data, []byte("\xef\xbb\xbf")), []byte("\n")) {
		one, err := ignorefile.ReadAll(bytes.NewReader(line))
		if err != nil || len(one) != 1 {
			continue
		}
		p := pattern{at: source.Span{File: file.Path, Line: i + 1}, negated: strings.HasPrefix(one[0], "!"), text: strings.TrimPrefix(one[0], "!")}
		if p.matcher, err = patternmatcher.New([]string{p.text}); err == nil {
			c.patterns = append(c.patterns, p)
		}
	}
}

// fate says what becomes of a path of the context.
type fate int

const (
	sent    fate = iota // it is there for the steps
	nowhere             // it is not there at all
	kept                // .dockerignore keeps it back
	ignored             // git ignores it
	unseen              // the listing does not tell
)

// sight is what a path of the context is.
type sight struct {
	fate
	kind Kind
	why  string
	at   source.Span
}

// relative returns a path of the context as the listing has it; "" is the
// context itself. The root of the context is the root of all paths: what leads
// out of it stays in it.
func relative(p string) string { return strings.TrimPrefix(absolute(p), "/") }

// look returns what a path, as relative returns it, is. What it says is
// remembered: to match the patterns of a .dockerignore takes longer than all the
// rest.
func (c *Context) look(p string) sight {
	if p == "" {
		return sight{kind: Folder}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.sights[p]
	if !ok {
		if i, listed := c.byPath[p]; listed {
			s = c.file(p, c.files[i])
		} else {
			s = c.folder(p)
		}
		c.sights[p] = s
	}
	return s
}

// file looks at a file of the listing.
func (c *Context) file(p string, f ContextFile) sight {
	kind := File
	if f.Link {
		kind = Any
	}
	if at, out := c.excluded(p); out {
		return sight{fate: kept, kind: kind, why: at.File + " keeps it out of the build context", at: at}
	}
	if f.Ignored {
		return sight{fate: ignored, kind: kind, why: "git ignores it, so a clean clone does not have it", at: source.Span{File: p}}
	}
	return sight{kind: kind}
}

// folder looks at what is no file of the listing.
func (c *Context) folder(p string) sight {
	at, out := c.excluded(p)
	left := sight{fate: kept, why: at.File + " keeps it out of the build context", at: at}
	gap := ""
	if c.unlisted != nil {
		gap = c.unlisted(p)
	}
	i, _ := slices.BinarySearchFunc(c.files, p+"/", func(f ContextFile, p string) int { return strings.Compare(f.Path, p) })
	listed, tracked := false, false
	for ; i < len(c.files) && strings.HasPrefix(c.files[i].Path, p+"/"); i++ {
		listed = true
		if c.files[i].Ignored {
			continue
		}
		tracked = true
		if !out {
			return sight{kind: Folder}
		}
		if _, also := c.excluded(c.files[i].Path); !also {
			return sight{kind: Folder}
		}
	}
	switch {
	case out && listed && c.awaits(p):
		return sight{fate: unseen, why: "what " + at.File + " lets through of it is made before the build"}
	case out && (listed || !c.lets(p)):
		left.kind = Folder
		return left
	case gap != "":
		return sight{fate: unseen, why: gap}
	case listed && !tracked:
		return sight{fate: ignored, kind: Folder, why: "git ignores all that is in it, so a clean clone does not have it"}
	}
	return sight{fate: nowhere, why: "the build context has no such file or folder"}
}

// excluded reports whether .dockerignore keeps a path back, and which line
// does.
func (c *Context) excluded(p string) (source.Span, bool) {
	if c.matcher == nil {
		return source.Span{}, false
	}
	if out, err := c.matcher.MatchesOrParentMatches(p); err != nil || !out {
		return source.Span{}, false
	}
	var at source.Span
	for _, line := range c.patterns {
		if ok, err := line.matcher.MatchesOrParentMatches(p); err == nil && ok && !line.negated {
			at = line.at
		}
	}
	return at, true
}

// lets reports whether .dockerignore lets something through that may lie below a
// path that it keeps back otherwise.
func (c *Context) lets(p string) bool {
	return slices.ContainsFunc(c.patterns, func(line pattern) bool {
		return line.negated && (strings.HasPrefix(line.text, p+"/") || strings.HasPrefix(line.text, "**"))
	})
}

// awaits reports whether .dockerignore lets something through below a path that
// the listing may lack: what git ignores, and the build is to find.
func (c *Context) awaits(p string) bool {
	return c.unlisted != nil && slices.ContainsFunc(c.patterns, func(line pattern) bool {
		text := strings.TrimPrefix(path.Clean("/"+line.text), "/")
		return line.negated && strings.HasPrefix(text, p+"/") && !strings.ContainsAny(text, `*?[`) && c.unlisted(text) != ""
	})
}

// maxMatches is how many matches of a wildcard are followed.
const maxMatches = 2_000

// glob returns what a wildcard matches and .dockerignore lets through, sorted,
// and whether the listing may lack a match.
func (c *Context) glob(pattern string) (matches []string, why string) {
	parts := strings.Count(pattern, "/") + 1
	fixed := pattern[:strings.IndexAny(pattern, `*?[\`)]
	fixed = fixed[:strings.LastIndex(fixed, "/")+1]
	from, _ := slices.BinarySearchFunc(c.files, fixed, func(f ContextFile, p string) int { return strings.Compare(f.Path, p) })
	last := ""
	for i := from; i < len(c.files) && strings.HasPrefix(c.files[i].Path, fixed) && len(matches) <= maxMatches; i++ {
		p := first(c.files[i].Path, parts)
		if p == "" || p == last {
			continue
		}
		last = p
		if ok, err := path.Match(pattern, p); err == nil && ok && c.look(p).fate == sent {
			matches = append(matches, p)
		}
	}
	if len(matches) > maxMatches {
		return nil, "it matches too many files to be followed"
	}
	if c.unlisted != nil {
		if why = c.unlisted(strings.TrimSuffix(fixed, "/")); why == "" || fixed == "" {
			why = c.unlisted(strings.NewReplacer("*", "x", "?", "x", "[", "", "]", "", `\`, "").Replace(pattern))
		}
	}
	return slices.Compact(matches), why
}

// first returns the first n parts of a path, "" where it has fewer.
func first(p string, n int) string {
	for i := range len(p) {
		if p[i] == '/' {
			if n--; n == 0 {
				return p[:i]
			}
		}
	}
	if n > 1 {
		return ""
	}
	return p
}

// read returns what stands in a file that the image gets.
func (c *Context) read(p string) ([]byte, bool) {
	if c.reading == nil {
		return nil, false
	}
	data, err := c.reading(p)
	return data, err == nil && len(data) <= maxRead
}

// maxRead is the size in bytes of the largest file that is read to see how it
// installs or builds.
const maxRead = 1 << 20
