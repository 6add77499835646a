package ledger

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/project"
	"rehearse/internal/source"
)

// Unbuilt is an image that a definition has built of what the tree does not
// have: its folder, its Dockerfile, or the stage that is asked for.
type Unbuilt struct {
	From        fact.BuildFrom
	Environment *fact.Environment
	Workload    *fact.Workload
	Folder      bool   // the folder is missing, and all in it
	Stage       bool   // the Dockerfile is there, and has no such stage
	Elsewhere   string // where the tree has a Dockerfile of that name, if it is one
}

// Unbuilt returns the images that cannot be built, each as the first definition
// says.
func (l *Ledger) Unbuilt() []Unbuilt {
	gaps := l.project.Gaps()
	images := map[string]*fact.Image{}
	named := map[string][]string{} // Dockerfiles, by their names
	for _, d := range l.Definitions {
		for i := range d.Images {
			images[d.Images[i].Dockerfile] = &d.Images[i]
		}
	}
	folders := map[string]bool{}
	for _, f := range l.project.Files {
		if f.Flags&project.Ignored == 0 {
			base := path.Base(f.Path)
			named[base] = append(named[base], f.Path)
			for dir := path.Dir(f.Path); !folders[dir]; dir = path.Dir(dir) {
				folders[dir] = true
			}
		}
	}
	var all []Unbuilt
	seen := map[string]bool{}
	for _, e := range l.Environments {
		for i := range e.Workloads {
			w := &e.Workloads[i]
			if w.Build == nil || w.Build.At.IsZero() || !local(w.Build.Context) || !local(w.Build.Dockerfile) || strings.Contains(w.Build.Target, "$") {
				continue
			}
			u := Unbuilt{From: *w.Build, Environment: e, Workload: w}
			u.From.Context = path.Clean(cmp.Or(u.From.Context, "."))
			if u.From.Dockerfile = path.Clean(u.From.Dockerfile); seen[u.From.Dockerfile+"\n"+u.From.Context+"\n"+u.From.Target] {
				continue
			}
			seen[u.From.Dockerfile+"\n"+u.From.Context+"\n"+u.From.Target] = true
			img := images[u.From.Dockerfile]
			// Laid over a file of a folder above, its paths begin there
			// (https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/).
			dir := path.Dir(w.Build.At.File)
			above := path.Join(source.Relative(dir, u.From.Context), ".")
			if img == nil && dir != "." && (above != "." && folders[above] || l.project.File(source.Relative(dir, u.From.Dockerfile)) != nil) {
				continue
			}
			switch {
			case !folders[u.From.Context]:
				u.Folder = true
				if gaps.Of(u.From.Context) != "" || l.project.File(u.From.Context) != nil {
					continue // a link, or an archive
				}
			case img != nil && u.From.Target != "":
				if u.Stage = !slices.ContainsFunc(img.Stages, func(s fact.Stage) bool { return strings.EqualFold(s.Name, u.From.Target) }); !u.Stage || strings.Trim(u.From.Target, "0123456789") == "" {
					continue
				}
			case img != nil, l.project.File(u.From.Dockerfile) != nil, gaps.Of(u.From.Dockerfile) != "":
				continue
			}
			others := named[path.Base(u.From.Dockerfile)]
			if path.Base(u.From.Dockerfile) == "Dockerfile" { // of which there are many
				others = slices.DeleteFunc(slices.Clone(others), func(f string) bool { return path.Base(path.Dir(f)) != path.Base(path.Dir(u.From.Dockerfile)) })
			}
			if len(others) == 1 {
				u.Elsewhere = others[0]
			}
			all = append(all, u)
		}
	}
	return all
}

// local reports whether a path is known and one of the project.
func local(p string) bool {
	return p != "" && !strings.ContainsAny(p, "$*{}<>#") && !strings.Contains(p, "://") && !strings.HasPrefix(p, "git@") && !strings.HasSuffix(p, ".git") &&
		!path.IsAbs(p) && p != ".." && !strings.HasPrefix(path.Clean(p), "../")
}
