// Package fact holds what a project says of itself: what its code needs, what
// its definitions supply, and the environments that these make up. Every fact
// knows where it was said. Nothing here names the types of a vendor.
package fact

import "rehearse/internal/source"

// Kind says what a need or a supply is of.
type Kind string

// The kinds of needs and supplies.
const (
	Variable Kind = "variable" // an environment variable
	Listen   Kind = "listen"   // an address that the process listens on
	Call     Kind = "call"     // an address that the process connects to
	Dotenv   Kind = "dotenv"   // a .env file that the code loads by itself
	Path     Kind = "path"     // an HTTP path that the process serves
)

// Phase says when something is needed or supplied.
type Phase int

// The phases.
const (
	Run   Phase = iota // while the component runs
	Build              // while its image or bundle is built
)

// Necessity says what becomes of the code when a need is not met.
type Necessity int

// The necessities.
const (
	Required  Necessity = iota // read without a default
	Defaulted                  // read with a default, which Need.Default may tell
	Guarded                    // its absence is tested for, and the code goes on without
)

// Need is something the code assumes.
type Need struct {
	Kind      Kind
	Name      string // variable: its name; call: the host; listen: the port, where known; dotenv: the file; path: the pattern
	At        source.Span
	Text      string // the expression as it stands in the code, one line, at most 120 bytes; never a literal that may be secret
	Phase     Phase
	Necessity Necessity
	Fatal     bool     // the code is seen to give up (exit, panic, throw) where the need is not met
	Default   *string  // variable: the literal default, where there is one and it is known
	Browser   bool     // the code runs in a browser
	Instead   []string // variable: others of which any one meets the need as well: A || B

	// Of a Listen or a Call:
	Scheme   string // call: of the URL (http, postgres, …)
	Host     string // listen: the address bound, "" for every one; call: the host
	Port     int    // 0 where it is not known
	Variable string // the variable that overrides this literal or supplies it whole; "" where none does

	Method string // path: the HTTP method in capitals, "" for any
}

// Supply is something that an environment provides.
type Supply struct {
	Kind  Kind
	Name  string
	At    source.Span
	Phase Phase
	Value Value
}

// Difference is one respect in which two environments of a component differ.
// It can be switched on and off on the stage, alone.
type Difference struct {
	Component  string
	Kind       string      // env, file, network, start, service
	Name       string      // the variable, the path, the service, …
	Local      source.Span // where the local end is said; zero where nothing says it
	Production source.Span
}

// String returns the difference as reports name it: "env:DATABASE_URL".
func (d Difference) String() string { return d.Kind + ":" + d.Name }
