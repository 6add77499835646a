package compose

import (
	"strings"

	"github.com/mattn/go-shellwords"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// service reads what a service itself says.
func (r *reader) service(pair yaml.Pair) fact.Workload {
	s := pair.Value
	for _, p := range s.Pairs() {
		if tag := p.Value.Tag(); tag == "!reset" || tag == "!override" {
			r.unread(p.Key.At, tag+" is not read: what it takes away still counts")
		}
	}
	w := fact.Workload{
		Name: pair.Name(), Kind: "service", At: pair.Key.At, EnvAt: first(s.KeyAt("environment"), pair.Key.At),
		Image: r.text(s.Get("image")), WorkDir: r.text(s.Get("working_dir")), User: r.text(s.Get("user")),
		Profiles: s.Get("profiles").Texts(), Labels: r.labels(s.Get("labels")),
		Command: r.words(s.Get("entrypoint")), Args: r.words(s.Get("command")),
		StartAt: first(s.KeyAt("command"), s.KeyAt("entrypoint")), ReadOnly: s.Get("read_only").True(),
	}
	w.Bounds = r.bounds(s)
	w.Build = r.build(s)
	w.Supplies = r.variables(s.Get("environment"), fact.Run)
	r.flawed(pair.Name(), s)
	w.Imports = r.envFiles(s.Get("env_file"))
	w.Ports = append(r.ports(s.Get("ports")), r.exposed(s.Get("expose"))...)
	w.Mounts = r.mounts(s)
	r.network(&w, s)
	for _, n := range []*yaml.Node{s.Get("scale"), s.Get("deploy", "replicas")} {
		if count, ok := yaml.Number(r.text(n)); ok {
			w.Replicas, w.ReplicasAt = count, n.At
		}
	}
	if probe, ok := r.health(s.Get("healthcheck"), s.KeyAt("healthcheck")); ok {
		w.Probes = []fact.Probe{probe}
	}
	return w
}

func (r *reader) build(s *yaml.Node) *fact.BuildFrom {
	n := s.Get("build")
	if n.IsNull() {
		return nil
	}
	b := &fact.BuildFrom{At: s.KeyAt("build"), Context: r.text(n)}
	file := "Dockerfile"
	if n.IsMap() {
		b.Context, b.Target = r.text(n.Get("context")), r.text(n.Get("target"))
		b.Args = r.variables(n.Get("args"), fact.Build)
		if said := r.text(n.Get("dockerfile")); said != "" {
			file = said
		}
		if !n.Get("dockerfile_inline").IsNull() {
			r.unread(n.KeyAt("dockerfile_inline"), "a Dockerfile within a compose file is not read")
			file = ""
		}
	}
	if b.Context == "" {
		b.Context = "."
	}
	if file != "" && !remote(b.Context) {
		b.Dockerfile = r.path(join(b.Context, file))
	}
	b.Context = r.path(b.Context)
	return b
}

func join(dir, file string) string {
	if strings.HasPrefix(file, "/") {
		return file
	}
	return dir + "/" + file
}

// variables returns those of environment, args: a mapping, or a list of
// NAME=value and of NAME alone.
func (r *reader) variables(n *yaml.Node, phase fact.Phase) []fact.Supply {
	var supplies []fact.Supply
	index := map[string]int{}
	add := func(name string, at source.Span, value fact.Value) {
		supply := fact.Supply{Kind: fact.Variable, Name: name, At: at, Phase: phase, Value: value}
		if i, twice := index[name]; twice {
			supplies[i] = supply // the last counts
			return
		}
		index[name] = len(supplies)
		supplies = append(supplies, supply)
	}
	for _, pair := range n.Pairs() {
		value := fact.Passed(pair.Name())
		switch {
		case pair.Value.IsScalar():
			value = r.value(pair.Value.Text(), pair.Value.At)
		case !pair.Value.IsNull():
			r.unread(pair.Key.At, "the variable "+pair.Name()+" is neither a text nor a number")
			continue
		}
		add(pair.Name(), pair.Key.At, value)
	}
	for _, item := range n.Items() {
		name, text, assigned := strings.Cut(item.Text(), "=")
		switch {
		case name == "" || strings.ContainsAny(name, "${}"):
			r.unread(item.At, "a variable whose name cannot be told")
		case assigned:
			add(name, item.At, r.value(text, item.At))
		default:
			add(name, item.At, fact.Passed(name))
		}
	}
	if n.IsScalar() {
		r.unread(n.At, "variables that are neither a mapping nor a list")
	}
	return supplies
}

func (r *reader) value(text string, at source.Span) fact.Value {
	t, ok := parse(text, 0)
	if !ok {
		r.unread(at, "a $ that begins no variable: compose refuses the file, unless it is written $$")
		return fact.Unknowable("it is not of the form that compose reads")
	}
	return t.value()
}

// envFiles returns the files of env_file: one, or a list of paths and of
// mappings.
func (r *reader) envFiles(n *yaml.Node) []fact.Import {
	items := n.Items()
	if n.IsScalar() || n.IsMap() {
		items = []*yaml.Node{n}
	}
	var all []fact.Import
	for _, item := range items {
		file, optional := item, false
		if item.IsMap() {
			file = item.Get("path")
			optional = item.Get("required").Text() == "false"
		}
		if !file.IsScalar() {
			r.unread(item.At, "an env_file without a path")
			continue
		}
		all = append(all, fact.Import{Ref: fact.Ref{Kind: "dotenv", Name: r.path(r.text(file)), Optional: optional}, At: file.At})
	}
	return all
}

// words returns a command: a list, or a text that compose splits as a shell
// would, without running one. It is nil where none is said.
func (r *reader) words(n *yaml.Node) []string {
	if n.IsNull() || n.IsMap() {
		return nil
	}
	if n.IsList() {
		words := []string{}
		for _, item := range n.Items() {
			words = append(words, r.text(item))
		}
		return words
	}
	words, err := shellwords.Parse(r.text(n))
	if err != nil {
		r.unread(n.At, "a command whose words cannot be told apart")
		return nil
	}
	if words == nil {
		words = []string{} // it takes the image's away
	}
	return words
}

func (r *reader) labels(n *yaml.Node) map[string]string {
	if n.IsNull() {
		return nil
	}
	labels := map[string]string{}
	for _, pair := range n.Pairs() {
		labels[pair.Name()] = r.text(pair.Value)
	}
	for _, item := range n.Items() {
		name, value, _ := strings.Cut(r.text(item), "=")
		labels[name] = value
	}
	return labels
}

// network reads whom the service can reach, and under which names it is
// reached besides its own.
func (r *reader) network(w *fact.Workload, s *yaml.Node) {
	w.DependsOn = names(s.Get("depends_on"))
	for _, link := range s.Get("links").Texts() {
		name, alias, _ := strings.Cut(link, ":")
		w.DependsOn = append(w.DependsOn, name)
		r.aliases[name] = append(r.aliases[name], alias)
	}
	w.DependsOn = distinct(w.DependsOn)
	w.Networks = names(s.Get("networks"))
	for _, pair := range s.Get("networks").Pairs() {
		w.Aliases = append(w.Aliases, pair.Value.Get("aliases").Texts()...)
	}
	w.Aliases = distinct(append(w.Aliases, r.text(s.Get("container_name")), r.text(s.Get("hostname"))))
	switch mode := r.text(s.Get("network_mode")); {
	case mode == "host":
		w.HostNet = true
	case mode == "none":
		w.Networks = []string{}
	case strings.HasPrefix(mode, "service:"):
		w.Networks = []string{mode}
	}
}

// names returns the items of a list or the keys of a mapping.
func names(n *yaml.Node) []string {
	all := n.Texts()
	for _, pair := range n.Pairs() {
		all = append(all, pair.Name())
	}
	return all
}

func (r *reader) health(n *yaml.Node, at source.Span) (fact.Probe, bool) {
	probe := fact.Probe{Kind: "healthcheck", At: at}
	test := n.Get("test")
	if n.Get("disable").True() || test.IsNull() {
		return probe, false
	}
	if test.IsScalar() {
		probe.Command = []string{"/bin/sh", "-c", r.text(test)}
		return probe, true
	}
	words := r.words(test)
	if len(words) == 0 || words[0] == "NONE" {
		return probe, false
	}
	if words[0] == "CMD-SHELL" {
		probe.Command = []string{"/bin/sh", "-c", strings.Join(words[1:], " ")}
		return probe, true
	}
	probe.Command = words
	if words[0] == "CMD" {
		probe.Command = words[1:]
	}
	return probe, true
}

func first(spans ...source.Span) source.Span {
	for _, at := range spans {
		if !at.IsZero() {
			return at
		}
	}
	return source.Span{}
}
