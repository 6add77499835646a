// Package dotenv reads .env files: lines of NAME=value.
//
// There is no standard of them. The rules are those of github.com/joho/godotenv,
// which follows the Ruby original; a line that it does not take is listed as
// not read, and the others hold, as in the loaders of Node and Python.
package dotenv

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"rehearse/internal/fact"
	"rehearse/internal/infra"
	"rehearse/internal/source"
)

// The kinds of the sets.
const (
	Kind        = "dotenv"         // read by something when it starts
	ExampleKind = "dotenv-example" // documentation: it supplies nothing
)

// MaxSize is the largest file that is read, in bytes. An environment of that
// size could not be handed to a process (Linux, ARG_MAX).
const MaxSize = 2 << 20

// Reader reads dotenv files.
type Reader struct{}

var _ infra.Reader = Reader{}

// Format returns "dotenv".
func (Reader) Format() string { return Kind }

// The endings of names that begin as a .env file's do and are something else:
// code, what an editor left, what is encrypted.
var foreign = []string{
	".js", ".ts", ".mjs", ".cjs", ".tsx", ".py", ".rb", ".go", ".php", ".rs", ".java", ".sh", ".nu", ".fish",
	".json", ".yaml", ".yml", ".toml", ".md", ".txt", ".tf", ".nix", ".html", ".j2", ".erb", ".tpl", ".tmpl", ".tftpl",
	".bak", ".old", ".orig", ".swp", ".patch", ".diff", "~", ".enc", ".gpg", ".age", ".vault", ".lock",
}

// Names reports whether path is .env, .env.NAME or NAME.env.
func (Reader) Names(name string) bool {
	base := path.Base(name)
	if base != ".env" && !strings.HasPrefix(base, ".env.") && !strings.HasSuffix(base, ".env") {
		return false
	}
	return !slices.ContainsFunc(foreign, func(end string) bool { return strings.HasSuffix(base, end) })
}

// The parts of a name that say that the file is there to be copied.
var examples = []string{"example", "examples", "sample", "template", "dist", "default", "defaults", "schema"}

// example reports whether the file of that name is documentation.
func example(name string) bool {
	parts := strings.FieldsFunc(strings.ToLower(path.Base(name)), func(r rune) bool { return r == '.' || r == '-' || r == '_' })
	return slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(examples, part) })
}

// Read returns one Set with the variables of the file, named by its path.
func (Reader) Read(_ context.Context, file source.File) (fact.Definition, error) {
	def := fact.Definition{File: file.Path, Format: Kind}
	whole := source.Span{File: file.Path}
	if len(file.Data) > MaxSize {
		return def, &infra.Error{At: whole, Reason: "is larger than 2 MiB"}
	}
	if bytes.IndexByte(file.Data, 0) >= 0 || !utf8.Valid(file.Data) {
		return def, &infra.Error{At: whole, Reason: "is no text in UTF-8"}
	}
	set := fact.Set{Kind: Kind, Name: file.Path, At: whole}
	if example(file.Path) {
		set.Kind = ExampleKind
	}
	var good strings.Builder
	var entries []entry
	for _, e := range scan(file) {
		alone, err := godotenv.Unmarshal(e.text)
		if _, named := alone[e.name]; err != nil || !named || len(alone) != 1 || e.name == "" {
			def.Unread = append(def.Unread, source.Unread{At: e.at, Reason: "is no line of the form NAME=value"})
			continue
		}
		good.WriteString(e.text)
		good.WriteByte('\n')
		entries = append(entries, e)
	}
	// Together once more, since a value may name variables that stand above it.
	values, err := godotenv.Unmarshal(good.String())
	if err != nil {
		return def, &infra.Error{At: whole, Reason: "is not of the form NAME=value"}
	}
	for _, e := range entries {
		set.Supplies = append(set.Supplies, fact.Supply{
			Kind: fact.Variable, Name: e.name, At: e.at, Value: fact.Text(values[e.name]),
		})
	}
	def.Sets = []fact.Set{set}
	return def, nil
}
