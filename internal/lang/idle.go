package lang

// Idle is a Reader of files that need nothing by themselves: a script that
// nothing starts, a template that nothing fills in. What they need is needed
// where a container that starts comes to them.
type Idle interface {
	Reader
	// Idle says so; it does nothing.
	Idle()
}
