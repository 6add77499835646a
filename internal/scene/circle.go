package scene

import (
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
)

// Circle returns a role and those that it may call, directly or through
// another, as far as its code and its variables tell.
func (s *Scene) Circle(r *Role) []*Role {
	circle := []*Role{r}
	for i := 0; i < len(circle); i++ {
		for _, other := range s.Roles {
			if !slices.Contains(circle, other) && s.mayCall(circle[i], other) {
				circle = append(circle, other)
			}
		}
	}
	return circle
}

// mayCall reports whether the code of a role, or the value of a variable, has
// an address of the other: the port that it has locally, or its name.
func (s *Scene) mayCall(r, other *Role) bool {
	host, _ := s.addressOf(other)
	is := func(toHost string, port int) bool {
		return ledger.Loopback(toHost) && port == other.Port || toHost != "" && toHost == host
	}
	for _, n := range r.Component.Of(fact.Call) {
		if is(n.Host, n.Port) {
			return true
		}
	}
	for _, env := range []map[string]Binding{r.localEnv, r.prodEnv} {
		for _, b := range env {
			if is(ledger.HostOf(b.value), ledger.PortOf(b.value)) {
				return true
			}
		}
	}
	return false
}
