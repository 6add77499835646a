package compose

import (
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// long are the keys of an entry of a list of a service that is a mapping and no
// text (https://github.com/compose-spec/compose-spec/blob/main/05-services.md).
// Compose refuses a file with another one: mostly it is a text in which a space
// follows the colon.
var long = map[string][]string{
	"environment": {},
	"volumes":     {"type", "source", "target", "read_only", "consistency", "bind", "volume", "tmpfs", "image", "cluster"},
	"ports":       {"name", "target", "published", "host_ip", "protocol", "app_protocol", "mode"},
}

// shaped takes note of entries that are mappings where the format takes a text.
func (r *reader) shaped(service string, s *yaml.Node) {
	for _, key := range []string{"environment", "volumes", "ports"} {
		for _, item := range s.Get(key).Items() {
			for _, pair := range item.Pairs() {
				if slices.Contains(long[key], pair.Name()) || strings.HasPrefix(pair.Name(), "x-") || pair.Name() == "<<" {
					continue
				}
				r.flaw(fact.Flaw{
					Kind: fact.Strange, Name: pair.Name(), At: item.At, Workload: service, Fatal: true,
					What: "it stands in the list " + key + " as a mapping, which compose refuses: a text has no space behind the colon",
				})
				break
			}
		}
	}
}

// lists takes note of what stands at the top as a list and is to be a mapping
// (https://github.com/compose-spec/compose-spec/blob/main/07-volumes.md).
func (r *reader) lists() {
	for _, key := range []string{"services", "volumes", "networks", "secrets", "configs"} {
		if n := r.root.Get(key); n.IsList() {
			r.flaw(fact.Flaw{Kind: fact.Strange, Name: key, At: n.At, Fatal: true, What: "it is a list, which compose refuses: it is to be a mapping by name"})
		}
	}
}
