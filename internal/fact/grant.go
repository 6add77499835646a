package fact

import "rehearse/internal/source"

// Use is something of a cloud that a workload is told of, and that its identity
// has to be let at: a secret, a queue, a table.
type Use struct {
	Resource string // its address in the definition
	Kind     string // what grants call it: secretsmanager, ssm, s3, sqs, sns, dynamodb
	Name     string // the variable by which the workload is told of it
	At       source.Span
	Starts   bool // without it the platform does not start the workload
	By       *Identity
}

// Identity is whom a workload acts as on a cloud, with what it is granted.
type Identity struct {
	Address string
	At      source.Span
	Whole   bool // nothing outside of the definition grants it more, as far as it tells
	Granted []Granted
}

// Granted is a resource that an identity is let at.
type Granted struct {
	Kind     string // as Use.Kind
	Resource string // its address; "*" for every one
	At       source.Span
}
