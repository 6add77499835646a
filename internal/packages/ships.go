package packages

import (
	"path"
	"slices"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
)

// Ships reports whether something deploys a component: an image is built of it, or
// installs its packages, a workload or a platform runs it, or one in the same
// folder. Where nothing in the tree deploys anything, what starts is deployed by
// something else.
func (ps *Packages) Ships(c *ledger.Component) bool {
	if c.Library {
		return slices.ContainsFunc(ps.Installs(), func(in Install) bool {
			return in.Moment == ledger.Building && in.Manifest != nil && in.Manifest.Dir() == path.Clean(c.Dir)
		}) || slices.ContainsFunc(ps.ledger.Components, func(o *ledger.Component) bool { return o.Dir == c.Dir && !o.Library && ps.Ships(o) }) || ps.within(c)
	}
	if len(c.Production()) > 0 || len(c.Dockerfiles) > 0 || !c.Start.Production.IsZero() {
		return true
	}
	built := false
	for _, b := range ps.ledger.Builds {
		if !b.ForTests() {
			if b.Takes(c) {
				return true
			}
			built = true
		}
	}
	return !built && !c.Start.Local.IsZero() && !slices.ContainsFunc(ps.ledger.Environments, func(e *fact.Environment) bool { return e.IsProduction() })
}
