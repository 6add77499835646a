package fact

import "rehearse/internal/source"

// Definition is what one file of definitions says.
type Definition struct {
	File      string
	Format    string // dotenv, dockerfile, compose, kubernetes, github-actions, …
	Workloads []Workload
	Sets      []Set
	Services  []Service
	Routes    []Route
	Images    []Image
	Builds    []Built
	Volumes   []Volume
	Scalers   []Scaler
	Objects   []Object  // everything that is declared under a name, where the format refers to such
	Mentions  []Mention // what is named and is not in the definition itself, other than in workloads
	Supplies  []Supply  // to whatever uses this file as a whole
	Flaws     []Flaw
	// Environment names the environment that the definition says it is for: a stage,
	// a file of variables; "" where only its path can tell.
	Environment string
	Overrides   bool // laid over the file that it is named after, when both are used without being asked for (compose.override.yaml)
	Unread      []source.Unread
}

// Workload is a container or process that a definition has run.
type Workload struct {
	Name      string      // "api"
	Kind      string      // as its format calls it: Deployment, service, job, …
	Namespace string      // "" where none is said
	Container string      // the container's name, where a workload has several
	At        source.Span // where the workload is declared
	EnvAt     source.Span // where a missing variable would be added
	Init      bool        // it runs to its end before the others start
	Once      bool        // a job: it is to end
	Profiles  []string    // started only when one of these is asked for

	Image    string // as written; "" where only Build says it
	Build    *BuildFrom
	Platform string   // what runs it, where that gives variables by itself: lambda, ecs, cloud-run, heroku, …
	Code     string   // where no image is named and the platform runs or builds what is there: the folder, relative to the project's root
	Entry    string   // of a function: the file in which its code starts, relative to the project's root, with or without its ending
	Command  []string // replaces the image's entrypoint; nil where it does not
	Args     []string // replaces the image's command; nil where it does not
	WorkDir  string
	User     string
	StartAt  source.Span // where the command or the arguments are said

	Replicas   int // at least 1
	ReplicasAt source.Span
	Labels     map[string]string
	Ports      []Port // what it listens on, as declared
	Supplies   []Supply
	Imports    []Import
	Mounts     []Mount
	DependsOn  []string // names of workloads of the same environment
	Networks   []string
	Aliases    []string   // further host names that it answers to
	HostNet    bool       // it shares the network of the machine
	Extends    *Extension // what it is laid over; nil where nothing of another file
	Together   bool       // all its copies run on one machine
	Unlinked   bool       // it is not told of the services of its environment in variables
	Probes     []Probe
	Uses       []Use  // of its cloud, as far as the definition tells whom it acts as
	Needs      []Need // what the platform itself asks of the image: files that it serves, programs that it runs
	ReadOnly   bool   // the root filesystem cannot be written to
	Rolling    bool   // when it is deployed anew, a new copy starts before an old one ends
	Bounds     []Bound
}

// BuildFrom says how the image of a workload is built.
type BuildFrom struct {
	Context    string // relative to the project's root
	Dockerfile string // relative to the project's root
	Target     string
	Args       []Supply
	At         source.Span
}

// Port is a port of a workload or of a service.
type Port struct {
	Name      string
	Number    int    // what is listened on; 0 where a name or variable stands there
	Target    int    // service: where the traffic goes, 0 where TargetName tells; compose: the container's port
	TargetRef string // service: the name of the container's port
	Published int    // compose: the port of the machine; 0 where it is not published
	At        source.Span
	TargetAt  source.Span
}

// Import takes every variable of a set into a workload.
type Import struct {
	Ref    Ref // without a key
	Prefix string
	At     source.Span
}

// Mount puts something into the filesystem of a workload.
type Mount struct {
	Path       string // in the container
	Source     string // the volume's, claim's or set's name, or a path relative to the project's root
	From       string // of a step of a Dockerfile: the stage or image that Source is in; "" the build context
	Kind       string // bind, volume, claim, set, tmpfs, other
	Persistent bool   // what is written outlives the container
	ReadOnly   bool
	At         source.Span
}

// Probe is a request or command by which the platform asks for health.
type Probe struct {
	Kind    string // liveness, readiness, startup, healthcheck
	Scheme  string
	Path    string
	Port    int
	PortRef string
	Command []string
	At      source.Span
}

// Set is a named set of variables or files: a ConfigMap, a Secret, an env file.
type Set struct {
	Kind      string // as Ref.Kind
	Name      string // as Ref.Name; a dotenv file's path
	Namespace string
	At        source.Span
	Supplies  []Supply
	Open      bool // it may have keys that the file does not tell: generated, encrypted, filled elsewhere
}

// Service is a name that forwards to workloads.
type Service struct {
	Name      string
	Namespace string
	Kind      string // as its format calls it
	At        source.Span
	Selector  map[string]string // nil: no workload is selected by labels
	Ports     []Port
	External  string // a name elsewhere, which it stands for
	Headless  bool
	Sticky    bool // a client always reaches the same copy
}

// Route sends requests from outside to a service.
type Route struct {
	Name       string
	Namespace  string
	Host       string // "" for every host
	Path       string
	PathType   string // Exact, Prefix, ImplementationSpecific
	Service    string
	Port       int
	PortRef    string
	TLS        bool
	At         source.Span
	BackendAt  source.Span
	Annotation map[string]string
}
