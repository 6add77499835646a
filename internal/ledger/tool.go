package ledger

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"rehearse/internal/project"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
)

// toolFolders hold what is run by hand or by a pipeline: what it reads says
// nothing of the process that is deployed.
var toolFolders = []string{
	"scripts", "script", "tools", "tool", "tooling", "hack", "extra", "extras", "contrib", "release", "releases", "devtools",
	"benchmark", "benchmarks", "bench", "seed", "seeds", "seeders", "seeder", "codegen", "generators",
}

// toolFiles are the names, without their endings, of files that a tool reads as
// its configuration, or that are run by hand.
var toolFiles = []string{"seed", "setup", "conftest", "fabfile", "noxfile", "gulpfile", "Gruntfile", "Jakefile", "drizzle.config", "prisma.config", "knexfile", "ormconfig", "codegen"}

// Tool reports whether a file of the component's code is not of the process
// that is deployed, but of a tool beside it: by the folder that it stands in or
// by its name, unless what starts the component speaks of it.
func (c *Component) Tool(file string) bool {
	if strings.HasPrefix(path.Base(file), ".") && path.Ext(file) != path.Base(file) {
		return true // .kanelrc.js: what a tool is told
	}
	inside := source.Relative(c.Dir, file)
	if inside == "" {
		return false // a package that the component imports
	}
	if c.idle[file] {
		return false // something starts it, or nothing would be known of it
	}
	parts := strings.Split(path.Dir(inside), "/")
	base := path.Base(inside)
	bare := strings.TrimSuffix(base, path.Ext(base))
	if !slices.ContainsFunc(parts, func(p string) bool { return slices.Contains(toolFolders, strings.ToLower(p)) }) &&
		!slices.Contains(toolFiles, bare) && !c.alone[file] {
		return false
	}
	if slices.Contains(c.Entry, file) {
		return false
	}
	for _, r := range c.Runs {
		argv, _ := r.Command()
		if mentionsModule(strings.Join(argv, " "), inside) {
			return false
		}
	}
	return !mentionsModule(c.Start.Local.Text+" "+c.Start.Production.Text, inside)
}

// mentionsModule reports whether a command speaks of a file: by its path, or as
// a module (gunicorn shop.wsgi:app).
func mentionsModule(command, file string) bool {
	bare := strings.TrimSuffix(file, path.Ext(file))
	return strings.Contains(command, path.Base(bare)+path.Ext(file)) ||
		strings.Contains(command, strings.ReplaceAll(bare, "/", ".")) ||
		strings.Contains(command, path.Base(bare)+":")
}

// alone returns the files of a component that say that they can be run by
// themselves, and that no other file of it names: a client to try the server
// with, a migration of data.
func (r *reading) alone(ctx context.Context, c *Component, index map[*project.File]*code) (map[string]bool, error) {
	var files []string
	for _, f := range c.Files {
		if in := index[f]; in != nil && in.runnable && len(in.result.needs) > 0 && !slices.Contains(c.Entry, f.Path) {
			files = append(files, f.Path)
		}
	}
	found := map[string]bool{}
	for some := range slices.Chunk(files, maxSought) {
		if err := r.unnamed(ctx, c, index, some, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// maxSought is how many files are looked for in one pass over a component: what
// finds them grows with their names.
const maxSought = 2_000

// unnamed adds those of some files of a component that no other file of it names.
func (r *reading) unnamed(ctx context.Context, c *Component, index map[*project.File]*code, files []string, found map[string]bool) error {
	var forms []string // how code speaks of the files
	var of []int       // by form: the file
	for i, file := range files {
		for _, form := range mentions(file) {
			forms, of = append(forms, form), append(of, i)
		}
	}
	finder := syntax.NewFinder(forms)
	named := make([]atomic.Bool, len(files))
	err := r.each(ctx, len(c.Files), func(_ context.Context, i int) {
		if index[c.Files[i]] == nil {
			return
		}
		space := r.space()
		defer r.spaces.Put(space)
		data, err := r.project.ReadInto(c.Files[i], *space)
		if err != nil {
			return // the first pass has said so
		}
		*space = data.Data[:0]
		finder.In(data.Data, func(form int) {
			if file := of[form]; files[file] != data.Path {
				named[file].Store(true)
			}
		})
	})
	for i, file := range files {
		if !named[i].Load() {
			found[file] = true
		}
	}
	return err
}

// mentions returns how code speaks of the module that a file is, in the way of the
// language that its ending tells.
func mentions(file string) []string {
	ending := path.Ext(file)
	name := strings.TrimSuffix(path.Base(file), ending)
	if ending == ".py" {
		return []string{"import " + name, "from " + name, "." + name + " import", "." + name + "."}
	}
	return []string{"/" + name}
}

// runnable reports whether code says that it can be run by itself.
func runnable(data []byte) bool {
	return bytes.HasPrefix(data, []byte("#!")) || bytes.Contains(data, []byte("__name__ ==")) || bytes.Contains(data, []byte("require.main ==="))
}
