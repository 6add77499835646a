// Package ephemeralwrite finds files that are meant to last and are written
// where nothing lasts.
package ephemeralwrite

import (
	"embed"
	"fmt"
	"path"
	"regexp"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
)

// Check is the check.
type Check struct{}

// Doc implements check.Check.
func (Check) Doc() check.Doc { return doc }

//go:embed testdata/fails.txtar testdata/passes.txtar
var examples embed.FS

var doc = check.Doc{
	Name:     "ephemeral-write",
	Category: finding.Container,
	Summary:  "The code writes a file that is meant to last to a path that no persistent volume backs, or to one that is private to one replica while several run.",
	Why: "On a laptop what is written stays in the working tree. A container begins with the files of its image each time: uploads, a database in a file and " +
		"whatever else was written are gone after the next deployment, and another replica never sees them.",
	Fix: "Mount a persistent volume where the code writes, or keep the files outside of the container: in a database, in object storage. Where several replicas " +
		"write, they need storage that all of them can mount (ReadWriteMany), or none.",
	Silent: "Logs, temporary files and caches, paths that cannot be told, variables whose value is not known, what scripts and tests write, a path below which " +
		"a volume is mounted, and environments of developers.",
	Sources: []string{
		"https://docs.docker.com/engine/storage/",
		"https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
		"https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		findings = append(findings, written(c)...)
	}
	for _, e := range l.Environments {
		if e.IsProduction() {
			findings = append(findings, claims(l, e)...)
			findings = append(findings, databases(l, e)...)
		}
	}
	return findings
}

// written finds what the code of a component writes.
func written(c *ledger.Component) []finding.Finding {
	var findings []finding.Finding
	seen := map[string]bool{}
	for _, n := range c.Working(fact.Writing) {
		if !meant(c, n) {
			continue
		}
		for _, r := range c.Production() {
			if r.Workload.Once || !r.Reaches(n.At.File) {
				continue
			}
			p := r.Written(n)
			key := r.Environment.Name + "\n" + root(p, n)
			if p == "" || seen[key] {
				continue
			}
			if f, ok := judge(c, r, n, p); ok {
				seen[key] = true
				findings = append(findings, f)
			}
		}
	}
	return findings
}

// lasting is what a folder is called that holds what is meant to last.
var lasting = regexp.MustCompile(`(?i)(^|/)(data|database|storage|state|store|backups?|documents|user-?files|user-?data)(/|$)`)

// meant reports whether what is written is meant to last: an upload, a
// database; of the rest what stands in a folder for data.
func meant(c *ledger.Component, n fact.Need) bool {
	switch n.Sort {
	case "log", "temporary":
		return false
	case "database":
		if n.Library == "sqlite" && !strings.ContainsAny(n.Name, "./") && !strings.Contains(strings.ToLower(n.Name), "sqlite") {
			return false // the name of a database on a server, beside a configuration of SQLite
		}
		return !pretended(c, n)
	case "upload":
		return !pretended(c, n)
	}
	return lasting.MatchString(n.Name)
}

// pretended reports whether a framework writes only where something else is
// there too: Active Storage where a model has an attachment.
func pretended(c *ledger.Component, n fact.Need) bool {
	partner := map[string]string{"active_storage": "has_attached", "has_attached": "active_storage"}[n.Library]
	if partner == "" {
		return false
	}
	for _, o := range c.Working(fact.Writing) {
		if o.Library == partner {
			return false
		}
	}
	return true
}

// root is the folder that a finding is of: several files in it are one.
func root(p string, n fact.Need) string {
	if strings.HasSuffix(n.Name, "/") || path.Ext(p) == "" {
		return p
	}
	return path.Dir(p)
}

func judge(c *ledger.Component, r *ledger.Run, n fact.Need, p string) (finding.Finding, bool) {
	disk := r.Disk(p)
	if disk.Within || disk.Mount == nil && disk.Declare != "" && r.Environment.Kind != "kubernetes" {
		return finding.Finding{}, false
	}
	what := map[string]string{"upload": "uploads go", "database": "a database is kept in a file"}[n.Sort]
	if what == "" {
		what = "data is written"
	}
	f := doc.Finding(finding.Warning, c.Name, r.Environment.Name, p)
	f.Evidence = []finding.Evidence{{Role: finding.Need, At: n.At, Text: n.Text}}
	conflict := func(m *fact.Mount) {
		f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Conflict, At: m.At, Text: m.Kind + " at " + m.Path, Environment: r.Environment.Name})
	}
	switch {
	case !disk.Lasts():
		where := "of the container itself"
		if disk.Mount != nil {
			where = "that does not outlive the pod"
			conflict(disk.Mount)
		} else {
			f.Evidence = append(f.Evidence, finding.Evidence{Role: finding.Absent, At: r.Workload.At, Text: "no volume there", Environment: r.Environment.Name})
		}
		if n.Sort == "" {
			f.Severity = finding.Info
		}
		f.Message = fmt.Sprintf("%s to %s, on a disk %s", what, p, where)
		if n.Sort == "database" {
			f.Message = fmt.Sprintf("%s, %s, on a disk %s", what, p, where)
		}
		f.Consequence = "it is gone when the container is replaced: at the next deployment, or when its machine is"
		volume := "a persistent volume"
		if copies := r.Copies(); len(copies) > 0 && !copies[0].Machine && !copies[0].Likely {
			f.Consequence = fmt.Sprintf("each of the %s has a disk of its own, and finds nothing of the others; all is gone when they are replaced", copies[0])
			volume = "a persistent volume that all of them share"
		}
		f.Remedy = "mount " + volume + " at " + path.Dir(p) + ", or keep it outside of the container"
		if n.Sort == "upload" || path.Ext(p) == "" {
			f.Remedy = "mount " + volume + " at " + p + ", or keep it outside of the container"
		}
		return f, true
	default:
		copies := r.Copies()
		if len(copies) == 0 || copies[0].Machine || copies[0].Likely || disk.Volume == nil || !disk.Volume.Each {
			return f, false
		}
		conflict(disk.Mount)
		f.Message = fmt.Sprintf("%s to %s, on a volume of which each replica has its own, and %s run", what, p, copies[0])
		f.Consequence = "what one replica has written, the others do not find"
		f.Remedy = "use storage that all replicas mount, or that is outside of them"
		if n.Sort == "" {
			f.Severity = finding.Info // the replicas may each keep a part
		}
		return f, true
	}
}
