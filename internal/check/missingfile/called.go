package missingfile

import (
	"fmt"
	"path"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/image/demand"
	"rehearse/internal/ledger"
)

// called finds the files and folders that commands use: scripts that they
// start, folders that they change into, files that they read.
func (s *session) called(o *ledger.Occasion) {
	for _, c := range o.Calls {
		if c.Guarded || o.Moment == ledger.Building && c.Maybe {
			continue
		}
		for _, d := range demand.Of(c) {
			if d.Program == "" && len(d.Paths) > 0 && !o.Tested[d.Name] && !o.Tested[d.Paths[0]] {
				s.demanded(o, d)
			}
		}
	}
}

func (s *session) demanded(o *ledger.Occasion, d demand.Demand) {
	p := d.Paths[0]
	if o.Use == nil && o.Moment == ledger.Starting && !fed(o.Build.Image()) {
		return // it is run with the tree mounted
	}
	if d.What == "it is started" && programs[path.Dir(p)] || o.Covered(p) || strings.Contains(p, "node_modules/") {
		return // programs of the system are those of missing-binary
	}
	a := d.Answer()
	sure := a.State == image.Absent
	if !sure {
		if a.State != image.Unknown || path.IsAbs(d.Name) {
			return
		}
		// A step that is not understood may have written it; that it makes what
		// the tree has, and nothing copies, is not likely.
		there, ok := placed(o.Build, d.Call)
		if !ok || !there.has(d.Name) {
			return
		}
		if a, ok = there.kept(d.Name); !ok {
			return
		}
	}
	severity := finding.Error
	if d.Call.Maybe || d.Call.Loose || !sure || o.Use == nil && o.Moment == ledger.Starting && aside(o.Build) {
		severity = finding.Warning
	}
	kind := "file"
	if d.Folder {
		kind = "folder"
	}
	where, at := lost(o.Build, d.Call.Image(), p)
	if o.Moment == ledger.Starting && o.Use == nil && where == "" && path.IsAbs(d.Name) {
		severity = finding.Info // whoever runs it may mount it there
	}
	s.add(gap{
		severity: severity, build: o.Build, environment: o.Environment, subject: subject(d.Name),
		message: fmt.Sprintf("%s needs the %s %s (%s), and the image does not have it: %s%s", who(o, d.Call), kind, p, d.What, a.Why, where),
		consequence: map[ledger.Moment]string{
			ledger.Building: "the build of the image stops there", ledger.Starting: "the container exits: no such file or directory",
			ledger.Asking: "the health check always fails",
		}[o.Moment],
		remedy: fmt.Sprintf("copy it to %s, or name the place where the image has it", p),
		need:   site(o.Build, d.Call), text: subject(d.Name), absent: a.At, related: at,
	})
}

// aside reports whether nothing in the tree tells how an image is built and run,
// and it lies apart from the code: scripts may run it with the tree mounted.
func aside(b *ledger.Build) bool {
	dir := path.Dir(b.Dockerfile)
	return b.Guessed && dir != "." && (b.Owner == nil || path.Clean(b.Owner.Dir) != dir)
}

// fed reports whether the image has anything of the tree.
func fed(img *image.Image) bool {
	for _, n := range img.Stages() {
		for _, step := range img.Stage(fmt.Sprint(n)).Definition().Steps {
			if step.Kind != "run" && step.From == "" {
				return true
			}
		}
	}
	return false
}

// programs are the folders of the system's programs.
var programs = map[string]bool{"/bin": true, "/sbin": true, "/usr/bin": true, "/usr/sbin": true, "/usr/local/bin": true, "/usr/local/sbin": true}

func subject(name string) string {
	if len(name) > 120 {
		name = name[:120]
	}
	return name
}

// who says what makes a call.
func who(o *ledger.Occasion, c image.Call) string {
	switch {
	case c.In != "" && path.Base(c.In) == "package.json":
		return "a script of " + o.Build.Source(c.In)
	case c.In != "":
		return o.Build.Source(c.In)
	case o.Moment == ledger.Building:
		return "a step of the build"
	case o.Moment == ledger.Asking:
		return "the health check"
	}
	return "the start command"
}
