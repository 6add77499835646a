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
	Reading  Kind = "read"     // a file or folder that the code reads
	Writing  Kind = "write"    // a file or folder that the code writes, or creates, or keeps something in
	Folder   Kind = "folder"   // a path that the code has under a name, for other files to use
	Program  Kind = "program"  // a program that the code starts
	Package  Kind = "package"  // a package that the code imports and that is none of its own
	State    Kind = "state"    // something kept in the memory of the process, which no copy of it shares
	Timer    Kind = "timer"    // work that the process starts by the clock
	Queue    Kind = "queue"    // a queue or topic that work is put into, or taken from
	Setting  Kind = "setting"  // a value that a file of settings beside the code gives to a variable that the environment does not
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
	Kind Kind
	// Name is, of a variable: its name; call: the host; listen: the port, where
	// known; dotenv: the file; path: the pattern; read, write: the path as the code
	// has it, joined where it is a join of literals; program: what is started;
	// package: what its manifest calls it; setting: the variable, "" where values come
	// from what cannot be seen into; state: what holds it; timer: the schedule
	// or the job; queue: its name.
	Name      string
	At        source.Span
	Text      string // the expression as it stands in the code, one line, at most 120 bytes; never a literal that may be secret
	Phase     Phase
	Necessity Necessity
	Fatal     bool     // the code is seen to give up (exit, panic, throw) where the need is not met
	Default   *string  // variable: the literal default, where there is one and it is known
	Browser   bool     // the code runs in a browser
	Blank     bool     // variable: its default is nothing (null, None), in so many words
	Also      []string // variable, setting: other spellings of the name that its Library takes; of a setting without name, what the variables of others may begin with
	Instead   []string // variable: others of which any one meets the need as well: A || B; call: those that give the address as a whole
	Branch    bool     // variable: it is read in one of several ways that the code may take
	Under     []string // variable: others without which it is not read: if (A) { B }

	// Of a Listen or a Call:
	Scheme   string // call: of the URL (http, postgres, …)
	Host     string // listen: the address bound, "" for every one; call: the host
	Port     int    // 0 where it is not known
	Variable string // the variable that overrides this literal or supplies it whole; "" where none does

	Given bool // call: the address is given to a client where it stands, and not only kept there

	Method string // path: the HTTP method in capitals, "" for any

	// Sort tells, of a state: session, cache, limiter, lock, socket or store; of a
	// write: upload, database, log, temporary or "" for any other; of a queue: put
	// or take; of a timer: database where its work is seen to read rows and then to
	// do what must not be done twice, locked where one process alone does it.
	Sort    string
	Library string // state, write, timer, queue: what it is done with: express-session, multer, celery; "" where by the language itself; variable, setting: whose rules let other spellings of the name do as well: spring, dotnet
	Profile string // setting, and variable of one: it counts only where this profile is active
	Held    string // folder: the name it goes by; write: that of the folder in which Name is, while it is not known
	Beside  bool   // read, write, program: Name is relative to the folder of the file that says it, not to the working directory
}

// FlawKind says what is wrong with a part of a definition.
type FlawKind string

// The kinds of flaws.
const (
	Refused     FlawKind = "refused"     // what the format does not take there: a number where a text is asked for
	Overwritten FlawKind = "overwritten" // said twice; only the last one counts
	Strange     FlawKind = "strange"     // a key that the format does not know
	Undefined   FlawKind = "undefined"   // it refers to what is nowhere defined
)

// Flaw is a part of a definition that cannot mean what it says. Readers take
// note of it where they see it; the checks tell of it.
type Flaw struct {
	Kind     FlawKind
	Name     string // the variable, the key, or what is referred to
	What     string // half a sentence for a person, without values: "value is a number, and the format takes texts alone"
	At       source.Span
	Other    source.Span // the other end, where there is one: the place that hides it, the name that is nearly the same
	Near     string      // Undefined: a name that is defined and nearly the same, which stands at Other
	Workload string      // the workload that it belongs to; "" where none
	Variable string      // the variable that it leaves empty; "" where it does not
	Fatal    bool        // the platform refuses the definition
	Doubt    bool        // it is likely, and not certain
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
