package ledger

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/lang"
	"rehearse/internal/link"
	"rehearse/internal/machine"
	"rehearse/internal/manifest/imports"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Read reads a project with the given readers and joins what they find. What a
// reader cannot read is listed in Unread; the error is that of the context.
func Read(ctx context.Context, p *project.Project, languages []lang.Reader, formats []infra.Format) (*Ledger, error) {
	l := &Ledger{Unread: slices.Clone(p.Unread)}
	seen := machine.NewScanner(p)
	for _, c := range p.Components {
		l.Components = append(l.Components, &Component{Component: c})
	}
	// What is defined and what is needed is read side by side: the one may be a
	// single chart that takes as long as all code.
	var definitions []fact.Definition
	var made []infra.Composition
	defined, needed := reading{project: p, seen: seen}, reading{project: p, seen: seen}
	group, within := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		definitions, made, err = defined.definitions(within, formats)
		return err
	})
	group.Go(func() error { return needed.needs(within, l.Components, languages) })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, d := range definitions {
		l.Unread = append(l.Unread, d.Unread...)
	}
	l.Unread = append(append(l.Unread, defined.unread...), needed.unread...)
	l.FilesRead = int(defined.files.Load() + needed.files.Load())
	l.imports = needed.imports
	l.Miscased, l.Homely = seen.Found()
	l.Setups = machine.Setups(p)
	environment.Complete(definitions)
	l.Definitions = definitions
	links := link.New(p.Components, definitions)
	var unread []source.Unread
	l.Environments, unread = environment.All(p, definitions, made, links.Components)
	l.Unread = append(l.Unread, unread...)
	join(l, p, links)
	l.Builds = builds(l, p, links)
	wake(l)
	bake(l)
	for _, c := range l.Components {
		c.variables = c.Variables()
		for _, r := range c.everyRun() {
			r.index = newIndex(r.layers)
		}
	}
	l.project = p
	slices.SortStableFunc(l.Unread, func(a, b source.Unread) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Reason, b.Reason))
	})
	l.Unread = slices.Compact(l.Unread)
	return l, nil
}

// reading is the reading of a project's files.
type reading struct {
	project *project.Project
	files   atomic.Int64
	unread  []source.Unread

	imports map[string][]imports.Import // by file of JavaScript

	spaces sync.Pool // of *[]byte, into which files are read
	seen   *machine.Scanner
}

// result is what came of one file.
type result struct {
	definition fact.Definition
	needs      []fact.Need
	unread     []source.Unread
}

// definitions composes what several files make up, then reads every other file
// that a format names, in parallel; what comes out is in the order of the paths.
func (r *reading) definitions(ctx context.Context, formats []infra.Format) ([]fact.Definition, []infra.Composition, error) {
	var composers []infra.Composer
	var readers []infra.Reader
	for _, f := range formats {
		if c, ok := f.(infra.Composer); ok {
			composers = append(composers, c)
		}
		if reader, ok := f.(infra.Reader); ok {
			readers = append(readers, reader)
		}
	}
	made, parts, err := r.compositions(ctx, composers)
	if err != nil {
		return nil, nil, err
	}
	type job struct {
		file   *project.File
		format infra.Reader
	}
	var jobs []job
	for _, f := range r.project.Files {
		if f.Link != "" || f.Flags&elsewhere != 0 || parts[f.Path] {
			continue
		}
		for _, format := range readers {
			// Of what git ignores, only a developer's .env files say anything.
			if format.Names(f.Path) && (f.Flags&project.Ignored == 0 || format.Format() == environment.Dotenv) {
				jobs = append(jobs, job{f, format})
			}
		}
	}
	results := make([]result, len(jobs))
	err = r.each(ctx, len(jobs), func(ctx context.Context, i int) {
		file, err := r.project.Read(jobs[i].file)
		if err == nil {
			r.files.Add(1)
			if jobs[i].format.Format() != environment.Dotenv && path.Ext(jobs[i].file.Path) != ".json" && environment.Of(jobs[i].file.Path) != environment.Local {
				r.seen.Scan(jobs[i].file.Path, file.Data)
			}
			results[i].definition, err = jobs[i].format.Read(ctx, file)
		}
		if err != nil {
			results[i].unread = append(results[i].unread, notRead(jobs[i].file.Path, err))
		}
	})
	var definitions []fact.Definition
	for i, res := range results {
		r.unread = append(r.unread, res.unread...)
		d := res.definition
		d.File, d.Format = jobs[i].file.Path, jobs[i].format.Format()
		definitions = append(definitions, d)
	}
	for _, c := range made {
		definitions = append(definitions, c.Definition)
	}
	slices.SortStableFunc(definitions, func(a, b fact.Definition) int { return strings.Compare(a.File, b.File) })
	environment.Distinct(definitions)
	return definitions, made, err
}

// code is a file of code that components share.
type code struct {
	file      *project.File
	reader    lang.Reader
	data      source.File      // only while it is needed, and only where it has a trigger
	imports   []imports.Import // of a file of JavaScript
	scanned   bool             // for these
	accessors []fact.Accessor
	known     []fact.Accessor // those of the components that the file belongs to
	runnable  bool
	result    result
}

// needs reads the code of the components. A file that belongs to several is
// read once. Where a language can follow the functions that read a variable for
// their caller, it is read in two passes: what these functions are, then who
// calls them.
func (r *reading) needs(ctx context.Context, components []*Component, languages []lang.Reader) error {
	byExtension := map[string]lang.Reader{}
	var namers []lang.Namer
	for _, reader := range languages {
		for _, extension := range reader.Extensions() {
			byExtension[extension] = reader
		}
		if namer, ok := reader.(lang.Namer); ok {
			namers = append(namers, namer)
		}
	}
	readerOf := func(file, language string) lang.Reader {
		if reader, ok := byExtension[path.Ext(file)]; ok {
			return reader
		}
		var found lang.Reader
		for _, namer := range namers {
			// Of several that read such a file, that of the component's language does.
			if namer.Names(file) && (found == nil || namer.Language() == language) {
				found = namer
			}
		}
		return found
	}
	index := map[*project.File]*code{}
	var files []*code
	for _, c := range components {
		for _, f := range c.Files {
			if index[f] != nil || !f.Code() {
				continue
			}
			if reader := readerOf(f.Path, c.Language); reader != nil {
				index[f] = &code{file: f, reader: reader}
				files = append(files, index[f])
			}
		}
	}
	if err := r.each(ctx, len(files), func(ctx context.Context, i int) { r.first(ctx, files[i]) }); err != nil {
		return err
	}
	for _, c := range components {
		var accessors []fact.Accessor
		for _, f := range c.Files {
			if in := index[f]; in != nil {
				accessors = append(accessors, in.accessors...)
			}
		}
		for _, f := range c.Files {
			if in := index[f]; in != nil && len(in.known) == 0 {
				in.known = accessors
			}
		}
	}
	if err := r.each(ctx, len(files), func(ctx context.Context, i int) { r.second(ctx, files[i]) }); err != nil {
		return err
	}
	for _, c := range components {
		var err error
		if c.alone, err = r.alone(ctx, c, index); err != nil {
			return err
		}
		c.idle, c.sighted = map[string]bool{}, map[string]bool{}
		for _, f := range c.Files {
			if in := index[f]; in != nil {
				c.Needs = append(c.Needs, in.result.needs...)
				if reader, idle := in.reader.(lang.Idle); idle && len(in.result.needs) > 0 && !awake(in.reader, f.Path) {
					c.idle[f.Path], c.sighted[f.Path] = true, reader.Sighted(f.Path)
				}
			}
		}
		c.hold()
		slices.SortStableFunc(c.Needs, func(a, b fact.Need) int {
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
		})
	}
	r.imports = map[string][]imports.Import{}
	for _, f := range files {
		r.unread = append(r.unread, f.result.unread...)
		if f.scanned {
			r.imports[f.file.Path] = f.imports
		}
	}
	return nil
}

// scripts are the endings of files whose imports are found while they are read:
// every one of them is asked after later.
var scripts = map[string]bool{".js": true, ".jsx": true, ".ts": true, ".tsx": true, ".mjs": true, ".cjs": true, ".mts": true, ".cts": true}

// maxImporting is the size in bytes of the largest of them: no person writes more.
const maxImporting = 1 << 20

// awake reports whether the application reads a file of a reader of idle ones when
// it starts.
func awake(reader lang.Reader, file string) bool {
	some, ok := reader.(lang.Awake)
	return ok && some.Awake(file)
}

// first reads the file and finds the accessors in it. What has no trigger and
// could call no accessor is not kept.
func (r *reading) first(ctx context.Context, c *code) {
	space := r.space()
	data, err := r.project.ReadInto(c.file, *space)
	if err != nil {
		r.spaces.Put(space)
		if !errors.Is(err, project.ErrBinary) && !errors.Is(err, project.ErrTooLarge) {
			c.result.unread = append(c.result.unread, notRead(c.file.Path, err))
		}
		return
	}
	r.files.Add(1)
	r.seen.Scan(c.file.Path, data.Data)
	generated := project.IsGenerated(data.Data)
	if scripts[path.Ext(c.file.Path)] && !generated && len(data.Data) <= maxImporting {
		c.imports, c.scanned = imports.JavaScript(data.Data), true
	}
	if generated || !lang.Triggered(c.reader, data.Data) {
		*space = data.Data[:0]
		r.spaces.Put(space)
		return
	}
	// What is kept is kept alone: the space may be that of a far larger file.
	*space, data.Data = data.Data[:0], bytes.Clone(data.Data)
	r.spaces.Put(space)
	if follower, follows := c.reader.(lang.Follower); follows {
		if c.accessors, err = follower.Accessors(ctx, data); err != nil {
			c.result.unread = append(c.result.unread, notRead(c.file.Path, err))
			return
		}
	}
	c.data = data
}

// space returns space to read a file into.
func (r *reading) space() *[]byte {
	if space, ok := r.spaces.Get().(*[]byte); ok {
		return space
	}
	return new([]byte)
}

// second reads what the code needs.
func (r *reading) second(ctx context.Context, c *code) {
	data, err := c.data, error(nil)
	c.data = source.File{}
	follower, follows := c.reader.(lang.Follower)
	triggered := data.Data != nil
	if !triggered {
		if !follows || len(c.known) == 0 || len(c.result.unread) > 0 {
			return
		}
		if data, err = r.project.Read(c.file); err != nil {
			return // the first pass has said so
		}
	}
	called := slices.DeleteFunc(slices.Clone(c.known), func(a fact.Accessor) bool { return !a.Called(data.Data) })
	if !triggered && (len(called) == 0 || project.IsGenerated(data.Data)) {
		return
	}
	if follows {
		c.result.needs, err = follower.ReadWith(ctx, data, called)
	} else {
		c.result.needs, err = c.reader.Read(ctx, data)
	}
	if err != nil {
		c.result.unread = append(c.result.unread, notRead(c.file.Path, err))
	}
	c.runnable = len(c.result.needs) > 0 && runnable(data.Data)
}

func (r *reading) each(ctx context.Context, n int, do func(context.Context, int)) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				do(ctx, i)
			}
		})
	}
	return group.Wait()
}

func notRead(file string, err error) source.Unread {
	at := source.Span{File: file}
	var broken *infra.Error
	if errors.As(err, &broken) && !broken.At.IsZero() {
		at = broken.At
	}
	return source.Unread{At: at, Reason: strings.TrimSpace(err.Error()), Broken: !errors.Is(err, lang.ErrLarge)}
}
