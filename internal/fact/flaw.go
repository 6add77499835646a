package fact

// Further kinds of flaws, of values that are taken and are not what was meant.
const (
	Garbled    FlawKind = "garbled"    // the value arrives with something that belongs to its notation: quotes, a line break
	Unexpanded FlawKind = "unexpanded" // a variable is named in a way that the format does not fill in
)

// Malformed is a value that is to be of another format and is not: JSON of a
// ConfigMap.
const Malformed FlawKind = "malformed"

// Unscoped is a variable that is set, but not where it is used: an argument of
// another stage of a Dockerfile, or above its first FROM.
const Unscoped FlawKind = "unscoped"
