package compose

import (
	"rehearse/internal/fact"
	"rehearse/internal/yaml"
)

// bounds reads how much memory a service may have, and how much is kept for it
// (https://docs.docker.com/reference/compose-file/deploy/#resources).
func (r *reader) bounds(s *yaml.Node) []fact.Bound {
	var all []fact.Bound
	add := func(n *yaml.Node, limit bool) {
		if n.IsNull() {
			return
		}
		if size, ok := fact.Size(r.text(n)); ok && size > 0 {
			all = append(all, fact.Bound{Resource: "memory", Limit: limit, Text: r.text(n), Amount: int64(size), At: n.Place()})
		}
	}
	add(s.Get("deploy", "resources", "limits", "memory"), true)
	add(s.Get("deploy", "resources", "reservations", "memory"), false)
	add(s.Get("mem_limit"), true)
	add(s.Get("mem_reservation"), false)
	return all
}
