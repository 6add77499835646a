// Package prisma reads the variables that a schema of Prisma takes from the
// environment (https://www.prisma.io/docs/orm/reference/prisma-schema-reference,
// "datasource" and "Environment variables").
package prisma

import (
	"bytes"
	"context"
	"regexp"

	"rehearse/internal/fact"
	"rehearse/internal/lang"
	"rehearse/internal/source"
	"rehearse/internal/syntax/pattern"
)

// Reader reads schemas of Prisma.
type Reader struct{}

var _ lang.Follower = Reader{}

// Language returns "prisma".
func (Reader) Language() string { return "prisma" }

// Extensions returns ".prisma".
func (Reader) Extensions() []string { return []string{".prisma"} }

// Triggers returns the call without which a schema reads nothing.
func (Reader) Triggers() []string { return []string{"env("} }

// maxSize is the largest schema that is read, in bytes: the largest known have
// some 100 KB.
const maxSize = 4 << 20

var (
	block = regexp.MustCompile(`^\s*(datasource|generator|model|enum|type|view)\s+\w+\s*\{`)
	call  = regexp.MustCompile(`^\s*(\w+)\s*=\s*(env\(\s*"([A-Za-z_][A-Za-z0-9_]*)"\s*\))`)
)

// Read returns what the datasources of the schema read: the client gives up
// where the variable of its address is missing. The address that only
// migrations go to is optional for it.
func (Reader) Read(_ context.Context, file source.File) ([]fact.Need, error) {
	if len(file.Data) > maxSize {
		return nil, lang.ErrLarge
	}
	var needs []fact.Need
	inside := false
	number := 0
	for line := range bytes.Lines(file.Data) {
		number++
		if m := block.FindSubmatch(line); m != nil {
			inside = string(m[1]) == "datasource"
		}
		if !inside {
			continue
		}
		m := call.FindSubmatchIndex(line)
		if m == nil {
			continue
		}
		need := fact.Need{
			Kind: fact.Variable, Name: string(line[m[6]:m[7]]), Text: pattern.Excerpt(string(line[m[4]:m[5]])),
			At: source.Span{File: file.Path, Line: number, Column: m[4] + 1},
		}
		switch string(line[m[2]:m[3]]) {
		case "url":
			need.Fatal = true
		default: // directUrl, shadowDatabaseUrl: what migrations use, and nothing else
			need.Necessity = fact.Guarded
		}
		needs = append(needs, need)
	}
	return needs, nil
}

// Accessors returns none: a schema has no functions.
func (Reader) Accessors(context.Context, source.File) ([]fact.Accessor, error) { return nil, nil }

// ReadWith is Read: nothing of the project can be called in a schema.
func (r Reader) ReadWith(ctx context.Context, file source.File, _ []fact.Accessor) ([]fact.Need, error) {
	return r.Read(ctx, file)
}
