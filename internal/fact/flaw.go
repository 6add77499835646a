package fact

// Further kinds of flaws, of values that are taken and are not what was meant.
const (
	Garbled    FlawKind = "garbled"    // the value arrives with something that belongs to its notation: quotes, a line break
	Unexpanded FlawKind = "unexpanded" // a variable is named in a way that the format does not fill in
)
