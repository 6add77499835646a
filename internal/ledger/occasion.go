package ledger

import (
	"path"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/image"
	"rehearse/internal/source"
)

// Moment says when commands run.
type Moment string

// The moments.
const (
	Building   Moment = "build"    // while an image is built
	Starting   Moment = "start"    // when a container of it starts
	Asking     Moment = "health"   // when the platform asks after its health
	InPipeline Moment = "pipeline" // in a pipeline, outside of any image of the project
)

// Occasion is commands that run in an image together.
type Occasion struct {
	Moment
	Build       *Build
	Use         *Use // the workload that starts it or asks; nil where it is the image itself
	Environment string
	At          source.Span // where it is said
	Calls       []image.Call
	Tested      map[string]bool // what the commands ask after before they use it

	mounts []fact.Mount
}

// Occasions returns when commands run in the image: while it is built, when its
// containers start, and when its health is asked after. Of a workload of the
// developer's machine nothing is told, save where no other runs the image.
func (b *Build) Occasions() []Occasion {
	img := b.Image()
	if img == nil {
		return nil
	}
	var all []Occasion
	add := func(o Occasion, calls []image.Call) {
		if len(calls) == 0 {
			return
		}
		o.Build, o.Calls, o.Tested = b, calls, image.Tests(calls)
		if o.Environment == "" {
			o.Environment = b.environment()
		}
		all = append(all, o)
	}
	add(Occasion{Moment: Building, At: source.Span{File: b.Dockerfile, Line: 1}}, img.Calls())
	if b.onbuild {
		return all
	}
	var deployed []*Use
	var mounts []fact.Mount
	health := img.Definition().Health
	for i := range b.Uses {
		u := &b.Uses[i]
		if mounts = append(mounts, u.Workload.Mounts...); u.Environment.IsLocal() && u.Workload.Kind == "service" {
			continue // of a compose file, which puts the working tree there
		}
		deployed = append(deployed, u)
		if u.Environment.Kind == environment.Kubernetes {
			health = nil // Kubernetes does not look at it
		}
		o := Occasion{Moment: Starting, Use: u, Environment: u.Environment.Name, mounts: u.Workload.Mounts}
		argv, at := u.Command(img)
		o.At = at
		add(o, img.Starts(argv, u.Workload.WorkDir, u.Workload.Supplies, at))
		for _, p := range u.Workload.Probes {
			if len(p.Command) == 0 {
				continue
			}
			if p.Kind == "healthcheck" {
				health = nil
			}
			o.Moment, o.At = Asking, p.At
			add(o, img.Starts(p.Command, u.Workload.WorkDir, u.Workload.Supplies, p.At))
		}
	}
	if len(deployed) == 0 {
		if environment.ForDevelopers(b.Dockerfile) {
			return all
		}
		if argv, at, known := img.Start(); known && len(argv) > 0 && at.File == b.Dockerfile && said(img) {
			add(Occasion{Moment: Starting, At: at, mounts: mounts}, img.Starts(argv, "", nil, at))
		}
	}
	if health != nil {
		add(Occasion{Moment: Asking, At: health.At, mounts: mounts}, img.Starts(health.Command, "", nil, health.At))
	}
	return all
}

// said reports whether the Dockerfile says itself what its image starts.
func said(img *image.Image) bool {
	stage := img.Definition()
	return stage.Entrypoint != nil || stage.Cmd != nil
}

// Command returns what the workload starts, and where that is said.
func (u *Use) Command(img *image.Image) ([]string, source.Span) {
	w, own := u.Workload, img.Definition()
	command, args, at := w.Command, w.Args, w.StartAt
	if at.IsZero() {
		at = own.StartAt
	}
	if command == nil {
		entrypoint, known := img.Entrypoint()
		if !known {
			return nil, at // what is said may be the arguments of something
		}
		if command = entrypoint; args == nil {
			args = own.Cmd
		}
	}
	return append(slices.Clone(command), args...), at
}

// environment returns what the environment of an image is called that no
// workload names.
func (b *Build) environment() string {
	for _, u := range b.Uses {
		if !u.Environment.IsLocal() {
			return u.Environment.Name
		}
	}
	return environment.Production
}

// Title returns what the image is called in a report: the component whose code
// it has, the workload that runs it, or its folder.
func (b *Build) Title() string {
	switch {
	case b.Owner != nil:
		return b.Owner.Name
	case len(b.Uses) > 0:
		return b.Uses[0].Workload.Name
	}
	for _, dir := range []string{path.Dir(b.Dockerfile), b.Context} {
		if name := path.Base(dir); name != "." && !slices.Contains(environment.Folders, name) {
			return name
		}
	}
	return strings.TrimSuffix(path.Base(b.Dockerfile), path.Ext(b.Dockerfile))
}

// brought are folders into which platforms put secrets and volumes without a
// definition that says so: Docker's and Swarm's secrets, Vault's agent
// (https://developer.hashicorp.com/vault/docs/deploy/kubernetes/injector), Render's
// secret files, what is mounted by hand.
var brought = []string{"/run/secrets/", "/var/run/secrets/", "/vault/", "/etc/secrets/", "/secrets/", "/mnt/"}

// Covered reports whether something that is not of the image may stand at a
// path when the commands run: a volume, a file that is mounted.
func (o *Occasion) Covered(p string) bool {
	if o.Moment == Building {
		return false
	}
	over := func(dir string) bool {
		dir = path.Clean(dir)
		return p == dir || strings.HasPrefix(p, strings.TrimSuffix(dir, "/")+"/") || strings.HasPrefix(dir, p+"/")
	}
	if slices.ContainsFunc(brought, func(dir string) bool { return strings.HasPrefix(p, dir) }) {
		return true
	}
	if slices.ContainsFunc(o.mounts, func(m fact.Mount) bool { return m.Path == "" || over(m.Path) }) {
		return true
	}
	return o.Use == nil && slices.ContainsFunc(o.Build.Image().Definition().Volumes, over)
}

// Paths reports whether a workload says itself where programs are found.
func (o *Occasion) Paths() bool {
	return o.Use != nil && slices.ContainsFunc(o.Use.Workload.Supplies, func(s fact.Supply) bool { return s.Name == "PATH" })
}
