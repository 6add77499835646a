// Package unwritablepath finds files that the code writes where nothing can be
// written.
package unwritablepath

import (
	"embed"
	"fmt"
	"path"
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
	Name:     "unwritable-path",
	Category: finding.Container,
	Summary:  "The code, the framework that it runs on, or a start step writes a file into a root filesystem that is read-only, or where the container's user may not write.",
	Why: "On a developer's machine the process writes wherever its user may. With readOnlyRootFilesystem, or read_only in a compose file, only volumes can be " +
		"written to: the first upload, cache file or temporary file fails with EROFS. COPY, WORKDIR and RUN make files that are root's, and behind USER, or with " +
		"runAsUser, what is written among them fails with EACCES.",
	Fix: "Mount a volume where the code writes (an emptyDir or tmpfs for what need not last), or write below one that is mounted. Give the folder to the user while the image is built (COPY --chown, chown).",
	Silent: "A write below a volume that is not read-only, one whose failure is handled, a working directory that is not known, and folders of which the Dockerfile does not tell for certain " +
		"that they are root's.",
	Sources: []string{
		"https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
		"https://docs.docker.com/reference/compose-file/services/#read_only",
		"https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
		"https://nextjs.org/docs/app/guides/self-hosting#caching-and-isr",
		"https://hub.docker.com/_/nginx",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	for _, c := range l.Components {
		for _, r := range c.Production() {
			if !r.Workload.ReadOnly {
				continue
			}
			if f, ok := cached(c, r); ok {
				findings = append(findings, f)
			}
			seen := map[string]bool{}
			for _, n := range c.Of(fact.Writing) {
				p, ok := target(r, n)
				if !ok || seen[p] || !r.Reaches(n.At.File) || r.Workload.Once && n.Sort == "temporary" || n.Necessity != fact.Required || n.Browser || c.Tool(n.At.File) || byHand(n.At.File) || writable(r.Workload, p) {
					continue
				}
				seen[p] = true
				findings = append(findings, denied(c, r, n, p))
			}
		}
	}
	for _, e := range l.Environments {
		if e.IsProduction() {
			findings = append(findings, sealed(l, e)...)
		}
	}
	return append(findings, owned(l)...)
}

// byHand reports whether a file holds a command of Django, which people start, and
// not the server
// (https://docs.djangoproject.com/en/stable/howto/custom-management-commands/).
func byHand(file string) bool { return strings.Contains("/"+file, "/management/commands/") }

// target returns the path in the container that the code writes.
func target(r *ledger.Run, n fact.Need) (string, bool) {
	if n.Name == "" || n.Beside || strings.ContainsAny(n.Name, "$%{}*?~:\\<>") {
		return "", false
	}
	if path.IsAbs(n.Name) {
		return path.Clean(n.Name), !strings.HasPrefix(n.Name, "/dev/") && !strings.HasPrefix(n.Name, "/proc/")
	}
	dir := r.Workload.WorkDir
	if img := r.Image(); dir == "" && img != nil {
		dir = img.WorkDir()
	}
	return path.Join(dir, n.Name), path.IsAbs(dir) && !strings.Contains(dir, "$")
}

// writable reports whether a volume that can be written to is at a path or
// above it, or below it: then what is written may well go there.
func writable(w *fact.Workload, p string) bool {
	best, open := -1, false
	for _, m := range w.Mounts {
		dir := path.Clean(m.Path)
		switch {
		case m.Path == "" || strings.Contains(dir, "$"), strings.HasPrefix(dir, p+"/"):
			return true
		case (p == dir || strings.HasPrefix(p, strings.TrimSuffix(dir, "/")+"/")) && len(dir) > best:
			best, open = len(dir), !m.ReadOnly && m.Kind != "set"
		}
	}
	return open
}

func denied(c *ledger.Component, r *ledger.Run, n fact.Need, p string) finding.Finding {
	w := r.Workload
	severity := finding.Warning
	if n.Fatal || n.Sort == "upload" || n.Sort == "database" {
		severity = finding.Error
	}
	dir, what := path.Dir(p), "writes "+n.Name
	if p == "/tmp" {
		dir, what = p, "makes temporary files"
	}
	f := doc.Finding(severity, c.Name, r.Environment.Name, n.Name)
	f.Message = fmt.Sprintf("the code %s, and the root filesystem of %s is read-only, with no volume at %s that can be written to", what, w.Name, dir)
	f.Consequence = "the write fails: read-only file system"
	f.Remedy = fmt.Sprintf("mount a volume at %s (an emptyDir or tmpfs where it need not last)", dir)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: n.At, Text: n.Text},
		{Role: finding.Absent, At: w.At, Environment: r.Environment.Name},
	}
	return f
}
