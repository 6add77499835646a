package compose

import (
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// mentions takes down what the file declares under a name and what its services
// name: Compose refuses a project in which a name is not declared
// (https://github.com/compose-spec/compose-spec/blob/main/05-services.md).
func (r *reader) mentions() {
	for _, of := range []struct{ key, kind string }{
		{"services", "service"}, {"volumes", "volume"}, {"networks", "network"}, {"secrets", "secret"}, {"configs", "config"},
	} {
		for _, pair := range r.root.Get(of.key).Pairs() {
			r.def.Objects = append(r.def.Objects, fact.Object{Kind: of.kind, Name: pair.Name(), At: pair.Key.At})
		}
	}
	if len(includes(r.root.Get("include"))) > 0 {
		return // what it names may be declared there
	}
	for _, pair := range r.root.Get("services").Pairs() {
		r.mentioned(pair.Name(), pair.Value)
	}
}

func (r *reader) mentioned(service string, s *yaml.Node) {
	name := func(by, kind string, n *yaml.Node, text string, optional bool) {
		if text == "" || strings.ContainsAny(text, "${}") {
			return
		}
		r.def.Mentions = append(r.def.Mentions, fact.Mention{
			Ref: fact.Ref{Kind: kind, Name: text, Optional: optional}, By: by, Workload: service, At: n.At,
		})
	}
	// Lists of names, and mappings of which the keys are.
	all := func(by, kind string, n *yaml.Node) {
		for _, item := range n.Items() {
			text := item.Text()
			if item.IsMap() {
				text = item.Get("source").Text()
			}
			name(by, kind, item, text, false)
		}
		for _, pair := range n.Pairs() {
			name(by, kind, pair.Key, pair.Name(), pair.Value.Get("required").IsScalar() && !pair.Value.Get("required").True())
		}
	}
	all("depends_on", "service", s.Get("depends_on"))
	for _, link := range s.Get("links").Items() {
		to, _, _ := strings.Cut(link.Text(), ":")
		name("links", "service", link, to, false)
	}
	for _, key := range []string{"network_mode", "ipc", "pid"} {
		if to, ok := strings.CutPrefix(s.Get(key).Text(), "service:"); ok {
			name(key, "service", s.Get(key), to, false)
		}
	}
	for _, key := range []string{"networks", "secrets", "configs"} {
		all(key, strings.TrimSuffix(key, "s"), s.Get(key))
	}
	for _, v := range s.Get("volumes").Items() {
		if v.IsMap() {
			if kind := v.Get("type").Text(); kind == "volume" {
				name("volumes", "volume", v, v.Get("source").Text(), false)
			}
			continue
		}
		from, _, mounted := strings.Cut(v.Text(), ":")
		if mounted && isName(from) {
			name("volumes", "volume", v, from, false)
		}
	}
}

// isName reports whether the source of a volume is the name of one, and no path:
// of one letter it is a drive of Windows.
func isName(source string) bool {
	return len(source) > 1 && !strings.ContainsAny(source, `/\.~$`)
}
