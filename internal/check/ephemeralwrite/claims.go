package ephemeralwrite

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// claims finds claims that one node alone can mount and that several replicas
// are to share.
func claims(l *ledger.Ledger, e *fact.Environment) []finding.Finding {
	var findings []finding.Finding
	seen := map[string]bool{}
	for i := range e.Workloads {
		w := &e.Workloads[i]
		if w.Once || w.Together || w.Kind == "StatefulSet" || w.Replicas < 2 && !w.Rolling {
			continue
		}
		for j := range w.Mounts {
			m := &w.Mounts[j]
			if m.Kind != "claim" || m.ReadOnly || seen[w.Name+"\n"+m.Source] {
				continue
			}
			v := e.Volume(m, w)
			if v == nil || !v.Single || v.Each {
				continue
			}
			seen[w.Name+"\n"+m.Source] = true
			if w.Replicas < 2 {
				if !trial(e, w) {
					findings = append(findings, rolling(l, e, w, m, v))
				}
				continue
			}
			f := doc.Finding(finding.Warning, component(l, w), e.Name, m.Source)
			f.Message = fmt.Sprintf("%d replicas of %s share the claim %s, which one node at a time can mount (ReadWriteOnce)", w.Replicas, w.Name, m.Source)
			f.Consequence = "a replica on another node waits forever: Multi-Attach error for volume"
			f.Remedy = "ask for ReadWriteMany, give each replica a claim of its own (StatefulSet), or run one"
			f.Evidence = []finding.Evidence{
				{Role: finding.Need, At: m.At, Text: "claim " + m.Source, Environment: e.Name},
				{Role: finding.Conflict, At: v.At, Text: "PersistentVolumeClaim " + v.Name, Environment: e.Name},
				{Role: finding.Related, At: w.ReplicasAt, Text: fmt.Sprintf("replicas: %d", w.Replicas), Environment: e.Name},
			}
			findings = append(findings, f)
		}
	}
	return findings
}

// rolling is of a claim that the old copy of a workload still has when the new
// one starts, which may be on another node
// (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy).
func rolling(l *ledger.Ledger, e *fact.Environment, w *fact.Workload, m *fact.Mount, v *fact.Volume) finding.Finding {
	f := doc.Finding(finding.Info, component(l, w), e.Name, m.Source)
	f.Message = fmt.Sprintf("a new copy of %s starts before the old one ends, and both want the claim %s, which one node at a time can mount (ReadWriteOnce)", w.Name, m.Source)
	f.Consequence = "where the new copy comes to another node, the deployment hangs: Multi-Attach error for volume"
	f.Remedy = "set strategy.type to Recreate, or ask for ReadWriteMany"
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: m.At, Text: "claim " + m.Source, Environment: e.Name},
		{Role: finding.Conflict, At: v.At, Text: "PersistentVolumeClaim " + v.Name, Environment: e.Name},
		{Role: finding.Related, At: w.At, Text: w.Kind + " " + w.Name, Environment: e.Name},
	}
	return f
}

// component names the component that a workload runs, or the workload where it
// runs none.
func component(l *ledger.Ledger, w *fact.Workload) string {
	for _, c := range l.Components {
		if slices.ContainsFunc(c.Runs, func(r *ledger.Run) bool { return r.Workload == w }) {
			return c.Name
		}
	}
	return w.Name
}

// databases finds databases that keep their data on no volume.
func databases(l *ledger.Ledger, e *fact.Environment) []finding.Finding {
	var findings []finding.Finding
	bases := l.Bases(e)
	for i := range e.Workloads {
		w := &e.Workloads[i]
		store, ok := ledger.StoreOf(w, bases[w])
		if !ok || !store.Database || w.Init || w.Once || trial(e, w) {
			continue
		}
		var under *fact.Mount
		other := false
		for j := range w.Mounts {
			m := &w.Mounts[j]
			switch {
			case store.Holds(m.Path):
				under = m
			case m.Persistent && !m.ReadOnly && m.Kind != "set" && path.Ext(m.Path) == "":
				other = true // at a path that the table does not know; that is for unmounted-volume
			}
		}
		if other && under == nil || under != nil && under.Persistent || under != nil && under.Kind == "other" {
			continue
		}
		f := doc.Finding(finding.Warning, w.Name, e.Name, store.Place())
		if e.Kind != "kubernetes" {
			f.Severity = finding.Info // what docker keeps of it lasts until the container is taken down
		}
		place := "no volume"
		f.Evidence = []finding.Evidence{{Role: finding.Absent, At: w.At, Text: w.Kind + " " + w.Name, Environment: e.Name}}
		if under != nil {
			place = "a volume that does not outlive the pod"
			f.Evidence = []finding.Evidence{{Role: finding.Conflict, At: under.At, Text: under.Kind + " at " + under.Path, Environment: e.Name}}
		}
		f.Message = fmt.Sprintf("the database %s (%s) keeps its data in %s on %s", w.Name, bases[w], store.Path, place)
		f.Consequence = "every record is gone when the container is replaced"
		f.Remedy = "mount a persistent volume at " + store.Place()
		findings = append(findings, f)
	}
	return findings
}

// trial reports whether a database is one for a test or a demonstration.
func trial(e *fact.Environment, w *fact.Workload) bool {
	for _, name := range []string{e.Name, w.Name, w.Namespace} {
		for part := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
			if slices.Contains([]string{"test", "tests", "testing", "ci", "e2e", "demo", "example", "preview", "dev", "local"}, part) {
				return true
			}
		}
	}
	return false
}
