// Package imports finds what files of code import. It reads over the bytes of a
// file once, with as much of the language's grammar as tells code from comments
// and texts, and parses nothing: whole trees of files can be asked in the time
// that it takes to read them.
package imports

import "bytes"

// Import is one import of a file.
type Import struct {
	Name    string // as it is written: "./a", "@scope/pkg/file", "yaml.nodes", "..models"
	Offset  int    // in the file
	Form    Form
	Types   bool     // only for its types: nothing is loaded
	Guarded bool     // the code goes on where it cannot be loaded
	Lazy    bool     // loaded when a function or branch comes to it, not with the file
	Binds   []string // the names that it gives to what is imported
	End     int      // where the statement ends
}

// Form is how something is imported.
type Form int

// The forms.
const (
	Statement Form = iota // import x from "y", export * from "y", from y import x
	Alone                 // import "y"
	Require               // require("y"), require.resolve("y")
	Dynamic               // import("y")
)

// The bounds of what is said of one file; those that people write stay far below
// them.
const (
	maxImports = 2_000
	maxBinds   = 16 // names of an import that are looked for
)

// Line returns the line and the column of an offset in a file, from 1.
func Line(data []byte, offset int) (line, column int) {
	before := data[:min(offset, len(data))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

func letter(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == '$' || b >= 0x80
}

func part(b byte) bool { return letter(b) || b >= '0' && b <= '9' }

func blank(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }
