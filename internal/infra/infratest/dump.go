package infratest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

// planted begins the texts that a case puts where a secret could stand, to see
// that they arrive. Any other text is shown as "…".
const planted = "lit:"

// Dump returns a definition as lines: what is said, and at which line and
// column. Values are masked, save those that begin with "lit:".
func Dump(def fact.Definition) string {
	d := dumper{}
	if def.Overrides {
		d.line(0, "overrides")
	}
	for _, image := range def.Images {
		d.line(0, "image %s", image.Dockerfile)
		for _, stage := range image.Stages {
			d.stage(stage)
		}
	}
	for _, w := range def.Workloads {
		d.workload(w)
	}
	for _, set := range def.Sets {
		d.line(0, "set %s%s%s%s", set.Kind, name(set.Namespace, set.Name), marked("open", set.Open), at(set.At))
		d.supplies(1, "", set.Supplies)
	}
	for _, s := range def.Services {
		d.line(0, "service %s%s%s%s%s%s", s.Kind, name(s.Namespace, s.Name), word("external", s.External),
			marked("headless", s.Headless), labels("selector", s.Selector), at(s.At))
		d.ports(1, s.Ports)
	}
	for _, r := range def.Routes {
		d.line(0, "route%s host=%q path=%q%s → %s:%s%s%s%s backend%s", name(r.Namespace, r.Name), r.Host, r.Path, word("type", r.PathType),
			r.Service, number(r.Port, r.PortRef), marked("tls", r.TLS), labels("annotations", r.Annotation), at(r.At), at(r.BackendAt))
	}
	for _, v := range def.Volumes {
		d.line(0, "volume %s%s%s%s%s%s%s", v.Kind, name(v.Namespace, v.Name), word("of", v.Workload), marked("each", v.Each),
			marked("single", v.Single), marked("unused", v.Unused), at(v.At))
	}
	for _, s := range def.Scalers {
		d.line(0, "scaler of %s%s %d to %d%s", s.Kind, name(s.Namespace, s.Name), s.Min, s.Max, at(s.At))
	}
	d.supplies(0, "for all ", def.Supplies)
	for _, u := range def.Unread {
		d.line(0, "unread%s %s", at(u.At), u.Reason)
	}
	return d.b.String()
}

type dumper struct{ b strings.Builder }

func (d *dumper) line(depth int, format string, args ...any) {
	d.b.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(&d.b, format, args...)
	d.b.WriteByte('\n')
}

func (d *dumper) workload(w fact.Workload) {
	d.line(0, "workload %s%s%s%s%s%s%s%s%s env%s", w.Kind, name(w.Namespace, w.Name), word("container", w.Container),
		marked("init", w.Init), marked("once", w.Once), marked("hostnet", w.HostNet), marked("readonlyroot", w.ReadOnly), list("profiles", w.Profiles), at(w.At), at(w.EnvAt))
	d.said(1, "image", w.Image)
	d.said(1, "code", w.Code)
	d.said(1, "entry", w.Entry)
	if w.Build != nil {
		d.line(1, "build %s%s%s%s", w.Build.Context, word("file", w.Build.Dockerfile), word("target", w.Build.Target), at(w.Build.At))
		d.supplies(2, "arg ", w.Build.Args)
	}
	if w.Command != nil || w.Args != nil {
		d.line(1, "start %q %q%s", w.Command, w.Args, at(w.StartAt))
	}
	d.said(1, "workdir", w.WorkDir)
	d.said(1, "user", w.User)
	d.line(1, "replicas %d%s%s", w.Replicas, at(w.ReplicasAt), labels("labels", w.Labels))
	d.ports(1, w.Ports)
	d.supplies(1, "", w.Supplies)
	for _, i := range w.Imports {
		d.line(1, "import %s%s%s", ref(i.Ref), word("prefix", i.Prefix), at(i.At))
	}
	for _, m := range w.Mounts {
		d.line(1, "mount %s %s %q%s%s%s", m.Path, m.Kind, m.Source, marked("persistent", m.Persistent), marked("readonly", m.ReadOnly), at(m.At))
	}
	for _, p := range w.Probes {
		d.probe(p)
	}
	for _, n := range w.Needs {
		d.line(1, "needs %s %s%s", n.Kind, n.Name, at(n.At))
	}
	if w.DependsOn != nil || w.Networks != nil || w.Aliases != nil {
		d.line(1, "net%s%s%s", list("depends", w.DependsOn), list("networks", w.Networks), list("aliases", w.Aliases))
	}
}

func (d *dumper) stage(s fact.Stage) {
	d.line(1, "stage %q from %q%s%s", s.Name, s.Base, word("platform", s.Platform), at(s.At))
	for _, step := range s.Steps {
		d.line(2, "%s%s%s%s%s%s%s", step.Kind, word("from", step.From), list("sources", step.Sources), word("target", step.Target),
			list("command", step.Command), word("in", step.WorkDir), at(step.At))
		d.supplies(3, "", step.Env)
	}
	d.said(2, "workdir", s.WorkDir)
	d.said(2, "user", s.User)
	d.supplies(2, "arg ", s.Args)
	d.supplies(2, "env ", s.Env)
	d.ports(2, s.Expose)
	if s.Entrypoint != nil || s.Cmd != nil {
		d.line(2, "start %q %q%s", s.Entrypoint, s.Cmd, at(s.StartAt))
	}
	if s.Health != nil {
		d.probe(*s.Health)
	}
	if s.Volumes != nil {
		d.line(2, "volumes %q", s.Volumes)
	}
}

func (d *dumper) probe(p fact.Probe) {
	d.line(1, "probe %s%s port=%s%s%s%s", p.Kind, word("scheme", p.Scheme), number(p.Port, p.PortRef), word("path", p.Path), list("command", p.Command), at(p.At))
}

func (d *dumper) ports(depth int, ports []fact.Port) {
	for _, p := range ports {
		s := "port " + number(p.Number, p.Name)
		if p.Name != "" && p.Number != 0 {
			s += word("name", p.Name)
		}
		if p.Target != 0 || p.TargetRef != "" {
			s += " → " + number(p.Target, p.TargetRef) + at(p.TargetAt)
		}
		if p.Published != 0 {
			s += " published=" + itoa(p.Published)
		}
		d.line(depth, "%s%s", s, at(p.At))
	}
}

func (d *dumper) supplies(depth int, prefix string, supplies []fact.Supply) {
	for _, s := range supplies {
		phase := ""
		if s.Phase == fact.Build {
			phase = "build "
		}
		kind := ""
		if s.Kind != fact.Variable {
			kind = string(s.Kind) + " "
		}
		d.line(depth, "%s%s%s%s = %s%s", prefix, phase, kind, s.Name, value(s.Value), at(s.At))
	}
}

func (d *dumper) said(depth int, what, text string) {
	if text != "" {
		d.line(depth, "%s %s", what, text)
	}
}

func value(v fact.Value) string {
	switch v.Origin {
	case fact.Literal:
		if v.Empty() {
			return `""`
		}
		return text(v)
	case fact.Reference:
		return "from " + ref(v.Ref)
	case fact.PassThrough:
		return "passed" + vars(v.Vars)
	case fact.Template:
		return "template " + text(v) + vars(v.Vars)
	default:
		return "computed: " + v.Why
	}
}

func text(v fact.Value) string {
	if s := v.Reveal(); strings.HasPrefix(s, planted) {
		return strconv.Quote(s)
	}
	return "…"
}

func vars(vars []fact.Var) string {
	s := ""
	for _, v := range vars {
		s += " " + v.Name
		if v.Required {
			s += "(required)"
		}
		if v.Default == nil {
			continue
		}
		if *v.Default == "" || strings.HasPrefix(*v.Default, planted) || strings.HasPrefix(*v.Default, "$(") {
			s += fmt.Sprintf("(or %q)", *v.Default)
		} else {
			s += "(or …)"
		}
	}
	return s
}

func ref(r fact.Ref) string {
	s := r.Kind + "/" + r.Name
	if r.Key != "" {
		s += "#" + r.Key
	}
	return s + marked("optional", r.Optional)
}

// places returns every place that a definition gives and that must be in its
// file.
func places(def fact.Definition) []source.Span {
	var all []source.Span
	add := func(spans ...source.Span) {
		for _, at := range spans {
			if !at.IsZero() {
				all = append(all, at)
			}
		}
	}
	supplies := func(supplies []fact.Supply) {
		for _, s := range supplies {
			add(s.At)
		}
	}
	ports := func(ports []fact.Port) {
		for _, p := range ports {
			add(p.At, p.TargetAt)
		}
	}
	for _, w := range def.Workloads {
		add(w.At, w.EnvAt, w.StartAt, w.ReplicasAt)
		supplies(w.Supplies)
		ports(w.Ports)
		for _, m := range w.Mounts {
			add(m.At)
		}
		for _, i := range w.Imports {
			add(i.At)
		}
		for _, p := range w.Probes {
			add(p.At)
		}
		for _, n := range w.Needs {
			add(n.At)
		}
		if w.Build != nil {
			add(w.Build.At)
			supplies(w.Build.Args)
		}
	}
	for _, s := range def.Sets {
		add(s.At)
		supplies(s.Supplies)
	}
	for _, s := range def.Services {
		add(s.At)
		ports(s.Ports)
	}
	for _, r := range def.Routes {
		add(r.At, r.BackendAt)
	}
	for _, image := range def.Images {
		for _, s := range image.Stages {
			add(s.At, s.StartAt)
			supplies(s.Env)
			supplies(s.Args)
			ports(s.Expose)
			for _, step := range s.Steps {
				add(step.At)
			}
		}
	}
	supplies(def.Supplies)
	return all
}

// withFiles says that places are told with their files: those of a composition
// are in several.
var withFiles bool

func place(at source.Span) string {
	switch {
	case withFiles && at.Line > 0:
		withFiles = false
		text := at.File + ":" + place(at)
		withFiles = true
		return text
	case at.Line == 0:
		return at.File
	case at.Column == 0:
		return itoa(at.Line)
	}
	return itoa(at.Line) + ":" + itoa(at.Column)
}

func at(span source.Span) string {
	if span.IsZero() {
		return " @-"
	}
	return " @" + place(span)
}

func name(namespace, name string) string {
	if namespace == "" {
		return " " + name
	}
	return " " + namespace + "/" + name
}

func word(what, text string) string {
	if text == "" {
		return ""
	}
	return " " + what + "=" + text
}

func marked(what string, on bool) string {
	if !on {
		return ""
	}
	return " " + what
}

func list(what string, texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return fmt.Sprintf(" %s=%q", what, texts)
}

func labels(what string, m map[string]string) string {
	if m == nil {
		return ""
	}
	s := ""
	for _, key := range slices.Sorted(maps.Keys(m)) {
		s += "," + key + "=" + m[key]
	}
	return " " + what + "={" + strings.TrimPrefix(s, ",") + "}"
}

func number(n int, name string) string {
	if n == 0 {
		return name
	}
	return itoa(n)
}

func itoa(n int) string { return strconv.Itoa(n) }
