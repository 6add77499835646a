package missingfile

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/image/demand"
	"rehearse/internal/ledger"
	"rehearse/internal/manifest/imports"
	"rehearse/internal/source"
)

// The bounds of how much code one occasion follows, and of how much all of them
// do.
const (
	maxUnits = 6_000
	maxCode  = 1 << 20
)

// unit is a file of the context that the image has as it is, and that a call
// loads.
type unit struct {
	file  string // of the context
	at    string // in the image
	eager bool   // it is loaded when what began loads, and not only when code comes to it
	begun bool   // a call begins with it, or what it begins with loads it
}

// walk follows what code imports from the files that a call loads on.
type walk struct {
	*session
	occasion *ledger.Occasion
	call     image.Call
	label    string
	compiled bool // by a compiler that wants the types, too
	roots    []unit
	seen     map[string]bool
	queue    []unit
}

// imported finds the files that code imports, where the tree has them and the
// image, which has the code, has not.
func (s *session) imported(o *ledger.Occasion) {
	for _, c := range o.Calls {
		if c.Guarded || c.Dir == "" || len(c.Args) == 0 || !c.Args[0].Whole || o.Moment == ledger.Building && c.Maybe {
			continue
		}
		if o.Moment == ledger.Starting && o.Use == nil && !fed(o.Build.Image()) {
			continue // it is run with the tree mounted
		}
		w := &walk{session: s, occasion: o, call: c, label: label(c), seen: map[string]bool{}}
		for _, d := range demand.Of(c) {
			if d.Program == "" && len(d.Paths) > 0 && runs[d.What] {
				w.begin(d.Answer(), d.Paths)
			}
		}
		w.modules()
		w.tools()
		if o.Moment == ledger.Starting {
			w.linked()
		}
		w.follow()
		if o.Moment == ledger.Starting {
			w.lying()
			w.follow()
		}
	}
}

// runs are the ways in which programs load code.
var runs = map[string]bool{"node runs it": true, "nodemon runs it": true, "pm2 runs it": true, "it is run": true, "python runs it": true, "ruby runs it": true}

// begin takes the file that stands at one of the paths.
func (w *walk) begin(a image.Answer, paths []string) {
	if a.State != image.Present || a.From == "" {
		return
	}
	for _, p := range paths {
		if found := w.call.Looks(p); found.From == a.From {
			w.roots = append(w.roots, unit{file: path.Dir(a.From), at: path.Dir(p)})
			w.visit(unit{a.From, p, true, true})
			return
		}
	}
}

func (w *walk) visit(u unit) {
	if !w.seen[u.at] && len(w.seen) < maxUnits {
		w.seen[u.at] = true
		w.queue = append(w.queue, u)
	}
}

func (w *walk) follow() {
	for len(w.queue) > 0 {
		u := w.queue[0]
		w.queue = w.queue[1:]
		switch path.Ext(u.file) {
		case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte":
			w.javascript(u)
		case ".py":
			w.python(u)
		case ".rb", ".ru":
			w.ruby(u)
		}
	}
}

// scan returns what a file imports. Each file is read once.
func (s *session) scan(b *ledger.Build, file string) code {
	key := b.Source(file)
	if c, ok := s.scans[key]; ok {
		return c
	}
	data, ok := b.Read(file)
	c := code{}
	if ok && len(data) <= maxCode {
		switch path.Ext(file) {
		case ".py":
			c = pythonCode(data)
		case ".rb", ".ru":
			c = rubyCode(data)
		default:
			ending := path.Ext(file)
			typed := ending == ".ts" || ending == ".tsx" || ending == ".mts" || ending == ".cts"
			for _, m := range imports.JavaScript(data) {
				m.Types = m.Types || typed && !imports.Loaded(data, m, ending == ".tsx")
				switch {
				case strings.HasPrefix(m.Name, "."):
					c.add(data, m)
				case !m.Types:
					c.packages = append(c.packages, m.Name)
				}
			}
		}
	}
	s.scans[key] = c
	return c
}

// code is what is known of a file of code.
type code struct {
	imports  []imports.Import
	lines    []int
	packages []string // that JavaScript loads by their names
}

func (c *code) add(data []byte, m imports.Import) {
	line, _ := imports.Line(data, m.Offset)
	c.imports, c.lines = append(c.imports, m), append(c.lines, line)
}

// scripts are what an import without its ending may mean, in the order in which
// node and bundlers look (https://nodejs.org/api/modules.html#all-together,
// https://www.typescriptlang.org/docs/handbook/modules/reference.html).
var scripts = []string{"", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json", ".vue", ".svelte", ".node",
	"/index.ts", "/index.tsx", "/index.js", "/index.jsx", "/index.mjs", "/index.cjs", "/index.vue", "/index.json", "/package.json"}

// meant returns the paths that an import may mean.
func meant(p string) []string {
	all := make([]string, 0, len(scripts)+2)
	for _, ending := range scripts {
		all = append(all, p+ending)
	}
	for from, to := range map[string][]string{".js": {".ts", ".tsx"}, ".mjs": {".mts"}, ".cjs": {".cts"}, ".jsx": {".tsx"}} {
		if stem, ok := strings.CutSuffix(p, from); ok {
			for _, ending := range to {
				all = append(all, stem+ending)
			}
		}
	}
	return all
}

// besides is how code of Ruby loads a file from beside itself
// (https://docs.ruby-lang.org/en/master/Kernel.html#method-i-require_relative).
var besides = regexp.MustCompile(`(?m)^require_relative\s*\(?\s*["']([\w./-]+)["']\s*\)?\s*(?:#.*)?$`)

func rubyCode(data []byte) code {
	var c code
	for _, at := range besides.FindAllSubmatchIndex(data, -1) {
		c.add(data, imports.Import{Name: string(data[at[2]:at[3]]), Offset: at[2], End: at[3]})
	}
	return c
}

func (w *walk) ruby(u unit) {
	c := w.scan(w.occasion.Build, u.file)
	for i, m := range c.imports {
		in, at := path.Join(path.Dir(u.file), m.Name), path.Join(path.Dir(u.at), m.Name)
		if !strings.HasPrefix(in, "../") {
			w.reach(u, c.lines[i], m.Name, []string{in, in + ".rb"}, []string{at, at + ".rb"}, unit{eager: u.eager, begun: u.begun})
		}
	}
}

func (w *walk) javascript(u unit) {
	c := w.scan(w.occasion.Build, u.file)
	for i, m := range c.imports {
		if m.Guarded || m.Types && !w.compiled {
			continue
		}
		name, _, _ := strings.Cut(m.Name, "?")
		in, at := path.Join(path.Dir(u.file), name), path.Join(path.Dir(u.at), name)
		if strings.HasPrefix(in, "../") || in == "." {
			continue
		}
		next := unit{eager: u.eager && !m.Lazy, begun: u.begun}
		w.reach(u, c.lines[i], m.Name, meant(in), meant(at), next)
	}
}

// reach goes on with the first of the files that the image has, and reports the
// one that only the tree has.
func (w *walk) reach(u unit, line int, name string, in, at []string, next unit) {
	lacks := -1
	for i, file := range in {
		a := w.call.Looks(at[i])
		if a.State == image.Present && a.Kind != image.Folder {
			if a.From != "" {
				next.file, next.at = a.From, at[i]
				w.visit(next)
			}
			return
		}
		if lacks < 0 && w.occasion.Build.Has(file) {
			lacks = i
		}
	}
	if lacks >= 0 && !strings.Contains(in[lacks], "node_modules/") {
		w.lacking(u, line, name, in[lacks], at[lacks], next)
	}
}

// gone reports whether the image does not have what the tree has at in.
func (w *walk) gone(in, at string) (image.Answer, bool) {
	a := w.call.Looks(at)
	switch a.State {
	case image.Absent:
		return a, true
	case image.Unknown:
		if !w.call.Image().Base().Known {
			return a, false // it may be an image of the same project
		}
		there := place{build: w.occasion.Build, call: w.call, dir: "."}
		a, ok := there.kept(in)
		return a, ok
	}
	return a, false
}

// lacking reports a file that is imported and missing: the topmost folder that
// is missing with it.
func (w *walk) lacking(u unit, line int, name, in, at string, next unit) {
	b := w.occasion.Build
	a, ok := w.gone(in, at)
	if !ok || w.occasion.Covered(at) {
		return
	}
	for path.Dir(in) != "." && path.Dir(at) != "/" && path.Base(path.Dir(in)) == path.Base(path.Dir(at)) {
		above, gone := w.gone(path.Dir(in), path.Dir(at))
		if !gone {
			break
		}
		in, at, a = path.Dir(in), path.Dir(at), above
	}
	severity := finding.Error
	if !next.eager || !next.begun && !w.compiled || w.call.Maybe || w.call.Loose {
		severity = finding.Warning
	}
	environment, consequence := deployed(b), broken
	if w.occasion.Moment != ledger.Building {
		environment, consequence = w.occasion.Environment, "the container exits: the module is not found"
		if !next.eager {
			consequence = "the module is not found when the code comes to it"
		}
		if w.occasion.Use == nil && aside(b) {
			severity = finding.Warning
		}
	}
	key := fmt.Sprint("import ", b.Dockerfile, " ", environment, " ", in)
	if w.said[key] {
		return
	}
	w.said[key] = true
	w.add(gap{
		severity: severity, build: b, environment: environment, subject: in,
		message:     fmt.Sprintf("%s imports %s (%s), which the tree has and the image does not have at %s: %s", b.Source(u.file), name, w.label, at, a.Why),
		consequence: consequence, remedy: fmt.Sprintf("copy %s to %s", b.Source(in), at),
		need: source.Span{File: b.Source(u.file), Line: line}, text: name, absent: a.At, related: []source.Span{w.call.At},
	})
}
