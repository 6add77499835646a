package ledger

import (
	"context"
	"slices"
	"sync"

	"rehearse/internal/environment"
	"rehearse/internal/infra"
	"rehearse/internal/project"
)

// elsewhere marks the files that are no definitions of the project's own
// environments.
const elsewhere = project.Test | project.Example | project.Docs | project.Vendored

// compositions composes what several files make up, in parallel, and returns
// what came of it by the path of the root, with the files that are parts of it.
func (r *reading) compositions(ctx context.Context, composers []infra.Composer) ([]infra.Composition, map[string]bool, error) {
	type job struct {
		root     *project.File
		composer infra.Composer
		made     []infra.Composition
	}
	var jobs []job
	for _, f := range r.project.Files {
		if f.Link != "" || f.Flags&(elsewhere|project.Ignored) != 0 {
			continue
		}
		for _, c := range composers {
			if c.Begins(f.Path) {
				jobs = append(jobs, job{root: f, composer: c})
			}
		}
	}
	if len(jobs) == 0 {
		return nil, nil, nil
	}
	var paths []string
	for _, f := range r.project.Files {
		paths = append(paths, f.Path)
	}
	slices.Sort(paths)
	var shared sync.Map
	results := make([]result, len(jobs))
	err := r.each(ctx, len(jobs), func(ctx context.Context, i int) {
		files := &tree{project: r.project, paths: paths, files: &r.files, shared: &shared}
		root, err := files.Read(jobs[i].root.Path)
		if err == nil {
			jobs[i].made, err = jobs[i].composer.Compose(ctx, files, root)
		}
		if err != nil {
			results[i].unread = append(results[i].unread, notRead(jobs[i].root.Path, err))
		}
	})
	var made []infra.Composition
	parts := map[string]bool{}
	for i, j := range jobs {
		r.unread = append(r.unread, results[i].unread...)
		for _, c := range j.made {
			if c.File == "" {
				c.File = j.root.Path
			}
			if c.Format == "" {
				c.Format = j.composer.Format()
			}
			if len(c.Parts) == 0 {
				c.Parts = []string{c.File}
			}
			for _, part := range c.Parts {
				parts[part] = true
			}
			made = append(made, c)
		}
	}
	return environment.Roots(made), parts, err
}
