package environment

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
)

// use is compose files that are used together.
type use struct {
	files []fact.Definition
	alone bool // other files of the folder are used instead of them
	other bool // it is not the one that is used where none is asked for
}

// uses parts compose files into those that are used together. Files of several
// folders are not, without being asked for; those of one are often laid over
// each other, unless one says all of a service that another says all of: it is
// then used instead.
func uses(files []fact.Definition) []use {
	var all []use
	for _, folder := range byFolder(files) {
		first := slices.IndexFunc(folder, func(d fact.Definition) bool { return plainlyNamed(d.File) })
		if first < 0 {
			all = append(all, use{files: folder})
			continue
		}
		main := use{}
		var others []use
		for i, d := range folder {
			if i != first && instead(d, folder[first]) {
				others = append(others, use{files: []fact.Definition{d}, alone: true, other: true})
			} else {
				main.files = append(main.files, d)
			}
		}
		main.alone = len(others) > 0
		all = append(append(all, main), others...)
	}
	return all
}

// plainlyNamed reports whether a compose file is the one that is taken where
// none is asked for
// (https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file).
func plainlyNamed(file string) bool {
	base := path.Base(file)
	return slices.Contains([]string{"compose", "docker-compose"}, strings.TrimSuffix(base, path.Ext(base)))
}

// instead reports whether a compose file is used in place of another: it says
// at least half of the services that the other builds or has of somebody's
// repository, and each of them whole.
func instead(d, of fact.Definition) bool {
	own, shared := 0, 0
	for _, w := range of.Workloads {
		if w.Build == nil && !strings.Contains(w.Image, "/") {
			continue
		}
		own++
		i := slices.IndexFunc(d.Workloads, func(o fact.Workload) bool { return o.Name == w.Name })
		if i < 0 {
			continue
		}
		o := &d.Workloads[i]
		if o.Build == nil && o.Image == "" || len(o.Supplies)+len(o.Imports) == 0 || len(o.Ports)+len(o.DependsOn)+len(o.Mounts)+len(o.Command) == 0 {
			return false
		}
		shared++
	}
	return shared > 0 && 2*shared >= own
}
