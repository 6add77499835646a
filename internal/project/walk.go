package project

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"rehearse/internal/source"
)

// Bounds of the tree. What lies beyond them is listed as not read.
const (
	maxFiles = 1_000_000
	maxDepth = 128 // folders in folders
)

// task is a folder that is to be listed.
type task struct {
	path   string // "" is the root
	flags  Flags  // what the names of the folders say of what lies in them
	depth  int
	ignore *ignore
	dotenv bool // git ignores it: only the .env files right in it are listed
}

// walker lists the tree with some goroutines, each of which takes the folder
// that was found last.
type walker struct {
	root *root

	mu      sync.Mutex
	more    sync.Cond
	tasks   []task
	pending int // tasks that are waiting or being worked at
	files   []*File
	links   []*File // Link is not known yet
	unread  []source.Unread
	full    bool
	err     error
}

// walk fills Files.
func (p *Project) walk(ctx context.Context) error {
	w := &walker{root: p.root}
	w.more.L = &w.mu
	first := task{}
	if data, err := p.root.read(".git/info/exclude", nil, maxIgnore); err == nil {
		first.ignore = parseIgnore(nil, "", data)
	}
	w.push(first)
	var workers sync.WaitGroup
	// Half of the time goes by in the kernel, but on a warm cache it does not
	// wait there: more goroutines than processors gain nothing.
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for t, ok := w.pop(); ok; t, ok = w.pop() {
				err := ctx.Err()
				if err == nil {
					w.list(t)
				}
				w.done(err)
			}
		})
	}
	workers.Wait()
	if w.err != nil {
		return w.err
	}
	if w.full {
		w.unread = append(w.unread, source.Unread{
			At: source.Span{File: "."}, Reason: fmt.Sprintf("more than %d files: the rest was not listed", maxFiles),
		})
	}
	p.Files, p.Unread = w.files, w.unread
	p.index()
	p.follow(w.links)
	return nil
}

// index sorts the files and makes them findable by path.
func (p *Project) index() {
	slices.SortFunc(p.Files, func(a, b *File) int { return strings.Compare(a.Path, b.Path) })
	p.byPath = make(map[string]*File, len(p.Files))
	for _, f := range p.Files {
		p.byPath[f.Path] = f
	}
}

func (w *walker) push(tasks ...task) {
	w.mu.Lock()
	w.tasks = append(w.tasks, tasks...)
	w.pending += len(tasks)
	w.mu.Unlock()
	for range tasks {
		w.more.Signal()
	}
}

// pop waits for a task; it reports false when there will be none.
func (w *walker) pop() (task, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.tasks) == 0 && w.pending > 0 {
		w.more.Wait()
	}
	if len(w.tasks) == 0 {
		return task{}, false
	}
	t := w.tasks[len(w.tasks)-1]
	w.tasks = w.tasks[:len(w.tasks)-1]
	return t, true
}

func (w *walker) done(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending--
	if err != nil {
		w.err = err
	}
	if w.pending == 0 {
		w.more.Broadcast()
	}
}

// list lists one folder.
func (w *walker) list(t task) {
	entries, sizes, err := w.read(&t)
	if err != nil {
		w.note(t.path, reason(err))
	}
	if s := skippedByName[path.Base(t.path)]; s != nil && len(s.inside) > 0 && hasAny(entries, s.inside) {
		return
	}
	files := make([]*File, 0, len(entries))
	var links []*File
	var tasks []task
	for i, e := range entries {
		name, kind := e.Name(), e.Type()
		full := join(t.path, name)
		if kind.IsDir() {
			if sub, ok := w.enter(&t, full, name, entries); ok {
				tasks = append(tasks, sub)
			}
			continue
		}
		if !kind.IsRegular() && kind != fs.ModeSymlink || sizes[i] < 0 {
			continue // a socket, a FIFO, a device; or it is gone
		}
		f := &File{Path: full, Size: sizes[i], Flags: t.flags | flagsOfName(name)}
		if t.dotenv || t.ignore.ignores(full, name, false) {
			if !isDotenv(name) {
				continue
			}
			f.Flags |= Ignored
		}
		if kind == fs.ModeSymlink {
			links = append(links, f)
		} else {
			files = append(files, f)
		}
	}
	w.mu.Lock()
	if w.full = w.full || len(w.files)+len(files) > maxFiles; w.full {
		tasks = nil
	} else {
		w.files = append(w.files, files...)
		w.links = append(w.links, links...)
	}
	w.mu.Unlock()
	w.push(tasks...)
}

// read returns what is in the folder of a task, with the sizes of its files
// (-1 of one that is gone), and reads its .gitignore into the task.
func (w *walker) read(t *task) ([]fs.DirEntry, []int64, error) {
	dir, err := w.root.openFolder(t.path)
	if err != nil {
		return nil, nil, err
	}
	defer dir.Close()
	entries, err := dir.entries()
	sizes := make([]int64, len(entries))
	for i, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		if sizes[i], err = dir.size(e); err != nil {
			sizes[i], err = -1, nil
		}
		// git does not follow a .gitignore that is a symbolic link.
		if e.Name() == ".gitignore" && !t.dotenv {
			data, err := w.root.read(join(t.path, ".gitignore"), nil, maxIgnore)
			if err != nil {
				w.note(join(t.path, ".gitignore"), reason(err))
			}
			t.ignore = parseIgnore(t.ignore, t.path, data)
		}
	}
	return entries, sizes, err
}

// enter decides whether the folder full is listed, and how.
func (w *walker) enter(t *task, full, name string, beside []fs.DirEntry) (task, bool) {
	if t.dotenv {
		return task{}, false
	}
	if s := skippedByName[name]; s != nil && len(s.inside) == 0 && (len(s.beside) == 0 || hasAny(beside, s.beside)) {
		return task{}, false
	}
	if t.depth == maxDepth {
		w.note(full, fmt.Sprintf("more than %d folders deep", maxDepth))
		return task{}, false
	}
	sub := task{path: full, flags: t.flags | flagsOfDir(name), depth: t.depth + 1, ignore: t.ignore}
	sub.dotenv = t.ignore.ignores(full, name, true)
	return sub, true
}

func (w *walker) note(file, why string) {
	if file == "" {
		file = "."
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.unread = append(w.unread, source.Unread{At: source.Span{File: file}, Reason: why})
}

// follow lists the symbolic links that lead to a file of the tree. Links to
// folders are not followed: what is in them is listed where it is. A link that
// leads out of the tree is not read, which matters where its name says that it
// holds definitions or manifests.
func (p *Project) follow(links []*File) {
	for _, f := range links {
		target, ok := p.target(f.Path)
		if !ok {
			if matters(f.Path) {
				p.unread(source.Span{File: f.Path}, "a symbolic link that does not lead to a file of the project")
			}
			continue
		}
		info, err := p.root.stat(target)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		f.Link, f.Size = target, info.Size()
		p.Files = append(p.Files, f)
	}
	if len(links) > 0 {
		p.index()
	}
}

// target returns the file to which a symbolic link leads, without further
// links on the way.
func (p *Project) target(link string) (string, bool) {
	at := link
	for range 40 { // as many as Linux follows (MAXSYMLINKS)
		// Each part of the path may be a link itself: the first one is resolved.
		resolved := true
		for i := 0; i <= len(at); i++ {
			if i < len(at) && at[i] != '/' {
				continue
			}
			to, err := p.root.readlink(at[:i])
			if err != nil {
				continue
			}
			if path.IsAbs(to) {
				return "", false
			}
			at = path.Join(path.Dir(at[:i]), to, strings.TrimPrefix(at[i:], "/"))
			resolved = false
			break
		}
		if at == ".." || strings.HasPrefix(at, "../") {
			return "", false
		}
		if resolved {
			_, err := p.root.stat(at)
			return at, err == nil
		}
	}
	return "", false
}

func hasAny(entries []fs.DirEntry, names []string) bool {
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return slices.Contains(names, e.Name()) })
}

func reason(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}

func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// dirOf returns the folder of a path; "" is the root.
func dirOf(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return ""
}
