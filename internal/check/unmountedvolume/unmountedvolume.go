// Package unmountedvolume finds storage that is declared and that no container
// has where it is looked for.
package unmountedvolume

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "unmounted-volume",
	Category: finding.Container,
	Summary:  "A volume, a declared path or a claim is there, and no container mounts it where the code or the image looks.",
	Why: "The definition looks as if everything were kept: there is a volume. But it is mounted beside the folder in which the process keeps its files, or not " +
		"at all, and what is written goes to the disk of the container, until the container is replaced.",
	Fix:    "Mount the volume at the folder that the image documents, or that the code writes; remove what nothing mounts.",
	Silent: "Volumes of which a container mounts a folder above or below, images whose folder a variable or an option moves, and folders of an image that cannot be told.",
	Sources: []string{
		"https://hub.docker.com/_/postgres",
		"https://docs.docker.com/reference/dockerfile/#volume",
		"https://kubernetes.io/docs/concepts/storage/volumes/",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, e := range l.Environments {
		if !e.IsProduction() {
			continue
		}
		findings = append(findings, unused(e)...)
		bases := l.Bases(e)
		for i := range e.Workloads {
			if f, ok := elsewhere(e, &e.Workloads[i], bases[&e.Workloads[i]]); ok {
				findings = append(findings, f)
			}
		}
	}
	for _, b := range l.Builds {
		findings = append(findings, misplaced(b)...)
	}
	return findings
}

// unused finds what is declared and mounted by none.
func unused(e *fact.Environment) []finding.Finding {
	var findings []finding.Finding
	mounted := map[string]bool{}
	for _, w := range e.Workloads {
		for _, m := range w.Mounts {
			mounted[m.Kind+"\n"+m.Source] = true
		}
	}
	for _, v := range e.Volumes {
		f := doc.Finding(finding.Info, v.Workload, e.Name, v.Name)
		f.Evidence = []finding.Evidence{{Role: finding.Supply, At: v.At, Text: v.Kind + " " + v.Name, Environment: e.Name}}
		f.Remedy = "mount it in the container that is to use it, or remove it"
		switch {
		case v.Unused && v.Kind == "claim":
			f.Severity = finding.Warning
			f.Message = fmt.Sprintf("the pods of %s have the claim %s, and none of their containers mounts it", v.Workload, v.Name)
			f.Consequence = "what is meant to be kept there is written to the container's own disk, and lost with it"
		case v.Unused:
			f.Message = fmt.Sprintf("the pods of %s have the volume %s, and none of their containers mounts it", v.Workload, v.Name)
			f.Consequence = "its files are not there for any process"
		case v.Workload == "" && v.Kind == "volume" && e.Kind != "kubernetes" && !mounted["volume\n"+v.Name]:
			f.Component = v.Name
			f.Message = fmt.Sprintf("the volume %s is declared, and no service mounts it", v.Name)
			f.Consequence = "nothing is kept in it"
		default:
			continue
		}
		findings = append(findings, f)
	}
	return findings
}

// elsewhere finds well-known images whose volume is mounted beside the folder
// in which they keep their data.
func elsewhere(e *fact.Environment, w *fact.Workload, base string) (finding.Finding, bool) {
	store, ok := ledger.StoreOf(w, base)
	if !ok || w.Init || w.Once {
		return finding.Finding{}, false
	}
	var beside *fact.Mount
	for i := range w.Mounts {
		m := &w.Mounts[i]
		if path.IsAbs(m.Path) && store.Holds(m.Path) || strings.Contains(m.Path, "$") {
			if !hidden(store, m) {
				return finding.Finding{}, false
			}
			beside = m
			break
		}
		if m.Persistent && !m.ReadOnly && (m.Kind == "claim" || m.Kind == "volume") && beside == nil {
			beside = m
		}
	}
	if beside == nil {
		return finding.Finding{}, false
	}
	severity := finding.Warning
	if !store.Database {
		severity = finding.Info // a configuration may name the other folder
	}
	f := doc.Finding(severity, w.Name, e.Name, beside.Path)
	f.Message = fmt.Sprintf("the volume of %s is mounted at %s, and %s keeps its data in %s", w.Name, beside.Path, base, store.Path)
	f.Consequence = "the volume stays empty, and the data is lost when the container is replaced"
	f.Remedy = "mount it at " + store.Place()
	f.Evidence = []finding.Evidence{
		{Role: finding.Conflict, At: beside.At, Text: beside.Source + " at " + beside.Path, Environment: e.Name},
		{Role: finding.Related, At: w.At, Text: w.Kind + " " + w.Name, Environment: e.Name},
	}
	return f, true
}

// hidden reports whether a volume at a folder above the data does not reach them:
// docker, and containerd in a cluster, put the anonymous volume over it that the
// image declares, unless something is mounted at that very path
// (https://hub.docker.com/_/postgres, "Where to Store Data";
// https://github.com/containerd/containerd/blob/main/docs/cri/config.md, ignore_image_defined_volumes).
func hidden(s ledger.Store, m *fact.Mount) bool {
	return declared[s.Path] && path.Clean(m.Path) != s.Path && source.Under(m.Path, s.Path)
}

// declared are the folders that well-known images declare as volumes, by their
// Dockerfiles (https://github.com/docker-library, 2026).
var declared = map[string]bool{
	"/var/lib/postgresql/data": true, "/data/db": true, "/var/lib/mysql": true, "/var/lib/rabbitmq": true, "/var/lib/cassandra": true, "/opt/couchdb/data": true,
}

// misplaced finds the VOLUMEs of a Dockerfile that are beside the folder of the
// same name in which the process works.
func misplaced(b *ledger.Build) []finding.Finding {
	i := b.Image()
	if i == nil {
		return nil
	}
	dir := i.WorkDir()
	volumes := i.Definition().Volumes
	if !path.IsAbs(dir) {
		return nil
	}
	var findings []finding.Finding
	for _, v := range volumes {
		own := path.Join(dir, path.Base(v))
		if strings.Contains(v, "$") || path.Clean(v) == own || !strings.HasPrefix(path.Clean(v), dir+"/") || slices.Contains(volumes, own) {
			continue
		}
		// The folder of the same name is there, and the one around the VOLUME is
		// made by nothing.
		if i.Path(own).State != image.Present || i.Path(path.Dir(path.Clean(v))).State == image.Present || uses(b, v) {
			continue
		}
		at := i.Definition().At
		f := doc.Finding(finding.Warning, b.Title(), "image", v)
		f.Message = fmt.Sprintf("VOLUME %s is declared, and the process works in %s, where %s is", v, dir, own)
		f.Consequence = "what is written to " + path.Base(v) + "/ is not in the volume, and is lost with the container"
		f.Remedy = "declare " + own
		f.Evidence = []finding.Evidence{{Role: finding.Conflict, At: at, Text: "VOLUME " + v}}
		if made := i.Path(own); !made.At.IsZero() {
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Related, At: made.At, Text: own})
		}
		findings = append(findings, f)
	}
	return findings
}

// uses reports whether a workload or the code of the image speaks of a folder.
func uses(b *ledger.Build, dir string) bool {
	for _, u := range b.Uses {
		if slices.ContainsFunc(u.Workload.Mounts, func(m fact.Mount) bool { return strings.HasPrefix(path.Clean(m.Path), path.Clean(dir)) }) {
			return true
		}
		if slices.ContainsFunc(u.Workload.Supplies, func(s fact.Supply) bool {
			return s.Value.Origin == fact.Literal && strings.Contains(s.Value.Reveal(), path.Clean(dir))
		}) {
			return true
		}
	}
	return b.Owner != nil && slices.ContainsFunc(b.Owner.Needs, func(n fact.Need) bool {
		return (n.Kind == fact.Reading || n.Kind == fact.Writing) && strings.HasPrefix(n.Name, path.Clean(dir))
	})
}
