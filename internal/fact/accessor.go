package fact

import (
	"bytes"
	"strings"
)

// Accessor is a function of a project that reads the variable that its caller
// names: mustEnv("DATABASE_URL"), getEnv("PORT", "3000").
type Accessor struct {
	Name      string // without the package or the object that it is reached through
	Variable  int    // which argument is the name of the variable, from 0
	Default   int    // which argument is the default, from 0; -1 where none is
	Necessity Necessity
	Fatal     bool    // it gives up where there is neither the variable nor a default
	Value     *string // Defaulted: the literal that it takes by itself, where it is known

	// Module is the name of the module that exports it, where it is no function
	// but holds all variables under their names: export const env = process.env.
	Module string
}

// Called reports whether code may call the accessor: its name stands there as
// a word, and what opens arguments in some language follows.
func (a Accessor) Called(code []byte) bool {
	if a.Module != "" {
		return bytes.Contains(code, []byte("/"+a.Module)) && bytes.Contains(code, []byte(a.Name+"."))
	}
	for {
		i := bytes.Index(code, []byte(a.Name))
		if i < 0 {
			return false
		}
		inside := i > 0 && letter(code[i-1])
		code = code[i+len(a.Name):]
		behind := bytes.TrimLeft(code, " \t\r\n")
		if !inside && len(behind) > 0 && strings.IndexByte("(<!?\"'`", behind[0]) >= 0 {
			return true
		}
		// Ruby: fetch_env :NAME
		if !inside && len(behind) < len(code) && bytes.HasPrefix(behind, []byte(":")) {
			return true
		}
	}
}

func letter(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
