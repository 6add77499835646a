package missingfile

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/manifest/imports"
	"rehearse/internal/source"
)

// serving are the programs that load a module of Python by its name: with which
// options that take a value, and which option names the module where no operand
// does (https://www.uvicorn.org/settings/, https://docs.gunicorn.org/en/stable/run.html,
// https://docs.celeryq.dev/en/stable/reference/cli.html).
var serving = map[string]struct{ option, values string }{
	"uvicorn":   {values: "--host --port --workers --log-level --loop --http --root-path --uds --app-dir --env-file --log-config --timeout-keep-alive --forwarded-allow-ips --limit-concurrency --ssl-keyfile --ssl-certfile --lifespan --ws --interface --reload-dir"},
	"gunicorn":  {values: "-b --bind -w --workers -k --worker-class -t --timeout --threads --log-level --access-logfile --error-logfile -c --config --worker-tmp-dir --max-requests --max-requests-jitter --name -n --graceful-timeout --keep-alive -e --env -u --user -g --group --chdir --forwarded-allow-ips --access-logformat --log-config --pid -p --certfile --keyfile"},
	"hypercorn": {values: "-b --bind -w --workers -k --worker-class -c --config --access-logfile --error-logfile --log-level"},
	"daphne":    {values: "-b --bind -p --port -u -e -v --access-log"},
	"celery":    {option: "-A --app"},
	"flask":     {option: "-A --app"},
	"rq":        {},
}

// dotted is the name of a module, and what stands in it.
var dotted = regexp.MustCompile(`^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[\w.()]+)?$`)

// modules takes the module of Python that a call loads by its name.
func (w *walk) modules() {
	name, args := path.Base(w.call.Args[0].Text), w.call.Args[1:]
	named := ""
	if strings.HasPrefix(name, "python") && len(args) > 1 && args[0].Text == "-m" && args[1].Whole {
		name, named, args = args[1].Text, args[1].Text, args[2:]
	}
	if how, ok := serving[name]; ok {
		named = ""
		for i := 0; i < len(args); i++ {
			option, value, given := strings.Cut(args[i].Text, "=")
			switch {
			case option == "--chdir" || option == "--app-dir":
				return
			case how.option != "" && given && slices.Contains(strings.Fields(how.option), option):
				named = value
			case how.option != "" && slices.Contains(strings.Fields(how.option), option) && i+1 < len(args) && args[i+1].Whole:
				i++
				named = args[i].Text
			case how.option == "" && slices.Contains(strings.Fields(how.values), option) && !given:
				i++
			case !args[i].Whole:
				return
			case how.option == "" && !strings.HasPrefix(option, "-") && named == "":
				named = args[i].Text
			}
		}
	}
	if !dotted.MatchString(named) {
		return
	}
	named, _, _ = strings.Cut(named, ":")
	at := strings.ReplaceAll(named, ".", "/")
	places := []string{at + ".py", at + "/__init__.py", at + "/__main__.py"}
	if path.Dir(at) != "." {
		places = append(places, path.Join(path.Dir(at), "__init__.py")) // of a name in it
	}
	for _, p := range places {
		p = path.Join(w.call.Dir, p)
		a := w.call.Looks(p)
		if a.State != image.Present || a.From == "" {
			continue
		}
		// The folder that is looked into first is the one that the call works in.
		up := strings.Count(strings.TrimPrefix(p, strings.TrimSuffix(w.call.Dir, "/")+"/"), "/")
		root := path.Dir(a.From)
		for range up {
			root = path.Dir(root)
		}
		w.roots = append(w.roots, unit{file: root, at: w.call.Dir})
		w.visit(unit{a.From, p, true, true})
	}
	if len(w.roots) == 0 {
		w.flat(named)
	}
}

// flat reports a package that is to be loaded by its name, of which the image
// has the files and not their folder.
func (w *walk) flat(named string) {
	b, img := w.occasion.Build, w.call.Image()
	top, rest, _ := strings.Cut(named, ".")
	wanted := path.Join(w.call.Dir, top)
	if w.call.Looks(wanted).State != image.Absent || w.call.Looks(wanted+".py").State != image.Absent || w.occasion.Covered(wanted) {
		return
	}
	within := []string{"__init__.py", "__main__.py"}
	if rest != "" {
		within = []string{strings.ReplaceAll(rest, ".", "/") + ".py"}
	}
	for _, f := range b.Files() {
		dir, name := path.Split(f)
		if dir = path.Clean(dir); !slices.Contains(within, name) && !slices.ContainsFunc(within, func(in string) bool { return strings.HasSuffix(f, "/"+top+"/"+in) }) {
			continue
		}
		if rest == "" && path.Base(dir) != top || rest != "" && !strings.HasSuffix("/"+f, "/"+top+"/"+within[0]) {
			continue
		}
		places := img.Landings(f)
		if len(places) != 1 {
			continue
		}
		if root, below := strings.CutSuffix(places[0].Path, "/"+top+"/"+within[0]); below && rest != "" {
			w.displaced(named, f, root, places[0].At)
			return
		}
		if strings.Contains(places[0].Path, "/"+top+"/") || w.installs(f) && len(img.Stages()) == 1 {
			continue
		}
		folder := strings.TrimSuffix(f, "/"+within[0])
		if rest == "" {
			folder = dir
		}
		w.add(gap{
			severity: finding.Error, build: b, environment: w.occasion.Environment, subject: folder,
			message:     fmt.Sprintf("%s loads the module %s, and the image has the files of %s in %s, without their folder", w.label, named, b.Source(folder), path.Dir(places[0].Path)),
			consequence: "the container exits: No module named " + top, remedy: fmt.Sprintf("copy %s to %s", b.Source(folder), wanted),
			need: w.call.At, text: named, absent: places[0].At, related: []source.Span{{File: b.Source(f), Line: 1}},
		})
		return
	}
}

// displaced reports a package that is to be loaded by its name, and that the
// image has in a folder that Python does not look into
// (https://docs.python.org/3/library/sys_path_init.html).
func (w *walk) displaced(named, file, root string, at source.Span) {
	img := w.call.Image()
	told := func(all []fact.Supply) bool {
		return slices.ContainsFunc(all, func(s fact.Supply) bool { return s.Name == "PYTHONPATH" })
	}
	if told(img.Env()) || w.occasion.Use != nil && told(w.occasion.Use.Workload.Supplies) || slices.ContainsFunc(img.Calls(), func(c image.Call) bool {
		return installing(c) && (c.Dir == path.Clean("/"+root) || c.Image().Holds(file).State == image.Present)
	}) {
		return
	}
	b := w.occasion.Build
	top, _, _ := strings.Cut(named, ".")
	folder := path.Clean("/" + root + "/" + top)
	w.add(gap{
		severity: finding.Error, build: b, environment: w.occasion.Environment, subject: top,
		message:     fmt.Sprintf("%s loads the module %s in %s, and the image has %s at %s, where it is not looked for", w.label, named, w.call.Dir, top, folder),
		consequence: "the container exits: No module named " + top, remedy: fmt.Sprintf("copy it to %s, or name the working directory before the step that copies it", path.Join(w.call.Dir, top)),
		need: w.call.At, text: named, absent: at, related: []source.Span{{File: b.Source(file), Line: 1}},
	})
}

// Settings of Django name modules: where they stand, and the applications of
// the project (https://docs.djangoproject.com/en/stable/ref/settings/#installed-apps).
var (
	settingsModule = regexp.MustCompile(`DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']`)
	settingsList   = regexp.MustCompile(`(?m)^(?:\w*_)?APPS\w*(?::[^=\n]+)?\s*\+?=\s*[\[(]`)
	settingsUrls   = regexp.MustCompile(`(?m)^(?:ROOT_URLCONF|AUTH_USER_MODEL_MODULE)\s*=\s*["']([\w.]+)["']`)
	settingsEnd    = regexp.MustCompile(`(?m)^\s*[\])]`)
	settingsEntry  = regexp.MustCompile(`(?m)^\s*["']([A-Za-z_][\w.]*)["']\s*,`)
)

// pythonCode returns what a file of Python imports, and what it names as a
// module to be imported.
func pythonCode(data []byte) code {
	var c code
	for _, m := range imports.Python(data) {
		c.add(data, m)
	}
	named := func(at []int, base int) {
		c.add(data, imports.Import{Name: string(data[base+at[2] : base+at[3]]), Offset: base + at[2], End: base + at[3]})
	}
	if bytes.Contains(data, []byte("DJANGO_SETTINGS_MODULE")) {
		for _, at := range settingsModule.FindAllSubmatchIndex(data, -1) {
			named(at, 0)
		}
	}
	if bytes.Contains(data, []byte("INSTALLED_APPS")) {
		for _, list := range settingsList.FindAllIndex(data, -1) {
			rest := data[list[1]:]
			if end := settingsEnd.FindIndex(rest); end != nil {
				for _, at := range settingsEntry.FindAllSubmatchIndex(rest[:end[0]], -1) {
					named(at, list[1])
				}
			}
		}
		for _, at := range settingsUrls.FindAllSubmatchIndex(data, -1) {
			named(at, 0)
		}
	}
	return c
}

func (w *walk) python(u unit) {
	c := w.scan(w.occasion.Build, u.file)
	for i, m := range c.imports {
		if m.Guarded || m.Types {
			continue
		}
		name, roots := m.Name, w.roots
		if dots := len(name) - len(strings.TrimLeft(name, ".")); dots > 0 {
			at := unit{file: path.Dir(u.file), at: path.Dir(u.at)}
			for range dots - 1 {
				at.file, at.at = path.Dir(at.file), path.Dir(at.at)
			}
			name, roots = name[dots:], []unit{at}
		}
		next := unit{eager: u.eager && !m.Lazy, begun: u.begun}
		w.module(u, c.lines[i], m, name, roots, next)
	}
}

// module follows the import of a module, part by part: a folder that the image
// has may lack the next.
func (w *walk) module(u unit, line int, m imports.Import, name string, roots []unit, next unit) {
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '.' })
	for _, root := range roots {
		here := root
		known := len(parts) == 0
		for i, part := range parts {
			in, at := path.Join(here.file, part), path.Join(here.at, part)
			if w.load(u, line, m.Name, in, at, next) {
				known = true
			} else if w.isPackage(in, parts[i+1:], m.Binds) {
				if a := w.call.Looks(at); a.State != image.Present {
					w.missing(u, line, m.Name, in, at, next)
					return
				}
				known = true
			} else {
				known = i > 0
				break
			}
			here = unit{file: in, at: at}
		}
		if !known {
			continue // not of this folder
		}
		for _, bound := range m.Binds {
			w.load(u, line, m.Name, path.Join(here.file, bound), path.Join(here.at, bound), next)
		}
		return
	}
}

// load goes on with a module that the tree has as a file or as a package, or
// reports that the image lacks it. It is false where the tree has none.
func (w *walk) load(u unit, line int, name, in, at string, next unit) bool {
	for _, ending := range []string{"/__init__.py", ".py"} {
		if !w.occasion.Build.Has(in + ending) {
			continue
		}
		if a := w.call.Looks(at + ending); a.State == image.Present && a.From != "" {
			next.file, next.at = a.From, at+ending
			w.visit(next)
			return true
		} else if a.State == image.Present {
			return true
		}
		w.missing(u, line, name, in+ending, at+ending, next)
		return true
	}
	return false
}

// missing reports a module of Python that the image has nowhere: where it has
// it elsewhere, that place may be looked into, too.
func (w *walk) missing(u unit, line int, name, in, at string, next unit) {
	b := w.occasion.Build
	if b.Has(in) && len(w.call.Image().Landings(in)) > 0 || w.installs(in) {
		return
	}
	w.lacking(u, line, name, in, at, next)
}

// installs reports whether a step installs the project itself where the module
// may be: it is found among the packages then.
func (w *walk) installs(in string) bool {
	img := w.occasion.Build.Image()
	return slices.ContainsFunc(img.Calls(), installing) && slices.ContainsFunc(img.Stages(), func(n int) bool { return img.Stage(fmt.Sprint(n)).Holds(in).State != image.Absent })
}

// installing reports whether a call installs a package that stands in the image.
func installing(c image.Call) bool {
	if len(c.Args) < 2 {
		return false
	}
	name, args := tool(c)
	t := work{name: name, args: args}
	switch name {
	case "pip":
		return t.verb("install", "wheel") && slices.ContainsFunc(args, func(a image.Arg) bool { return strings.HasPrefix(a.Text, ".") || strings.HasPrefix(a.Text, "/") })
	case "uv":
		return t.verb("sync", "pip", "build") && !t.flag("--no-install-project")
	case "poetry", "pdm":
		return t.verb("install", "sync", "build") && !t.flag("--no-root", "--no-self")
	case "hatch", "build", "flit":
		return !t.flag("--no-root", "--no-self")
	}
	return strings.HasPrefix(name, "python") && len(args) > 0 && strings.HasSuffix(args[0].Text, "setup.py")
}

// isPackage reports whether a folder of the tree that has no __init__.py is a
// package all the same: what is imported of it is in it.
func (w *walk) isPackage(in string, rest, binds []string) bool {
	b := w.occasion.Build
	if len(rest) > 0 {
		return b.Has(path.Join(in, rest[0]+".py")) || b.Has(path.Join(in, rest[0], "__init__.py"))
	}
	return slices.ContainsFunc(binds, func(bound string) bool {
		return b.Has(path.Join(in, bound+".py")) || b.Has(path.Join(in, bound, "__init__.py"))
	})
}
