package lang

// Idle is a Reader of files that need nothing by themselves: a script that
// nothing starts, a template that nothing fills in. What they need is needed
// where a container that starts comes to them.
type Idle interface {
	Reader
	// Sighted reports whether whoever finds the file in a container reads it as it
	// is: a configuration in which a program itself fills variables in. Any other
	// has to be started, or filled in by another program.
	Sighted(file string) bool
}

// Awake is an Idle reader of which some files are the application's own: it reads
// them when it starts, wherever they lie in the image.
type Awake interface {
	Idle
	// Awake reports whether the file is one of these.
	Awake(file string) bool
}
