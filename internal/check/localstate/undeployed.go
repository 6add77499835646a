package localstate

import (
	"fmt"
	"path"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// production is the environment of an application that no definition here runs,
// and that tells by its own files that it is deployed.
const production = "production"

// undeployed judges the sessions of a component that no definition here runs: a
// store that its documentation keeps from production is wrong wherever that is.
func undeployed(c *ledger.Component) []finding.Finding {
	at := deployed(c)
	if len(c.Production()) > 0 || at.IsZero() {
		return nil
	}
	for _, n := range c.Working(fact.State) {
		why, ok := unfit[n.Library]
		if !ok || n.Sort != "session" {
			continue
		}
		sort := sorts[n.Sort]
		f := doc.Finding(finding.Warning, c.Name, production, n.Library+" "+n.Name)
		f.Message = fmt.Sprintf("%s in the memory of the process: %s", sort.what, why)
		f.Consequence = "every user is logged out by a deployment, and at random as soon as a second copy runs"
		f.Remedy = "use " + sort.instead
		f.Evidence = []finding.Evidence{
			{Role: finding.Need, At: n.At, Text: n.Text},
			{Role: finding.Related, At: at, Environment: production},
		}
		return []finding.Finding{f}
	}
	return nil
}

// deployed returns the line of the component's Procfile that starts it where it
// answers requests.
func deployed(c *ledger.Component) source.Span {
	for _, p := range c.Processes {
		if p.Name == "web" && path.Base(p.Command.At.File) == "Procfile" {
			return p.Command.At
		}
	}
	return source.Span{}
}
