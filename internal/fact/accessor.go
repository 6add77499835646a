package fact

// Accessor is a function of a project that reads the variable that its caller
// names: mustEnv("DATABASE_URL"), getEnv("PORT", "3000").
type Accessor struct {
	Name      string // without the package or the object that it is reached through
	Variable  int    // which argument is the name of the variable, from 0
	Default   int    // which argument is the default, from 0; -1 where none is
	Necessity Necessity
	Fatal     bool    // it gives up where there is neither the variable nor a default
	Value     *string // Defaulted: the literal that it takes by itself, where it is known
}
