package fact

// Origin says where the value of a supply comes from.
type Origin int

// The origins.
const (
	Literal     Origin = iota // it stands there
	Reference                 // a key of a Set: a ConfigMap, a Secret, …
	PassThrough               // the variable of the same name in the surrounding environment
	Template                  // a text over variables of the surrounding environment
	Computed                  // known only when the definition is used: a field of the pod, an expression
)

// Value is the value of a supply. It may be secret, so it prints as "…": only
// Reveal gives it away, and only the stage has a reason to ask.
type Value struct {
	Origin Origin
	Ref    Ref    // of a Reference
	Vars   []Var  // of a Template or a PassThrough: what it is made of
	Why    string // of a Computed: what computes it

	text string
}

// Ref names a key of a set.
type Ref struct {
	Kind     string // as the format calls it: ConfigMap, Secret, dotenv, …
	Name     string
	Key      string
	Optional bool
}

// Var is a variable in a template.
type Var struct {
	Name     string
	Default  *string // what it is where it is unset
	Required bool    // the definition refuses to go on where it is unset
}

// Text returns a literal value.
func Text(text string) Value { return Value{Origin: Literal, text: text} }

// From returns the value that the key of a set has.
func From(ref Ref) Value { return Value{Origin: Reference, Ref: ref} }

// Passed returns the value of the variable of that name in the surrounding
// environment.
func Passed(name string) Value {
	return Value{Origin: PassThrough, Vars: []Var{{Name: name}}}
}

// Interpolated returns a value made of text, in which the syntax of the format
// names vars. The text is kept with $$ for a dollar and ${NAME} for a variable
// whatever the format writes.
func Interpolated(text string, vars ...Var) Value {
	return Value{Origin: Template, Vars: vars, text: text}
}

// Unknowable returns a value that is known only when the definition is used.
func Unknowable(why string) Value { return Value{Origin: Computed, Why: why} }

// Reveal returns the text of a Literal or a Template. It may be secret: it
// goes to a process on the stage and nowhere else.
func (v Value) Reveal() string { return v.text }

// Empty reports whether v is the literal empty text.
func (v Value) Empty() bool { return v.Origin == Literal && v.text == "" }

// String returns "…", so that no value is printed by accident.
func (v Value) String() string { return "…" }

// GoString is String, for %#v.
func (v Value) GoString() string { return "…" }
