package unwritablepath

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// filled are folders that a volume keeps from being covered, or that hold what is
// only read.
var filled = regexp.MustCompile(`(^|/)(node_modules|vendor|\.?venv|site-packages|static|staticfiles|public|dist|build|html|assets|certs?|ssl|secrets?|config|conf\.d|themes|locales?)(/|$)|^/(etc|usr|lib|bin|run|var/run|tmp)(/|$)`)

// volumes finds volumes that belong to the process alone and that it cannot write
// to: docker makes the folder as root where the image does not have it, and a new
// volume takes the owner of what the image has there
// (https://docs.docker.com/engine/storage/volumes/#populate-a-volume-using-a-container).
func (s *start) volumes(l *ledger.Ledger) []denial {
	for _, c := range s.on.Calls {
		if len(c.Args) > 0 && raising[path.Base(c.Args[0].Text)] {
			return nil
		}
	}
	mounted := map[string]fact.Mount{}
	if s.on.Use != nil {
		if s.on.Use.Environment.Kind == "kubernetes" {
			return nil // who owns a claim is the storage's affair
		}
		for _, m := range s.on.Use.Workload.Mounts {
			mounted[path.Clean(m.Path)] = m
		}
	}
	var all []denial
	add := func(p, shown string, at source.Span) {
		if !path.IsAbs(p) || strings.Contains(p, "$") || filled.MatchString(p) || s.around(p, mounted) {
			return
		}
		d, denied := s.image.Denied(p)
		if denied = denied && d.Path == p; s.image.Path(p).State == image.Absent {
			d, denied = image.Denial{At: s.image.Definition().At}, true // whoever has the folder above
		}
		if denied {
			d.Path = p
			all = append(all, denial{Denial: d, path: p, text: fmt.Sprintf("%s is a volume, which is there to be written to", p), shown: shown, need: at, severity: finding.Warning})
		}
	}
	for _, p := range slices.Sorted(maps.Keys(mounted)) {
		m := mounted[p]
		if m.Kind == "volume" && m.Source != "" && m.Persistent && !m.ReadOnly && s.alone(l, m) {
			add(p, m.Source+" at "+p, m.At)
		}
	}
	for _, v := range s.image.Definition().Volumes {
		if _, other := mounted[path.Clean(v)]; !other {
			add(path.Clean(v), "VOLUME "+v, s.image.Definition().At)
		}
	}
	return all
}

// around reports whether another mount is above a path.
func (s *start) around(p string, mounted map[string]fact.Mount) bool {
	for above := path.Dir(p); above != "/"; above = path.Dir(above) {
		if _, ok := mounted[above]; ok {
			return true
		}
	}
	return false
}

// alone reports whether no other workload mounts a volume: another one may fill
// it, or give it away.
func (s *start) alone(l *ledger.Ledger, m fact.Mount) bool {
	for _, e := range l.Environments {
		for i := range e.Workloads {
			w := &e.Workloads[i]
			if w == s.on.Use.Workload || w.Name == s.on.Use.Workload.Name {
				continue
			}
			for _, other := range w.Mounts {
				if other.Kind == m.Kind && other.Source == m.Source {
					return false
				}
			}
		}
	}
	return true
}
