// Package missingbinary finds programs that are used in an image that does not
// have them.
package missingbinary

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"rehearse/internal/check"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/image/demand"
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
	Name:     "missing-binary",
	Category: finding.Container,
	Summary:  "A program that code, a script, a start command, a health check or a build step runs is not in the image.",
	Why: "A developer's machine has curl, bash, git and ffmpeg. A slim image has what its base image brings and what its own stage installs: what was installed " +
		"in the stage that builds is left behind with it. The container exits with 127, its health check never passes, or the request that needs the program fails.",
	Fix: "Install the program in the stage that runs, copy it there, or use what the image has (busybox's wget for curl, sh for bash).",
	Silent: "A program that the commands ask after before they use it (command -v), one whose failure is handled, a base image that the tables do not know, and " +
		"anything that a step which is not understood may have installed.",
	Sources: []string{
		"https://docs.docker.com/build/building/multi-stage/",
		"https://docs.docker.com/reference/dockerfile/#healthcheck",
	},
	Examples: examples,
}

// Run implements check.Check.
func (Check) Run(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	seen := map[string]bool{}
	add := func(f finding.Finding, at source.Span) {
		if key := fmt.Sprint(f.Component, f.Environment, f.Subject, at); !seen[key] {
			seen[key] = true
			findings = append(findings, f)
		}
	}
	for _, b := range l.Builds {
		for _, o := range b.Occasions() {
			for _, c := range o.Calls {
				for _, d := range demand.Of(c) {
					if f, ok := called(&o, d); ok {
						add(f, f.Evidence[0].At)
					}
				}
			}
		}
	}
	for _, f := range inCode(l) {
		add(f, f.Evidence[0].At)
	}
	return findings
}

// called returns a finding for a program that a command calls.
func called(o *ledger.Occasion, d demand.Demand) (finding.Finding, bool) {
	name := d.Program
	if name == "" {
		// A path to a program of the system: /bin/bash. Other paths are files of
		// the project.
		if len(d.Paths) == 0 || d.What != "it is started" || !system(d.Paths[0]) {
			return finding.Finding{}, false
		}
		name = d.Paths[0]
	}
	c := d.Call
	if c.Guarded || o.Tested[name] || o.Tested[path.Base(name)] || o.Tested[d.Name] || o.Paths() || o.Covered(place(name)) {
		return finding.Finding{}, false
	}
	if o.Moment == ledger.Building && c.Maybe {
		return finding.Finding{}, false
	}
	a := d.Answer()
	if a.State != image.Absent {
		return finding.Finding{}, false
	}
	severity := finding.Error
	if c.Maybe || c.Loose && o.Moment == ledger.Starting {
		severity = finding.Warning
	}
	f := doc.Finding(severity, o.Build.Title(), o.Environment, name)
	f.Message = fmt.Sprintf("%s runs %s, and the image does not have it: %s", who(o, c), path.Base(name), a.Why)
	f.Consequence = map[ledger.Moment]string{
		ledger.Building: "the build of the image stops there",
		ledger.Starting: "the container exits: command not found",
		ledger.Asking:   "the health check always fails: the container is held to be unhealthy, and is restarted or gets no requests",
	}[o.Moment]
	f.Remedy = remedy(o, path.Base(name), a)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: site(o, c), Text: path.Base(name), Environment: o.Environment},
		{Role: finding.Absent, At: a.At, Environment: o.Environment},
	}
	return f, true
}

// place returns where a program may stand.
func place(name string) string {
	if path.IsAbs(name) {
		return name
	}
	return "/usr/local/bin/" + name
}

// system reports whether a path is one of the folders of programs.
func system(p string) bool {
	switch path.Dir(p) {
	case "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin":
		return true
	}
	return false
}

// who says what makes the call.
func who(o *ledger.Occasion, c image.Call) string {
	if c.In != "" {
		if path.Base(c.In) == "package.json" {
			return "the script in " + o.Build.Source(c.In)
		}
		return o.Build.Source(c.In)
	}
	switch o.Moment {
	case ledger.Building:
		return "a step of the build"
	case ledger.Asking:
		return "the health check"
	}
	return "the start command"
}

// site returns where the call stands.
func site(o *ledger.Occasion, c image.Call) source.Span {
	if c.In != "" {
		return source.Span{File: o.Build.Source(c.In), Line: max(c.Line, 1)}
	}
	return c.At
}

func remedy(o *ledger.Occasion, name string, a image.Answer) string {
	b := o.Build.Image().Base()
	where := fmt.Sprintf("in the stage that %s begins", spot(a.At))
	for system, command := range map[string]string{"alpine": "apk add --no-cache ", "debian": "apt-get install ", "ubuntu": "apt-get install "} {
		if b.System == system && !strings.Contains(name, "/") {
			return fmt.Sprintf("install %s %s (%s…), or use what the image has", name, where, command)
		}
	}
	return fmt.Sprintf("put %s into the image, or use what the image has", name)
}

func spot(at source.Span) string { return fmt.Sprintf("%s:%d", at.File, at.Line) }
