package unwritablepath

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/environment"
	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// owned finds what a user who is not root writes in an image where root alone may
// write: when a container starts, and in the code.
func owned(l *ledger.Ledger) []finding.Finding {
	var findings []finding.Finding
	said := map[string]bool{}
	for _, b := range l.Builds {
		if b.Image() == nil || environment.ForDevelopers(b.Dockerfile) {
			continue
		}
		for _, o := range b.Occasions() {
			if o.Moment != ledger.Starting {
				continue
			}
			s, ok := newStart(b, &o)
			if !ok {
				continue
			}
			for _, d := range slices.Concat(s.steps(), s.code(), s.nginx(), s.volumes(l)) {
				if key := fmt.Sprint(b.Dockerfile, o.Environment, d.need, d.path); !said[key] {
					said[key] = true
					findings = append(findings, s.finding(d))
				}
			}
		}
	}
	return findings
}

// start is a container that starts as a user who is not root.
type start struct {
	build *ledger.Build
	on    *ledger.Occasion
	image *image.Image
	user  string
}

func newStart(b *ledger.Build, o *ledger.Occasion) (*start, bool) {
	s := &start{build: b, on: o, image: b.Image()}
	known := true
	if o.Use != nil {
		if o.Use.Workload.Init || o.Use.Workload.ReadOnly {
			return nil, false
		}
		s.user = o.Use.Workload.User
	}
	if s.user == "" {
		if s.user, known = s.image.RunsAs(); !known {
			return nil, false
		}
	}
	root, sure := image.Root(s.user)
	return s, sure && !root
}

// denial is something that the user may not do.
type denial struct {
	image.Denial
	path     string // what is to be written
	text     string // what writes it: "the code writes data/a.db"
	shown    string // of the place that writes it
	need     source.Span
	severity finding.Severity
	gives    bool // it gives the path to somebody
}

func (s *start) finding(d denial) finding.Finding {
	f := doc.Finding(d.severity, s.build.Title(), s.on.Environment, d.path)
	f.Message = fmt.Sprintf("%s, the container runs as %s, and in the image %s is root's", d.text, s.user, d.Path)
	f.Consequence = "the write fails: permission denied"
	if d.gives {
		f.Consequence = "only root may give files away: operation not permitted"
	}
	f.Remedy = fmt.Sprintf("give %s to the user while the image is built (chown, or COPY --chown), or mount a volume there", d.Path)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: d.need, Text: d.shown, Environment: s.on.Environment},
		{Role: finding.Absent, At: d.At, Environment: s.on.Environment},
	}
	return f
}

// raising are programs that run what they are given as another user.
var raising = map[string]bool{"sudo": true, "doas": true, "gosu": true, "su-exec": true, "su": true, "setpriv": true, "fixuid": true}

// steps finds what the commands that start the container make.
func (s *start) steps() []denial {
	var all []denial
	for _, c := range s.on.Calls {
		if len(c.Args) > 0 && raising[path.Base(c.Args[0].Text)] {
			return nil
		}
	}
	for _, c := range s.on.Calls {
		if len(c.Args) == 0 || c.Maybe || c.Guarded {
			continue
		}
		for _, p := range s.makes(c) {
			d, ok := c.Image().Denied(p)
			if !ok || s.on.Covered(p) || s.on.Tested[p] {
				continue
			}
			program := path.Base(c.Args[0].Text)
			all = append(all, denial{
				Denial: d, path: p, text: fmt.Sprintf("%s writes %s when the container starts", program, p), need: s.place(c), severity: s.weight(c),
				gives: program == "chown",
			})
		}
	}
	return all
}

// place returns where a call stands.
func (s *start) place(c image.Call) source.Span {
	if c.In == "" || c.Line == 0 {
		return c.At
	}
	return source.Span{File: s.build.Source(c.In), Line: c.Line}
}

// weight returns how bad it is that a call fails: a script goes on where it is
// not told to end.
func (s *start) weight(c image.Call) finding.Severity {
	if path.Base(c.Args[0].Text) == "rails" {
		return finding.Error
	}
	if data, ok := s.build.Read(c.In); c.In != "" && ok {
		for _, line := range bytes.Split(data[:min(len(data), 4000)], []byte("\n")) {
			text := strings.TrimSpace(string(line))
			if strings.HasPrefix(text, "set -e") || strings.HasPrefix(text, "set -o errexit") || strings.HasPrefix(text, "#!") && strings.Contains(text, " -e") {
				return finding.Error
			}
		}
	}
	return finding.Warning
}

// makes returns the absolute paths that a call is certain to write.
func (s *start) makes(c image.Call) []string {
	name, args := path.Base(c.Args[0].Text), c.Args[1:]
	var all []string
	add := func(a image.Arg) {
		p := a.Text
		if !path.IsAbs(p) {
			if c.Dir == "" {
				return
			}
			p = path.Join(c.Dir, p)
		}
		if a.Whole && a.Text != "" && !strings.HasPrefix(p, "/dev/") && !strings.HasPrefix(p, "/proc/") && !strings.ContainsAny(p, "${") {
			all = append(all, path.Clean(p))
		}
	}
	words := slices.DeleteFunc(slices.Clone(args), func(a image.Arg) bool { return strings.HasPrefix(a.Text, "-") })
	switch name {
	case "mkdir":
		if slices.ContainsFunc(args, func(a image.Arg) bool { return strings.HasPrefix(a.Text, "-m") }) {
			return nil
		}
		for _, w := range words {
			add(w)
		}
		// One that is there is left alone.
		all = slices.DeleteFunc(all, func(p string) bool { return c.Looks(p).State != image.Absent })
	case "touch":
		if len(words) == len(args) {
			for _, w := range words {
				add(w)
			}
		}
	case "chown":
		if len(words) < 2 || !words[0].Whole || strings.HasPrefix(words[0].Text, ":") {
			return nil
		}
		if root, known := image.Root(words[0].Text); root || !known {
			return nil
		}
		for _, w := range words[1:] {
			add(w)
		}
		all = slices.DeleteFunc(all, func(p string) bool { return c.Looks(p).State != image.Present })
	case "rails":
		all = s.rails(c, args)
	}
	return all
}

// rails is the server of Rails, which writes the number of its process to a file
// below tmp, unless it is told another one
// (https://guides.rubyonrails.org/command_line.html#bin-rails-server).
func (s *start) rails(c image.Call, args []image.Arg) []string {
	if len(args) == 0 || args[0].Text != "s" && args[0].Text != "server" || c.Dir == "" {
		return nil
	}
	for _, a := range args {
		if !a.Whole || strings.HasPrefix(a.Text, "-P") || strings.HasPrefix(a.Text, "--pid") {
			return nil
		}
	}
	supplies := s.image.Env()
	if s.on.Use != nil {
		supplies = append(slices.Clip(supplies), s.on.Use.Workload.Supplies...)
	}
	if slices.ContainsFunc(supplies, func(v fact.Supply) bool { return v.Name == "PIDFILE" }) || c.Looks(path.Join(c.Dir, "config/application.rb")).State != image.Present {
		return nil
	}
	return []string{path.Join(c.Dir, "tmp/pids/server.pid")}
}

// code finds what the code writes, and Next.js.
func (s *start) code() []denial {
	c := s.build.Owner
	if c == nil {
		return nil
	}
	var all []denial
	if p, at, ok := nextCache(s.image); ok && !s.on.Covered(p) {
		if d, denied := s.image.Denied(p); denied {
			all = append(all, denial{Denial: d, path: p, text: "Next.js writes " + p, shown: ".next/cache", need: at, severity: finding.Warning})
		}
	}
	for _, n := range c.Of(fact.Writing) {
		if n.Necessity != fact.Required || n.Browser || n.Name == "" || n.Held != "" || strings.ContainsAny(n.Name, "$%{}*?~:\\<>") || c.Tool(n.At.File) || byHand(n.At.File) {
			continue
		}
		p := s.target(n)
		if p == "" || strings.HasPrefix(p, "/dev/") || strings.HasPrefix(p, "/proc/") || s.on.Covered(p) {
			continue
		}
		if d, denied := s.image.Denied(p); denied {
			all = append(all, denial{Denial: d, path: p, text: "the code writes " + n.Name, shown: n.Text, need: n.At, severity: finding.Warning})
		}
	}
	return all
}

// target returns where in the container the code writes; "" where that is not
// known.
func (s *start) target(n fact.Need) string {
	if s.on.Use != nil && s.on.Use.Run != nil {
		if r := s.on.Use.Run; r.Reaches(n.At.File) {
			return r.Written(n)
		}
		return ""
	}
	dir := s.image.WorkDir()
	switch {
	case n.Variable != "":
		return ""
	case path.IsAbs(n.Name):
		return path.Clean(n.Name)
	case n.Beside:
		file, ok := strings.CutPrefix(n.At.File, path.Clean(s.build.Context)+"/")
		if path.Clean(s.build.Context) == "." {
			file, ok = n.At.File, true
		}
		if landings := s.image.Landings(file); ok && len(landings) > 0 {
			return path.Join(path.Dir(landings[0].Path), n.Name)
		}
		return ""
	case path.IsAbs(dir) && !strings.Contains(dir, "$"):
		return path.Join(dir, n.Name)
	}
	return ""
}
