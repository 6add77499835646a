package ledger

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Reaches reports whether the run may come to a file of its component's code:
// a function of a cloud comes only to what its entry imports, and a container
// only to the scripts that it starts.
func (r *Run) Reaches(file string) bool {
	if r.idle[file] {
		return r.woken[file]
	}
	return r.reach == nil || r.reach[file]
}

// StartsIn reports whether the run starts in a file: what stands there it comes to
// for certain.
func (r *Run) StartsIn(file string) bool { return r.entry != "" && r.entry == file }

// Reads reports whether the run comes to one of the reads of a variable and
// depends on it: to the file of it, to the code that asks for another variable
// before it, which is then supplied, and where none is supplied that does as
// well.
func (r *Run) Reads(c *Component, name string) bool {
	is := func(wanted State) func(string) bool {
		return func(other string) bool {
			_, _, state := r.Variable(other)
			return state == wanted
		}
	}
	reads := c.Variables()[name]
	return len(reads) == 0 && r.reach == nil || slices.ContainsFunc(reads, func(n fact.Need) bool {
		return r.Reaches(n.At.File) && !slices.ContainsFunc(n.Under, is(Absent)) && (!slices.ContainsFunc(n.Instead, is(Supplied)) || is(Supplied)(name))
	})
}

// Imports as JavaScript and Python write them. What they name is looked for
// among the files of the component alone, so a comment that looks like one
// costs nothing.
var (
	scriptImport = regexp.MustCompile(`(?:from|import|require)\s*\(?\s*['"]([^'"\n]{1,200})['"]`)
	pythonImport = regexp.MustCompile(`(?m)^\s*(?:from\s+([.\w]+)\s+import\s+([^\n#]+)|import\s+([.\w, ]+))`)
)

// followParts gives the runs that play another part than their neighbours of
// the same environment what they come to: the code that is reached from the
// file that their command starts. A worker reads nothing of what only the
// server does.
func followParts(p *project.Project, c *Component) {
	for _, r := range c.Runs {
		if r.Workload != nil && r.Workload.Entry != "" && r.entry == "" && c.soleIn(r) {
			r.reach = nil // what is packed has another name, and is all of the component
		}
		if r.Workload == nil || r.reach != nil || r.Workload.Command == nil && r.Workload.Args == nil {
			continue
		}
		var others []*Run
		for _, o := range c.Runs {
			if o != r && o.Workload != nil && o.Environment.Name == r.Environment.Name {
				others = append(others, o)
			}
		}
		if !r.PlaysOther(others) {
			continue
		}
		argv, _ := r.Command()
		if file := c.started(argv); file != "" {
			r.reach, r.entry = reachable(p, c, file), file
		}
	}
}

// soleIn reports whether the run is the only one of the component in its
// environment.
func (c *Component) soleIn(r *Run) bool {
	return !slices.ContainsFunc(c.Runs, func(o *Run) bool { return o != r && o.Workload != nil && o.Environment.Name == r.Environment.Name })
}

// started returns the one file of the component's code that a command starts:
// node src/worker.js, python -m jobs.run; "" where it starts none, or its entry.
func (c *Component) started(argv []string) string {
	words := strings.Fields(strings.Join(argv, " "))
	for i, word := range words {
		if i > 0 && words[i-1] == "-m" {
			word = strings.ReplaceAll(word, ".", "/") + ".py"
		}
		if word = path.Clean(word); !slices.Contains(project.ModuleEndings, path.Ext(word)) {
			continue
		}
		found := ""
		for _, f := range c.Files {
			if !f.Code() || !strings.HasSuffix("/"+word, "/"+f.Path) && !strings.HasSuffix("/"+f.Path, "/"+word) && !strings.HasSuffix("/"+word, "/"+source.Relative(c.Dir, f.Path)) {
				continue
			}
			if found != "" {
				return ""
			}
			found = f.Path
		}
		if found != "" && !slices.Contains(c.Entry, found) {
			return found
		}
	}
	return ""
}

// reachable returns the files of a component that are reached from an entry by
// imports. It is empty where the entry is not in the component.
func reachable(p *project.Project, c *Component, entry string) map[string]bool {
	found := map[string]bool{}
	first := c.Module(entry)
	if first == "" {
		return found
	}
	files := make(map[string]*project.File, len(c.Files))
	tails := map[string][]string{} // by the last part without its ending
	for _, f := range c.Files {
		files[f.Path] = f
		if slices.Contains(project.ModuleEndings, path.Ext(f.Path)) {
			tail := bare(f.Path)
			tails[path.Base(tail)] = append(tails[path.Base(tail)], f.Path)
		}
	}
	queue := []string{first}
	for len(queue) > 0 {
		file := queue[0]
		queue = queue[1:]
		if found[file] {
			continue
		}
		found[file] = true
		data, err := p.Read(files[file])
		if err != nil {
			continue // the reading of the code has said so
		}
		for _, name := range imported(file, string(data.Data)) {
			for _, to := range tails[path.Base(name.path)] {
				tail := bare(to)
				if tail == name.path || !name.exact && strings.HasSuffix("/"+tail, "/"+name.path) {
					queue = append(queue, to)
				}
			}
		}
	}
	return found
}

// bare is the path of a module: without its ending, and without the name that a
// folder's own module has.
func bare(file string) string {
	file = strings.TrimSuffix(file, path.Ext(file))
	for _, own := range []string{"/index", "/__init__"} {
		file = strings.TrimSuffix(file, own)
	}
	return file
}

// module is what an import names: a path without an ending, from the project's
// root where it is exact, else its end.
type module struct {
	path  string
	exact bool
}

func imported(file, text string) []module {
	var all []module
	if path.Ext(file) == ".py" {
		for _, m := range pythonImport.FindAllStringSubmatch(text, -1) {
			all = append(all, pythonModules(file, m)...)
		}
		return all
	}
	for _, m := range scriptImport.FindAllStringSubmatch(text, -1) {
		name, relative := m[1], strings.HasPrefix(m[1], ".")
		if slices.Contains(project.ModuleEndings, path.Ext(name)) {
			name = strings.TrimSuffix(name, path.Ext(name))
		}
		if relative {
			all = append(all, module{strings.TrimSuffix(path.Join(path.Dir(file), name), "/index"), true})
			continue
		}
		// An alias of a folder (@/lib/db, ~/lib/db, src/lib/db), or a package of the tree.
		for _, prefix := range []string{"@/", "~/", "#/"} {
			name = strings.TrimPrefix(name, prefix)
		}
		if _, rest, scoped := strings.Cut(name, "/"); scoped && strings.HasPrefix(name, "@") {
			name = rest
		}
		all = append(all, module{strings.Trim(name, "/"), false})
	}
	return all
}

func pythonModules(file string, m []string) []module {
	if m[3] != "" {
		var all []module
		for _, name := range strings.Split(m[3], ",") {
			name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
			all = append(all, module{strings.ReplaceAll(name, ".", "/"), false})
		}
		return all
	}
	from := strings.TrimLeft(m[1], ".")
	up := len(m[1]) - len(from)
	base, exact := strings.ReplaceAll(from, ".", "/"), up > 0
	if exact {
		dir := path.Dir(file)
		for range up - 1 {
			dir = path.Dir(dir)
		}
		base = path.Join(dir, base)
	}
	all := []module{{base, exact}}
	for _, name := range strings.Split(strings.Trim(m[2], "()\\ "), ",") {
		name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
		if name != "" {
			all = append(all, module{path.Join(base, name), exact})
		}
	}
	return all
}
