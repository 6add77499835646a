package fact

import "rehearse/internal/source"

// Extension is a service of another file that a workload is laid over.
type Extension struct {
	File    string // relative to the project's root
	Service string
	At      source.Span
}
