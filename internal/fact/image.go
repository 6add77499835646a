package fact

import "rehearse/internal/source"

// Image is what a Dockerfile builds.
type Image struct {
	Dockerfile string // relative to the project's root
	Stages     []Stage
	Args       []Supply // declared above the first stage; a Literal where it has a default
}

// Stage is one stage of a Dockerfile.
type Stage struct {
	Name       string // "" where it has none; its number names it too
	Base       string // an image, or the name or number of an earlier stage
	At         source.Span
	Platform   string
	Steps      []Step // in order
	WorkDir    string // at the end; absolute, or "" where nothing sets it
	Env        []Supply
	Args       []Supply // declared here; a Literal where it has a default
	Expose     []Port
	User       string
	Entrypoint []string // nil where none is said; a shell form is ["/bin/sh", "-c", TEXT]
	Cmd        []string
	StartAt    source.Span // of the CMD or ENTRYPOINT that starts it
	Health     *Probe
	Volumes    []string
}

// Step is a step of a stage that changes its files.
type Step struct {
	Kind    string // run, copy, add
	At      source.Span
	WorkDir string
	From    string   // copy: the stage or image it copies from; "" the context
	Sources []string // copy, add: as written, variables expanded
	Target  string   // copy, add: absolute
	Command []string // run: an exec form; a shell form is ["/bin/sh", "-c", TEXT]
	Env     []Supply // what is set when the step runs, arguments included
	User    string   // who the step runs as; "" where nothing sets it
	Mounts  []Mount  // run: what is there for this step alone: bind (Source is a path of From's or of the context), cache, tmpfs, secret, ssh
	Owner   string   // copy, add: whose the files are to be (--chown); "" where it is not said
	Mode    string   // copy, add: what may be done with them (--chmod); "" where it is not said
	Partial bool     // copy, add: options select what is copied or where (--parents, --exclude)
	Astray  bool     // copy, add: Target is written relative, and no WORKDIR of the file stands above it
	Unpack  bool     // add: an archive is unpacked wherever it comes from (--unpack)
}
