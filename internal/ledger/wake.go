package ledger

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/image"
)

// wake drops the needs of scripts that no container starts, and of templates
// that none of them fills in, and notes which run comes to the others.
func wake(l *Ledger) {
	for _, c := range l.Components {
		if len(c.idle) == 0 {
			continue
		}
		w := &waking{component: c, woken: map[string]bool{}}
		for _, r := range c.everyRun() {
			r.idle, r.woken = c.idle, map[string]bool{}
		}
		for _, b := range l.Builds {
			if b.Owner == c || slices.ContainsFunc(b.Uses, func(u Use) bool { return slices.Contains(c.Runs, u.Run) }) {
				w.build(b)
			}
		}
		c.Needs = slices.DeleteFunc(c.Needs, func(n fact.Need) bool { return c.idle[n.At.File] && !w.woken[n.At.File] })
	}
}

// waking is what is known of the scripts and templates of a component.
type waking struct {
	component *Component
	woken     map[string]bool
}

// build wakes what containers of an image come to when they start.
func (w *waking) build(b *Build) {
	for _, o := range b.Occasions() {
		if o.Moment != Starting {
			continue
		}
		var run *Run
		if o.Use != nil {
			run = o.Use.Run
		}
		for _, call := range o.Calls {
			if call.In != "" {
				w.file(b.Source(call.In), run, b)
			}
		}
	}
	deployed := false
	for _, u := range b.Uses {
		if r := u.Run; r != nil && slices.Contains(w.component.Runs, r) {
			argv, _ := r.Command()
			w.commanded(argv, r, b)
			w.filledIn(b, r)
			deployed = true
		}
	}
	if img := b.Image(); !deployed && img != nil {
		argv, _, _ := img.Start()
		w.commanded(argv, nil, b)
		w.filledIn(b, nil)
	}
}

// substitution is a call of envsubst, with the variables that it is to fill in.
var substitution = regexp.MustCompile(`envsubst\s+('[^']*'|"[^"]*")?\s*<\s*([^\s;&|>]+)`)

// listed is a variable in that list; compose writes a dollar as two.
var listed = regexp.MustCompile(`\$\{?([A-Za-z_]\w*)`)

// commanded wakes the templates that a command itself has filled in. Where it
// says which variables, those of the template must be among them.
func (w *waking) commanded(argv []string, run *Run, b *Build) {
	text, _, ok := ShellText(argv)
	if !ok {
		return
	}
	for _, m := range substitution.FindAllStringSubmatch(text, -1) {
		template := b.Source(standing(b.Image(), m[2]))
		if !w.component.idle[template] {
			continue
		}
		names := map[string]bool{}
		for _, v := range listed.FindAllStringSubmatch(m[1], -1) {
			names[v[1]] = true
		}
		if !slices.ContainsFunc(w.component.Needs, func(n fact.Need) bool { return n.At.File == template && m[1] != "" && !names[n.Name] }) {
			w.file(template, run, b)
		}
	}
}

func (w *waking) file(file string, run *Run, b *Build) {
	if !w.component.idle[file] || run != nil && run.woken[file] || run == nil && w.woken[file] {
		return
	}
	w.woken[file] = true
	if run != nil {
		run.woken[file] = true
	}
	for _, n := range w.component.Needs {
		if n.At.File == file && n.Kind == fact.Reading && n.Library == "envsubst" {
			if template := standing(b.Image(), n.Name); template != "" {
				w.file(b.Source(template), run, b)
			}
		}
	}
}

// templates is where the entry point of the image of nginx fills templates in
// (https://hub.docker.com/_/nginx, "Using environment variables in nginx configuration").
const templates = "/etc/nginx/templates"

// filledIn wakes the templates that the entry point of a public image fills in.
func (w *waking) filledIn(b *Build, run *Run) {
	img := b.Image()
	for file := range w.component.idle {
		if w.component.sighted[file] && (taken(b, file) || run != nil && mounted(run.Workload, file, "/")) {
			w.file(file, run, b)
		}
		if path.Ext(file) != ".template" {
			continue
		}
		in, below := inside(path.Clean(b.Context), file)
		if below && standing(img, path.Join(templates, path.Base(file))) == in || run != nil && mounted(run.Workload, file, templates) {
			w.file(file, run, b)
		}
	}
}

// taken reports whether the image takes a file in by its name, or by that of its
// folder: what comes along with all else need not be read by anybody.
func taken(b *Build, file string) bool {
	in, below := inside(path.Clean(b.Context), file)
	img := b.Image()
	if !below || img == nil {
		return false
	}
	for _, step := range img.Definition().Steps {
		if step.Kind == "run" || step.From != "" {
			continue
		}
		for _, from := range step.Sources {
			if from = path.Clean(from); from == in || from != "." && from == path.Dir(in) {
				return true
			}
		}
	}
	return false
}

// standing returns the file of the context that stands at a path of an image
// unchanged; "" where none does, or it is not known.
func standing(img *image.Image, name string) string {
	if img == nil {
		return ""
	}
	return img.Path(name).From
}

// mounted reports whether a workload finds a file of the tree below a folder.
func mounted(w *fact.Workload, file, dir string) bool {
	return slices.ContainsFunc(w.Mounts, func(m fact.Mount) bool {
		if m.Kind != "bind" || m.Source == "" {
			return false
		}
		at := ""
		if m.Source == file {
			at = m.Path
		} else if rest, ok := strings.CutPrefix(file, path.Clean(m.Source)+"/"); ok {
			at = path.Join(m.Path, rest)
		}
		return at == dir || strings.HasPrefix(at, strings.TrimSuffix(dir, "/")+"/")
	})
}
