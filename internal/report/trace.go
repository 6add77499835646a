package report

import "rehearse/internal/source"

// Trace is the path of one request through the definitions.
type Trace struct {
	Target      string
	Environment string
	Arrives     bool
	Symptom     string // what the caller would see
	Hops        []Hop  // in the order in which the request meets them
}

// Hop is one station of a request.
type Hop struct {
	Hop     string // dns, tls, load-balancer, ingress, mesh, policy, service, endpoints, container, process, route
	Verdict string // ok, broken, unknown, not-reached
	Detail  string
	At      source.Span // zero where nothing says it
}
